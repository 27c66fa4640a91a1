import * as f from '../../lib';
import { nn, optim } from '../../lib';
import { decode, expectNumbersClose, numbersOf } from '../support/fixtures';
import { minimizations as cases, type Minimization, minimize, startsOf } from '../support/minimizations';
import { fromJson } from '../support/stateDicts';
import { numbersIn as flat } from '../support/trajectories';

const rows = (chosen: Minimization[]) => chosen.map((c): [string, Minimization] => [c.name, c]);

/** A run differs from PyTorch's by a few times what a last bit makes there. */
const toleranceOf = ({ drift }: Minimization) => ({ rtol: 1.3e-6 + 5 * drift, atol: 1e-5 + 5 * drift });

describe('trajectories', () => {
  it.each(rows(cases))('%s', (_name, c) => {
    const params = startsOf(c);
    const optimizer = new optim.LBFGS(params, c.options);
    const run = minimize(c, params, optimizer, c.losses.length);
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
    const run = minimize(c, params, optimizer, c.losses.length - 2);
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
      const params = startsOf(c);
      const first = new optim.LBFGS(params, all);
      minimize(c, params, first, 3);
      const second = split ? new optim.LBFGS(params, { lr: 9 }) : first;
      if (split) second.loadStateDict(first.stateDict());
      minimize(c, params, second, 3);
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
    // How many tensors a step keeps depends on where it ends.
    const counts = Array.from({ length: 40 }, () => {
      f.tidy(() => void step());
      return f.memory().numTensors;
    });
    expect(Math.min(...counts.slice(20))).toBeLessThanOrEqual(Math.min(...counts.slice(10, 20)));
  });
});
