/**
 * Each loss by itself, forward and backward: Flambeau's, the same put together from tensor operations (what a kernel of its own
 * saves), plain TensorFlow.js' where it has one, and PyTorch's where there is a Python with torch (PYTHON=path, default python3),
 * with one and with two threads, of which the faster counts.
 *
 *   npm run bench:losses [-- --rounds 15 --shape 512x1000 names…]
 *
 * All run in processes of their own, in turn, so that a busy machine slows all alike; the medians of the rounds are shown, in
 * microseconds, and each ratio is the median of the rounds' ratios.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Competitor, faster, interleave, median, medianRatio, pytorch, row } from './competitor';
import { type LossTask, NAMES } from './losses/cases';

const { values: flags, positionals: only } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, shape: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(flags.rounds);
const shapes = (flags.shape ? [flags.shape] : ['64x10', '512x1000']).map(
  (text) => text.split('x').map(Number) as LossTask['shape'],
);
const names = NAMES.filter((name) => only.length === 0 || only.includes(name));

const digits = (x: number): string => (Number.isNaN(x) ? '–' : x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0));

async function table(all: Competitor<LossTask>[], shape: LossTask['shape']): Promise<void> {
  const titles = ['flambeau', 'composed', 'tfjs', 'pytorch'];
  const header = [`${shape.join(' × ')}, µs`, ...titles, ...titles.slice(1).map((title) => `/ ${title}`)];
  console.log(`\n${row(header)}\n${row(header.map(() => '---'))}`);
  for (const name of names) {
    const [ours, composed, tfjs, one, two] = await interleave(all, { name, shape, budget: 10 }, rounds);
    const others = [composed!, tfjs!, faster(one, two) ?? []];
    const micros = [ours!, ...others].map((times) => digits(1000 * median(times)));
    console.log(row([name, ...micros, ...others.map((times) => digits(medianRatio(ours!, times)))]));
  }
}

async function main(): Promise<void> {
  const node = (name: string) =>
    new Competitor<LossTask>(name, process.execPath, [path.join(__dirname, 'losses', `${name}.js`)]);
  const torch = pytorch<LossTask>(path.join(__dirname, '../bench/losses/torch_losses.py'), [1, 2]);
  const all = [...['flambeau', 'composed', 'tfjs'].map(node), ...torch];
  for (const shape of shapes) await table(all, shape);
  for (const competitor of all) competitor.stop();
}

void main();
