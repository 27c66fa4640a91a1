/**
 * One training step of an MLP 784-H-10 with Adam and cross entropy, in milliseconds: Flambeau, the same with everything
 * freed by hand, plain TensorFlow.js, and PyTorch where there is a Python with torch (PYTHON=path, default python3).
 *
 *   npm run bench:step [-- rounds]
 *
 * All run in processes of their own, in turn, so that a busy machine slows all alike; the medians of the rounds are shown,
 * and each ratio is the median of the rounds' ratios.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

const SIZES = [
  { batch: 64, hidden: 128, steps: 200 },
  { batch: 64, hidden: 1024, steps: 60 },
  { batch: 512, hidden: 1024, steps: 20 },
];
const rounds = Number(process.argv[2] ?? 15);

class Competitor {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string, args: string[]) {
    this.name = name;
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = readline.createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async run(size: (typeof SIZES)[number]): Promise<number> {
    this.#process.stdin!.write(`${JSON.stringify(size)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`bench: ${this.name} ended`);
    return (JSON.parse(value) as { ms: number }).ms;
  }

  stop(): void {
    this.#process.kill();
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function competitors(): Competitor[] {
  const here = (file: string) => path.join(__dirname, 'step', file);
  const python = process.env.PYTHON ?? 'python3';
  const list = [
    new Competitor('flambeau', process.execPath, [here('flambeau.js')]),
    new Competitor('freed by hand', process.execPath, [here('flambeau.js'), '--tidy']),
    new Competitor('tfjs', process.execPath, [here('tfjs.js')]),
  ];
  if (spawnSync(python, ['-c', 'import torch']).status === 0) {
    list.push(new Competitor('pytorch', python, [path.join(__dirname, '../bench/step/torch_step.py')]));
  } else console.log(`(${python} has no torch: without PyTorch)`);
  return list;
}

async function main(): Promise<void> {
  const all = competitors();
  const header = ['batch × H', ...all.map((c) => `${c.name} ms`), ...all.slice(1).map((c) => `flambeau / ${c.name}`)];
  console.log(`| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`);
  for (const size of SIZES) {
    const times = all.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, competitor] of all.entries()) times[i]!.push(await competitor.run(size));
    }
    const ratios = times.slice(1).map((other) => median(other.map((ms, round) => times[0]![round]! / ms)));
    const cells = [...times.map((t) => median(t).toFixed(3)), ...ratios.map((r) => r.toFixed(2))];
    console.log(`| ${size.batch} × ${size.hidden} | ${cells.join(' | ')} |`);
  }
  for (const competitor of all) competitor.stop();
}

void main();
