import type { optim, Tensor } from 'flambeau';
import * as f from 'flambeau';
import { readGolden, type TensorJson } from './fixtures';
import type { StateDictJson } from './stateDicts';

/** A run of LBFGS as spec/reference/optim_lbfgs.py writes it. */
export interface Minimization {
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

export const minimizations = readGolden<Minimization>('optim_lbfgs').cases;

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
const problems: Record<Minimization['problem'], (...params: Tensor[]) => Tensor> = {
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

/** Some steps of `optimizer` on the problem of `c`. */
export function minimize(c: Minimization, params: Tensor[], optimizer: optim.Optimizer, steps: number): Run {
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

export const startsOf = (c: Minimization) => c.init.map((data) => f.tensor(data, { requiresGrad: true }));
