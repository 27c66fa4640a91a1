import * as f from '../../lib';
import { expectNumbersClose, numbersOf, readGolden, type TensorJson } from '../support/fixtures';
import { makeOptimizer, type Trajectory } from '../support/trajectories';

interface Case extends Pick<Trajectory, 'optimizer' | 'name' | 'options'> {
  shape: number[];
  places: number[];
  out: TensorJson;
  out64: TensorJson;
  drift: number;
}

const golden = readGolden<Case, { seed: number; steps: number }>('optim_large');

/** As in rules.spec.ts: Muon has its roundings to bfloat16, which another order of a sum moves. */
const toleranceOf = ({ optimizer, drift }: Case) => (optimizer === 'Muon' ? drift : 1e-5);

it.each(golden.cases.map((c): [string, Case] => [c.name, c]))('a large parameter: %s', (_name, c) => {
  f.manualSeed(golden.seed);
  const p = f.randn(c.shape).requiresGrad_();
  const optimizer = makeOptimizer(c, [p]);
  for (let step = 0; step < golden.steps; step++) {
    p.grad = f.randn(c.shape);
    optimizer.step();
  }
  const all = p.toTypedArray();
  const ours = c.places.map((place) => all[place]!);
  expectNumbersClose(ours, numbersOf(c.out), { rtol: 1.3e-6, atol: toleranceOf(c) });
  const exact = numbersOf(c.out64);
  const bits = 2 ** -22 * Math.max(...exact.map(Math.abs));
  expectNumbersClose(ours, exact, { atol: 2 * c.drift + bits });
});
