import { type Optional, readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { cat } from '../ops/join';
import { withGrad } from '../tensor/context';
import { zeros } from '../tensor/creation';
import { tidy, unscoped } from '../tensor/memory';
import { Tensor } from '../tensor/tensor';
import { Batches } from './batches';
import { checkUsual } from './check';
import { Optimizer, type OptionsOf, type Params } from './optimizer';
import { usualScalars } from './rule';
import { type Entries, numberOf, type State } from './stateDict';
import { type Point, strongWolfe } from './strongWolfe';

const DEFAULTS = {
  lr: 1,
  maxIter: 20,
  maxEval: null as number | null,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null as 'strong_wolfe' | null,
};
type Options = typeof DEFAULTS;
export type LBFGSOptions = OptionsOf<Options>;

/** What is kept from one call of step to the next, for all parameters together. */
interface History {
  funcEvals: number;
  nIter: number;
  /** The last direction, and how far it was followed. */
  d: Tensor | null;
  t: number;
  /** The last changes of the gradient and of the parameters, and 1 over their products. */
  oldDirs: Tensor[];
  oldStps: Tensor[];
  ro: Tensor[];
  hDiag: Tensor | number;
  prevFlatGrad: Tensor | null;
  prevLoss: number;
  al: (Tensor | null)[] | null;
}

/** Where a step is: the loss and the gradient, all parameters' behind one another. */
interface Place {
  loss: number;
  grad: Tensor;
}

/**
 * Limited-memory BFGS, which evaluates `closure` several times a step, with fixed step lengths or, with
 * `lineSearchFn: 'strong_wolfe'`, a line search. For small problems and whole batches; one parameter group only; it reads the loss
 * back. See torch.optim.LBFGS.
 */
export class LBFGS extends Optimizer<Options> {
  constructor(params: Params<LBFGSOptions>, ...rest: Optional<'lr', number | Tensor, LBFGSOptions>) {
    const options = readArgs('LBFGS', rest, DEFAULTS as Options);
    super(params as Params<Options>, { ...options, maxEval: options.maxEval ?? Math.floor((options.maxIter * 5) / 4) });
    if (this.paramGroups.length === 1) return;
    throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  private get _params(): Tensor[] {
    return this.paramGroups[0]!.params;
  }

  private _history(): History {
    const history = this.state.get(this._params[0]!);
    if (Object.keys(history).length === 0) Object.assign(history, historyOf({}));
    return history as History;
  }

  protected override takeStep<R>(closure?: () => R): R {
    if (!closure) throw new TypeError("LBFGS.step() missing 1 required positional argument: 'closure'");
    const evaluate = () => withGrad(true, closure);
    // What is kept from step to step outlives a scope that the program may be in.
    return withGrad(false, () => unscoped(() => this._minimize(evaluate)));
  }

  private _minimize<R>(closure: () => R): R {
    const { maxIter, toleranceGrad, ...group } = this.paramGroups[0]!;
    const history = this._history();
    const first = closure();
    let place: Place = { loss: lossOf(first), grad: this._flatGrad() };
    let evaluations = 1;
    history.funcEvals++;
    if (largest(place.grad) <= toleranceGrad) return first;
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      history.nIter++;
      follow(history, place, group.historySize);
      const { loss } = place;
      history.t = history.nIter === 1 ? firstStep(place.grad, group.lr) : group.lr;
      const slope = place.grad.dot(history.d!).item();
      if (slope > -group.toleranceChange) break;
      const last = iteration === maxIter;
      const moved = this._move(closure, history, { ...place, t: 0, slope }, group.maxEval! - evaluations, last);
      place = moved.place;
      evaluations += moved.evaluations;
      history.funcEvals += moved.evaluations;
      if (last || evaluations >= group.maxEval! || largest(place.grad) <= toleranceGrad) break;
      if (largest(history.d!.mul(history.t)) <= group.toleranceChange) break;
      if (Math.abs(place.loss - loss) < group.toleranceChange) break;
    }
    return first;
  }

  /** Follows the direction, by line search or as far as `history.t` says; evaluates there unless it is for the last time. */
  private _move(
    closure: () => unknown,
    history: History,
    start: Point,
    maxEvaluations: number,
    last: boolean,
  ): { place: Place; evaluations: number } {
    const { lineSearchFn, toleranceChange } = this.paramGroups[0]!;
    const d = history.d!;
    if (lineSearchFn === null) {
      this._advance(history.t, d);
      if (last) return { place: start, evaluations: 0 };
      return { place: { loss: lossOf(closure()), grad: this._flatGrad() }, evaluations: 1 };
    }
    if (lineSearchFn !== 'strong_wolfe') throw new RuntimeError("only 'strong_wolfe' is supported");
    const from = this._params.map((p) => p.clone());
    const evaluate = (t: number) => {
      this._advance(t, d);
      const loss = lossOf(closure());
      const grad = this._flatGrad();
      this._params.forEach((p, i) => void p.copy_(from[i]!));
      return { t, loss, grad, slope: grad.dot(d).item() };
    };
    const search = { evaluate, start, t: history.t, norm: largest(d), toleranceChange, maxEvaluations };
    const { point, evaluations } = strongWolfe(search);
    history.t = point.t;
    this._advance(point.t, d);
    return { place: point, evaluations };
  }

  /** Moves the parameters by t · d. */
  private _advance(t: number, d: Tensor): void {
    tidy(() => {
      const batches = new Batches();
      const scalars = { key: t, numbers: () => usualScalars({ lr: -t }) };
      let offset = 0;
      for (const p of this._params) {
        const part = d.narrow(0, offset, p.numel()).reshape([...p.shape]);
        offset += p.numel();
        batches.around(p, () => batches.add(p, part, { kernel: 'Sgd', slots: [] }, scalars));
      }
      batches.run();
    });
  }

  private _flatGrad(): Tensor {
    const flat = this._params.map((p) => (p.grad ? p.grad.detach().reshape(-1) : zeros(p.numel())));
    return flat.length === 1 ? flat[0]!.clone() : cat(flat);
  }

  protected override exportState(state: State): Entries {
    const { funcEvals, nIter, al, d, t, oldDirs, oldStps, ro, hDiag, prevFlatGrad, prevLoss } = state as History;
    const counts = { funcEvals, nIter, ...(al ? { al } : {}) };
    return d ? { ...counts, d, t, oldDirs, oldStps, ro, H_diag: hDiag, prevFlatGrad, prevLoss } : counts;
  }

  protected override importState({ HDiag, ...entries }: Entries): State {
    return historyOf({ ...entries, hDiag: HDiag ?? 1 });
  }

  /** The slots are as long as all parameters together. */
  protected override slotShape(): readonly number[] {
    return [this._params.reduce((sum, p) => sum + p.numel(), 0)];
  }
}

function historyOf(entries: Entries): History {
  const empty = { oldDirs: [], oldStps: [], ro: [], hDiag: 1, d: null, prevFlatGrad: null, al: null };
  const [funcEvals, nIter, t, prevLoss] = ['funcEvals', 'nIter', 't', 'prevLoss'].map((name) =>
    numberOf(entries[name]),
  );
  const numbers = { funcEvals, nIter, t, prevLoss };
  return { ...empty, ...entries, ...numbers } as unknown as History;
}

/** Takes what the last step showed into the history, and sets the new direction. */
function follow(history: History, { loss, grad }: Place, historySize: number): void {
  if (history.nIter === 1) history.d = grad.neg();
  else {
    const y = grad.sub(history.prevFlatGrad!);
    const s = history.d!.mul(history.t);
    const ys = y.dot(s);
    if (ys.item() > 1e-10) {
      if (history.oldDirs.length === historySize)
        for (const list of [history.oldDirs, history.oldStps, history.ro]) list.shift();
      history.oldDirs.push(y);
      history.oldStps.push(s);
      history.ro.push(ys.reciprocal());
      history.hDiag = ys.div(y.dot(y));
    }
    history.al ??= new Array<null>(historySize).fill(null);
    history.d = direction(history, grad, history.al);
  }
  history.prevFlatGrad = grad;
  history.prevLoss = loss;
}

/** The two-loop recursion: the approximate inverse Hessian times the gradient. */
function direction({ oldDirs, oldStps, ro, hDiag }: History, grad: Tensor, al: (Tensor | null)[]): Tensor {
  const { d, weights } = tidy(() => {
    const q = grad.neg();
    const weights: Tensor[] = [];
    for (let i = oldDirs.length - 1; i >= 0; i--) {
      weights[i] = oldStps[i]!.dot(q).mul(ro[i]!);
      q.sub_(oldDirs[i]!.mul(weights[i]!));
    }
    const d = q.mul(hDiag);
    for (let i = 0; i < oldDirs.length; i++) {
      const back = oldDirs[i]!.dot(d).mul(ro[i]!);
      d.sub_(oldStps[i]!.mul(back.sub(weights[i]!)));
    }
    return { d, weights };
  });
  weights.forEach((weight, i) => {
    al[i] = weight;
  });
  return d;
}

function firstStep(grad: Tensor, lr: number): number {
  const inverse = Math.fround(1 / grad.abs().sum().item());
  return inverse < 1 ? Math.fround(inverse * lr) : lr;
}

function largest(x: Tensor): number {
  return x.abs().max().item();
}

function lossOf(loss: unknown): number {
  return loss instanceof Tensor ? loss.item() : Number(loss);
}
