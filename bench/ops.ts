/**
 * Each operation by itself: small ones in microseconds, with and without recording for backward, and large ones in
 * milliseconds with the rate at which they work; Flambeau against plain TensorFlow.js' own call, and against PyTorch where
 * there is a Python with torch (PYTHON=path, default python3), with one and with two threads, of which the faster counts.
 *
 *   npm run bench:ops [-- --rounds 15 --part small|large names…]
 *
 * All run in processes of their own, in turn, so that a busy machine slows all alike; the medians of the rounds are shown,
 * and each ratio is the median of the rounds' ratios.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Competitor, faster, interleave, median, medianRatio, pytorch, row, type Times } from './competitor';
import { CASES, type OpTask } from './ops/cases';

const { values: flags, positionals: only } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, part: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(flags.rounds);
const { part } = flags;
const names = Object.keys(CASES).filter((name) => only.length === 0 || only.includes(name));
const [SMALL, LARGE] = [16, 1024];

const TITLES = ['flambeau', 'tfjs', 'pytorch 1', 'pytorch 2'];

/** As many digits as a column can use, or a dash where a competitor has no such thing. */
const digits = (x: number): string => (Number.isNaN(x) ? '–' : x.toFixed(x < 1 ? 3 : x < 10 ? 2 : x < 100 ? 1 : 0));
const ratio = (times: Times | undefined, others: Times | undefined): string =>
  times && others ? digits(medianRatio(times, others)) : '–';

/** Small operations run in one thread. */
async function small(all: Competitor<OpTask>[]): Promise<void> {
  const [ours, tfjs, torch] = all;
  const titles = ['flambeau', 'recorded', 'tfjs', 'pytorch', 'recorded', 'flambeau / tfjs', 'recorded / tfjs'];
  const header = [`${SMALL} × ${SMALL}, µs`, ...titles, 'flambeau / pytorch', 'both recorded'];
  console.log(`\n${row(header)}\n${row(header.map(() => '---'))}`);
  // The first operation would pay for compiling what all share.
  for (const recorded of [false, true]) await interleave(all, { name: names[0]!, n: SMALL, budget: 50, recorded }, 1);
  for (const name of names) {
    const task = { name, n: SMALL, budget: 5 };
    const plain = await interleave([ours!, tfjs!, ...(torch ? [torch] : [])], { ...task, recorded: false }, rounds);
    const recorded = await interleave([ours!, ...(torch ? [torch] : [])], { ...task, recorded: true }, rounds);
    const times = [plain[0], recorded[0], plain[1], plain[2], recorded[1]];
    const micros = times.map((t) => digits(1000 * median(t ?? [])));
    const ratios = [ratio(plain[0], plain[1]), ratio(recorded[0], plain[1]), ratio(plain[0], plain[2])];
    console.log(row([name, ...micros, ...ratios, ratio(recorded[0], recorded[1])]));
  }
}

async function large(all: Competitor<OpTask>[]): Promise<void> {
  const header = [`${LARGE} × ${LARGE}, ms`, ...TITLES, 'G/s', 'flambeau / tfjs', 'flambeau / pytorch'];
  console.log(`\n${row(header)}\n${row(header.map(() => '---'))}`);
  for (const name of names) {
    const times = await interleave(all, { name, n: LARGE, recorded: false, budget: 20 }, rounds);
    const rate = CASES[name]!(LARGE) / median(times[0]!) / 1e6;
    const columns = TITLES.map((_, i) => digits(median(times[i] ?? [])));
    const ratios = [ratio(times[0], times[1]), ratio(times[0], faster(times[2], times[3]))];
    console.log(row([name, ...columns, digits(rate), ...ratios]));
  }
}

async function main(): Promise<void> {
  const here = (file: string) => path.join(__dirname, 'ops', file);
  const all = [
    new Competitor<OpTask>('flambeau', process.execPath, [here('flambeau.js')]),
    new Competitor<OpTask>('tfjs', process.execPath, [here('tfjs.js')]),
    ...pytorch<OpTask>(path.join(__dirname, '../bench/ops/torch_ops.py'), [1, 2]),
  ];
  if (part !== 'large') await small(all);
  if (part !== 'small') await large(all);
  for (const competitor of all) competitor.stop();
}

void main();
