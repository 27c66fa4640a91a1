import { type Case, golden, replaySchedule } from '../support/schedules';
import { figure, grouped, table } from './table';

/** The suite's limit. */
const LIMIT = 1e-9;

/** The largest relative error of any learning rate. */
function errorOf(c: Case): number {
  const seen = replaySchedule(c).seen.flat();
  return Math.max(...c.lrs.flat().map((lr, i) => (seen[i] === lr ? 0 : Math.abs(seen[i]! - lr) / Math.abs(lr))));
}

function cells(name: string, cases: Case[]) {
  const errors = cases.map(errorOf);
  const within = errors.filter((error) => error <= LIMIT);
  const steps = cases.reduce((sum, c) => sum + c.lrs.length - 1, 0);
  return [`\`${name}\``, cases.length, steps, cases.length - within.length || '', figure(Math.max(...within))];
}

/** How far every scheduler's learning rates are from PyTorch's. */
export function schedulers(): string {
  // Some schedules are stepped before their optimizer on purpose.
  console.warn = () => {};
  const schedules = golden.cases.filter(({ lrs }) => lrs);
  const rows = grouped(
    schedules,
    ({ scheduler }) => `${scheduler === 'SWALR' ? 'swaUtils' : 'lrScheduler'}.${scheduler}`,
  );
  return `## Schedulers

The largest relative error of any learning rate, all in float64: also where it was changed by hand, after jumps to an epoch, and resumed.
"differs" counts the schedules beyond ${LIMIT}, which the suite lists with their reasons.

${table(
  ['scheduler', 'schedules', 'steps', 'differs', 'rel'],
  rows.map(([name, cases]) => cells(name, cases)),
)}`;
}
