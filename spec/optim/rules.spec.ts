import * as f from '../../lib';
import { expectNumbersClose, numbersOf } from '../support/fixtures';
import type { StateDictJson } from '../support/stateDicts';
import {
  distanceFrom64,
  makeOptimizer,
  numbersIn,
  readFamily,
  replayTrajectory,
  type Trajectory,
} from '../support/trajectories';
import { checkStateDict } from './stateDictJson';

interface Case extends Trajectory {
  repr?: string;
  stateDict: StateDictJson;
  error?: string;
  raises?: string;
}

/** A float that is a whole number, of which JavaScript cannot know that it is a float. */
const WHOLE = /(\d)\.0\b/g;
const rows = (cases: Case[]) => cases.map((c): [string, Case] => [c.name, c]);

/**
 * Where the order of a sum lets one of Muon's roundings to bfloat16 fall to the other side, the rest of the run is another. It is
 * still to be nearer to PyTorch's than the same run without such roundings is.
 */
const toleranceOf = (c: Case, step: number) => (c.optimizer === 'Muon' && step > 1 ? c.drift! : 1e-5);

describe.each(['optim', 'optim_rules'])('%s', (name) => {
  const family = readFamily<Case>(name);
  const runs = family.cases.filter((c) => Object.keys(c.out ?? {}).length > 0);
  const errors = family.cases.filter((c) => c.error);

  it.each(rows(runs.filter((c) => !c.init)))('%s', (_name, c) => {
    const { params, optimizer } = replayTrajectory(c, family, (step, now) => {
      const shown = c.out[step];
      const atol = toleranceOf(c, step);
      if (shown) expectNumbersClose(numbersIn(now), numbersOf(shown), { rtol: 1.3e-6, atol });
    });
    if (c.out64) {
      // As near to float64 as PyTorch's own float32 comes, but for a few last bits.
      const bits = 2 ** -22 * Math.max(...numbersOf(c.out64).map(Math.abs));
      expect(distanceFrom64(c, params)).toBeLessThan(2 * c.drift! + bits);
    }
    checkStateDict(optimizer.stateDict(), c.stateDict);
    if (c.repr) expect(optimizer.toString()).toBe(c.repr.replace(WHOLE, '$1'));
  });

  it.each(rows(runs.filter((c) => c.init)))('%s', (_name, c) => {
    const { params, optimizer } = replayTrajectory(c, family);
    expectNumbersClose(numbersIn(params), numbersOf(c.out[c.grads!.length]!), { rtol: 1.3e-6, atol: 1e-6 });
    checkStateDict(optimizer.stateDict(), c.stateDict);
  });

  if (errors.length > 0) {
    it.each(rows(errors))('%s is refused', (_name, c) => {
      const construct = () => makeOptimizer(c, [f.zeros(2, 2, { requiresGrad: true })]);
      expect(construct).toThrow(c.error!.replace(WHOLE, '$1'));
      expect(construct).toThrow(expect.objectContaining({ name: c.raises }));
    });
  }
});
