import * as f from '../../lib';
import { nn, optim, type Tensor } from '../../lib';
import { decode, expectNumbersClose, numbersOf, readGolden, type TensorJson } from '../support/fixtures';
import { fromJson, type StateDictJson } from './stateDictJson';

interface Case {
  name: string;
  problem: 'rosenbrock' | 'quadratic' | 'logistic';
  options: optim.LBFGSOptions;
  init: number[][];
  losses: number[];
  evaluations: number[];
  out: TensorJson[];
  drift: number;
  stateDict: StateDictJson;
  resume?: { params: TensorJson[]; stateDict: StateDictJson };
}

const { cases } = readGolden<Case>('optim_lbfgs');
const rows = (chosen: Case[]) => chosen.map((c): [string, Case] => [c.name, c]);

const points = f.tensor([
  [0.5, 1],
  [1.5, -0.5],
  [-1, 0.5],
  [2, 1],
  [-0.5, -1.5],
  [0, 2],
  [-2, -0.5],
  [1, 0.25],
]);
const signs = f.tensor([1, 1, 0, 1, 0, 1, 0, 0]).mul(2).sub(1);

/** The functions of spec/reference/optim_lbfgs.py. */
const problems: Record<Case['problem'], (...params: Tensor[]) => Tensor> = {
  rosenbrock: (x) => {
    const [head, tail] = [x!.narrow(0, 0, 3), x!.narrow(0, 1, 3)];
    return tail.sub(head.square()).square().mul(100).add(head.neg().add(1).square()).sum();
  },
  quadratic: (x, y) => {
    const cross = x!.index(0).mul(y!.index(1, 1));
    return f.tensor([1, 10, 100]).mul(x!).mul(x!).sum().add(y!.sub(3).square().sum()).add(cross);
  },
  logistic: (w, b) => {
    const margins = signs.neg().mul(points.matmul(w!).add(b!));
    return margins.exp().add(1).log().mean().add(w!.mul(w!).sum().mul(0.05));
  },
};

interface Run {
  losses: number[];
  evaluations: number[];
}

function train(c: Case, params: Tensor[], optimizer: optim.Optimizer, steps: number): Run {
  const run: Run = { losses: [], evaluations: [] };
  for (let step = 0; step < steps; step++) {
    let calls = 0;
    const loss = optimizer.step(() => {
      calls++;
      optimizer.zeroGrad();
      const value = problems[c.problem](...params);
      value.backward();
      return value;
    });
    run.losses.push(loss.item());
    run.evaluations.push(calls);
  }
  return run;
}

const starts = (c: Case) => c.init.map((data) => f.tensor(data, { requiresGrad: true }));
const flat = (params: Tensor[]) => params.flatMap((p) => Array.from(p.toTypedArray()));
/** A run differs from PyTorch's by a few times what a last bit makes there. */
const toleranceOf = ({ drift }: Case) => ({ rtol: 1.3e-6 + 5 * drift, atol: 1e-5 + 5 * drift });

describe('trajectories', () => {
  it.each(rows(cases))('%s', (_name, c) => {
    const params = starts(c);
    const optimizer = new optim.LBFGS(params, c.options);
    const run = train(c, params, optimizer, c.losses.length);
    expect(run.evaluations).toEqual(c.evaluations);
    expectNumbersClose(run.losses, c.losses, toleranceOf(c));
    expectNumbersClose(flat(params), c.out.flatMap(numbersOf), toleranceOf(c));
    const state = optimizer.stateDict();
    expect(state.param_groups).toEqual(c.stateDict.param_groups);
    const [own, theirs] = [state.state.get(0)!, c.stateDict.state[0]!];
    expect(Object.keys(own).sort()).toEqual(Object.keys(theirs).sort());
    for (const [name, entry] of Object.entries(theirs)) {
      if (Array.isArray(entry)) expect(own[name]).toHaveLength(entry.length);
      else if (name === 'func_evals' || name === 'n_iter') expect(own[name]).toBe(entry);
    }
  });

  it.each(rows(cases.filter((c) => c.resume)))("%s, from PyTorch's state", (_name, c) => {
    const params = c.resume!.params.map((json) => decode(json).requiresGrad_());
    const optimizer = new optim.LBFGS(params, { lr: 9 });
    optimizer.loadStateDict(fromJson(c.resume!.stateDict));
    const run = train(c, params, optimizer, c.losses.length - 2);
    expect(run.evaluations).toEqual(c.evaluations.slice(2));
    expectNumbersClose(flat(params), c.out.flatMap(numbersOf), toleranceOf(c));
  });
});

it.each([{}, { lineSearchFn: 'strong_wolfe' }] as optim.LBFGSOptions[])(
  'saved and loaded half way, it goes on bit for bit: %j',
  (options) => {
    const c = cases.find(({ problem }) => problem === 'quadratic')!;
    const all = { lr: 0.3, maxIter: 4, historySize: 3, ...options };
    const halves = (split: boolean) => {
      const params = starts(c);
      const first = new optim.LBFGS(params, all);
      train(c, params, first, 3);
      const second = split ? new optim.LBFGS(params, { lr: 9 }) : first;
      if (split) second.loadStateDict(first.stateDict());
      train(c, params, second, 3);
      return flat(params);
    };
    expect(halves(true)).toEqual(halves(false));
  },
);

describe('step', () => {
  const one = () => f.tensor([1, 2], { requiresGrad: true });

  it('wants a closure, and one group', () => {
    const optimizer = new optim.LBFGS([one()]);
    expect(() => optimizer.step()).toThrow("missing 1 required positional argument: 'closure'");
    expect(() => new optim.LBFGS([{ params: [one()] }, { params: [one()] }])).toThrow(
      "LBFGS doesn't support per-parameter options (parameter groups)",
    );
    const wrong = new optim.LBFGS([one()], { lineSearchFn: 'weak' as never });
    const p = wrong.paramGroups[0]!.params[0]!;
    const closure = () => {
      const loss = p.square().sum();
      loss.backward();
      return loss;
    };
    expect(() => wrong.step(closure)).toThrow("only 'strong_wolfe' is supported");
  });

  it('takes a missing gradient for zeros, and calls the hooks', () => {
    const [used, unused] = [one(), one()];
    const optimizer = new optim.LBFGS([used, unused], { lineSearchFn: 'strong_wolfe' });
    const calls: string[] = [];
    optimizer.registerStepPreHook(() => void calls.push('pre'));
    optimizer.registerStepPostHook(() => void calls.push('post'));
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = used.sub(5).square().sum();
      loss.backward();
      return loss;
    });
    expectNumbersClose(flat([used, unused]), [5, 5, 1, 2], { atol: 1e-5 });
    expect(calls).toEqual(['pre', 'post']);
  });

  it('leaks nothing, inside of tidy neither', () => {
    const model = new nn.Linear(3, 1);
    const x = f.randn(8, 3);
    const optimizer = new optim.LBFGS(model.parameters(), { historySize: 2, maxIter: 3, lineSearchFn: 'strong_wolfe' });
    const step = () =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = model(x).sub(1).square().mean();
        loss.backward();
        return loss;
      });
    const after = (steps: number) => {
      for (let i = 0; i < steps; i++) f.tidy(() => void step());
      return f.memory().numTensors;
    };
    const before = after(20);
    expect(after(20)).toBeLessThanOrEqual(before);
  });
});
