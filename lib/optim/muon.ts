import { type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { runStep } from '../backend/step';
import { ValueError } from '../errors';
import { lerp as interpolate } from '../ops/combine';
import { tidy } from '../tensor/memory';
import { Tensor } from '../tensor/tensor';
import { check } from './check';
import type { Optimizer, OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Scalars, type Slots, type State, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-3,
  weightDecay: 0.1,
  momentum: 0.95,
  nesterov: true,
  nsCoefficients: [3.4445, -4.775, 2.0315] as readonly [number, number, number],
  eps: 1e-7,
  nsSteps: 5,
  adjustLrFn: null as 'original' | 'match_rms_adamw' | null,
};
type Options = typeof DEFAULTS;
export type MuonOptions = OptionsOf<Options>;

/**
 * Muon (Jordan 2024, https://kellerjordan.github.io/posts/muon/): momentum, made orthogonal by a Newton–Schulz iteration, for
 * the matrices of hidden layers; give biases, embeddings and the last layer to AdamW. See torch.optim.Muon.
 */
export class Muon extends Rule<Options> {
  constructor(params: Params<MuonOptions>, ...rest: Optional<'lr', number | Tensor, MuonOptions>) {
    super(params as Params<Options>, readArgs('Muon', rest, DEFAULTS as Options));
  }

  protected override checkOptions({ lr, momentum, weightDecay, adjustLrFn }: Options): void {
    check(lr >= 0, `Learning rate should be >= 0 but is: ${lr}`);
    check(momentum >= 0, `momentum should be >= 0 but is: ${momentum}`);
    check(weightDecay >= 0, `weight decay should be >= 0 but is: ${weightDecay}`);
    const known = adjustLrFn === null || adjustLrFn in RATIOS;
    check(known, `Adjust learning rate function ${adjustLrFn} is not supported`);
  }

  override addParamGroup(group: Parameters<Optimizer<Options>['addParamGroup']>[0]): void {
    const before = this.paramGroups.length;
    super.addParamGroup(group);
    const wrong = this.paramGroups[before]!.params.find((p) => p.ndim !== 2);
    if (!wrong) return;
    this.paramGroups.pop();
    const size = `torch.Size([${wrong.shape.join(', ')}])`;
    throw new ValueError(`Muon only supports 2D parameters whereas we found a parameter with size: ${size}`);
  }

  protected override scalars(_step: number, { lr, weightDecay, momentum }: ParamGroup<Options>) {
    return { weight: 1 - momentum, l2: 0, decay: 1 - lr * weightDecay };
  }

  protected override init(p: Tensor): Slots {
    return { momentumBuffer: slotOf(p) };
  }

  protected override update(
    p: Tensor,
    state: State,
    { momentum, nesterov, adjustLrFn, ...group }: ParamGroup<Options>,
    g: Tensor,
    { numbers }: Scalars,
  ): undefined {
    const buffer = state.momentumBuffer;
    const whole = () => ({ ...numbers(), decay: 1 });
    runStep('Average', [{ targets: [buffer._storage], gradient: g._storage }], whole);
    const direction = orthogonalized(nesterov ? interpolate(g, buffer, momentum) : buffer, group);
    const ratio = RATIOS[adjustLrFn ?? 'original'](p.shape[0]!, p.shape[1]!);
    const scaled = () => ({ ...numbers(), lr: numbers().lr! * ratio });
    runStep('Sgd', [{ targets: [p._storage], gradient: direction._storage }], scaled);
  }

  /** As PyTorch's, without a step count. */
  protected override initNumbers() {
    return {};
  }
}

/** What the learning rate of a matrix is multiplied by. */
const RATIOS = {
  original: (rows: number, columns: number) => Math.sqrt(Math.max(1, rows / columns)),
  match_rms_adamw: (rows: number, columns: number) => 0.2 * Math.sqrt(Math.max(rows, columns)),
};

/** Newton–Schulz: nearly U Vᵀ for g = U S Vᵀ. Every step is rounded to bfloat16, in which PyTorch computes. */
function orthogonalized(
  g: Tensor,
  { nsCoefficients: [a, b, c], nsSteps, eps }: Pick<Options, 'nsCoefficients' | 'nsSteps' | 'eps'>,
): Tensor {
  if (nsSteps >= 100) throw new ValueError('Number of steps must be less than 100 for computational efficiency');
  const tall = g.shape[0]! > g.shape[1]!;
  let x = bfloat16(tall ? g.T : g);
  x = bfloat16(x.div(bfloat16(bfloat16(x.square().sum().sqrt()).clamp(eps))));
  for (let step = 0; step < nsSteps; step++) {
    x = tidy(() => {
      const gram = bfloat16(x.matmul(x.T));
      const change = bfloat16(gram.mul(b).add(gram.matmul(gram).mul(c)));
      return bfloat16(x.mul(a).add(change.matmul(x)));
    });
  }
  return tall ? x.T : x;
}

/** Rounds to the numbers of bfloat16. */
function bfloat16(x: Tensor): Tensor {
  return Tensor._of(run('RoundToBfloat16', { x: x._value }));
}
