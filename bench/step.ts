/**
 * One training step of an MLP 784-H-10 with Adam and cross entropy, in milliseconds: Flambeau, the same with everything
 * freed by hand, plain TensorFlow.js, and PyTorch where there is a Python with torch (PYTHON=path, default python3).
 *
 *   npm run bench:step [-- rounds]
 *
 * All run in processes of their own, in turn, so that a busy machine slows all alike; the medians of the rounds are shown,
 * and each ratio is the median of the rounds' ratios.
 */
import path from 'node:path';
import { Competitor, interleave, median, medianRatio, pytorch, row } from './competitor';
import type { StepTask } from './step/flambeau';

const SIZES = [
  { batch: 64, hidden: 128 },
  { batch: 64, hidden: 1024 },
  { batch: 512, hidden: 1024 },
];
const rounds = Number(process.argv[2] ?? 15);

function competitors(): Competitor<StepTask>[] {
  const here = (file: string) => path.join(__dirname, 'step', file);
  return [
    new Competitor('flambeau', process.execPath, [here('flambeau.js')]),
    new Competitor('freed by hand', process.execPath, [here('flambeau.js'), '--tidy']),
    new Competitor('tfjs', process.execPath, [here('tfjs.js')]),
    ...pytorch<StepTask>(path.join(__dirname, '../bench/step/torch_step.py')),
  ];
}

async function main(): Promise<void> {
  const all = competitors();
  const header = ['batch × H', ...all.map((c) => `${c.name} ms`), ...all.slice(1).map((c) => `flambeau / ${c.name}`)];
  console.log(`${row(header)}\n${row(header.map(() => '---'))}`);
  for (const size of SIZES) {
    const times = await interleave(all, { ...size, budget: 120 }, rounds);
    const ratios = times.slice(1).map((other) => medianRatio(times[0]!, other).toFixed(2));
    console.log(row([`${size.batch} × ${size.hidden}`, ...times.map((t) => median(t).toFixed(3)), ...ratios]));
  }
  for (const competitor of all) competitor.stop();
}

void main();
