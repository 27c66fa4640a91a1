import { optim } from 'flambeau';
import { numbersOf } from '../support/fixtures';
import { minimizations, minimize, startsOf } from '../support/minimizations';
import { distanceFrom64, numbersIn, readFamily, replayTrajectory, type Trajectory } from '../support/trajectories';
import { figure, grouped, table } from './table';

interface Run {
  name: string;
  steps: number;
  ours: number;
  theirs: number;
}

/** Runs from the start to the end, with gradients that float32 can square: the suite has the others. */
function trajectories(): Run[] {
  return ['optim', 'optim_rules'].flatMap((name) => {
    const family = readFamily<Trajectory>(name);
    return family.cases
      .filter(({ out64, init }) => out64 && !init)
      .map((c): Run => {
        let steps = 0;
        const { params } = replayTrajectory(c, family, () => steps++);
        return { name: c.optimizer, steps, ours: distanceFrom64(c, params), theirs: c.drift! };
      });
  });
}

/** LBFGS, from PyTorch's float32: a last bit changes where it looks. */
function searches(): Run[] {
  return minimizations.map((c) => {
    const params = startsOf(c);
    const { losses } = minimize(c, params, new optim.LBFGS(params, c.options), c.losses.length);
    const wanted = c.out.flatMap(numbersOf);
    const errors = numbersIn(params).map((x, i) => Math.abs(x - wanted[i]!) / (1 + Math.abs(wanted[i]!)));
    return { name: 'LBFGS', steps: losses.length, ours: Math.max(...errors), theirs: c.drift };
  });
}

function cells(name: string, runs: Run[]) {
  const [ours, theirs] = (['ours', 'theirs'] as const).map((side) => Math.max(...runs.map((run) => run[side])));
  const steps = runs.reduce((sum, run) => sum + run.steps, 0);
  return [`\`optim.${name}\``, runs.length, steps, figure(ours!), figure(theirs!), (ours! / theirs!).toFixed(2)];
}

/** How far every optimizer is from float64 in the end, and how far PyTorch is. */
export function optimizers(): string {
  const rows = grouped([...trajectories(), ...searches()], ({ name }) => name);
  const head = ['optimizer', 'trajectories', 'steps', 'ours', "PyTorch's", 'ratio'];
  return `## Optimizers

The largest distance of any parameter, after the last step, from PyTorch's run in float64: ours, and that of PyTorch's own float32. The
suite holds every single trajectory to twice PyTorch's distance and a few last bits. Muon's float64 is without the rounding to
bfloat16 that is part of PyTorch's step, and of ours. LBFGS is compared with PyTorch's float32, relatively, beside what becomes of
PyTorch's own run when the parameters it begins with are moved by a last bit.

${table(
  head,
  rows.map(([name, runs]) => cells(name, runs)),
)}`;
}
