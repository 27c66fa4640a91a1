/**
 * One step of an optimizer over ResNet-50's parameters (161, 25.6 million elements) and over 400 small ones, in milliseconds:
 * Flambeau, PyTorch as it comes and fused, and TensorFlow.js, where they have the rule; and how much memory Flambeau
 * takes at most beyond parameters, gradients and slots, in multiples of the largest parameter (Linux).
 *
 *   npm run bench:optim [-- rounds] [-- rounds rule …]      (PYTHON=path for a Python with torch)
 *
 * All take turns in processes of their own, new for each line; medians of the rounds, and medians of the rounds' ratios.
 */
import path from 'node:path';
import { Competitor, median, medianRatio, pythonWithTorch } from './competitor';
import type { Answer, Task } from './optim/task';

const [rounds = 9, ...asked] = process.argv.slice(2);
const DEFAULT_RULES = ['SGD', 'Adam', 'AdamW'];
const OPTIONS: Record<string, Record<string, number>> = { SGD: { lr: 0.01, momentum: 0.9 } };

/** How many parameters of which shape. */
const RESNET50: [number, number[]][] = [
  [1, [64, 3, 7, 7]],
  [14, [64]],
  [32, [256]],
  [16, [128]],
  [22, [512]],
  [14, [1024]],
  [8, [2048]],
  [1, [64, 64, 1, 1]],
  [3, [64, 64, 3, 3]],
  [4, [256, 64, 1, 1]],
  [2, [64, 256, 1, 1]],
  [1, [128, 256, 1, 1]],
  [4, [128, 128, 3, 3]],
  [4, [512, 128, 1, 1]],
  [1, [512, 256, 1, 1]],
  [3, [128, 512, 1, 1]],
  [1, [256, 512, 1, 1]],
  [6, [256, 256, 3, 3]],
  [6, [1024, 256, 1, 1]],
  [1, [1024, 512, 1, 1]],
  [5, [256, 1024, 1, 1]],
  [1, [512, 1024, 1, 1]],
  [3, [512, 512, 3, 3]],
  [3, [2048, 512, 1, 1]],
  [1, [2048, 1024, 1, 1]],
  [2, [512, 2048, 1, 1]],
  [1, [1000, 2048]],
  [1, [1000]],
];
const SMALL: [number, number[]][] = [
  [200, [16, 16]],
  [200, [16]],
];
const LISTS = [
  { list: 'ResNet-50', table: RESNET50, steps: 3 },
  { list: '400 small', table: SMALL, steps: 60 },
];

type Entrant = Competitor<Task, Answer>;

const python = pythonWithTorch();

function competitors(python: string | null): Entrant[] {
  const here = (file: string) => path.join(__dirname, 'optim', file);
  const list: Entrant[] = [new Competitor('flambeau', process.execPath, [here('flambeau.js')])];
  const script = path.join(__dirname, '../bench/optim/torch_optim.py');
  if (python) list.push(new Competitor('pytorch', python, [script]));
  if (python) list.push(new Competitor('pytorch fused', python, [script, '--fused']));
  return [...list, new Competitor('tfjs', process.execPath, [here('tfjs.js')])];
}

async function main(): Promise<void> {
  let headed = false;
  for (const { list, table, steps } of LISTS) {
    const shapes = table.flatMap(([times, shape]) => Array.from({ length: times }, () => shape));
    for (const rule of asked.length ? asked : DEFAULT_RULES) {
      const all = competitors(python);
      if (!headed) printHead(all);
      headed = true;
      const task: Task = { rule, options: OPTIONS[rule] ?? {}, shapes, steps };
      console.log(`| ${rule} | ${list} | ${(await row(all, task)).join(' | ')} |`);
      for (const competitor of all) competitor.stop();
    }
  }
}

function printHead(all: Entrant[]): void {
  const names = all.map(({ name }) => name);
  const columns = [
    'rule',
    'parameters',
    ...names.map((name) => `${name} ms`),
    ...names.slice(1).map((name) => `/ ${name}`),
  ];
  console.log(`| ${[...columns, 'memory'].join(' | ')} |\n|${'---|'.repeat(columns.length + 1)}`);
}

async function row(all: Entrant[], task: Task): Promise<string[]> {
  const answers = all.map((): Answer[] => []);
  for (let round = 0; round < Number(rounds); round++) {
    for (const [i, competitor] of all.entries()) answers[i]!.push(await competitor.run(task));
  }
  const times = answers.map((list) => list.map(({ ms }) => ms));
  const ratios = times.slice(1).map((other) => medianRatio(times[0]!, other));
  const peaks = answers[0]!.map(({ peak }) => peak ?? Number.NaN);
  const text = (x: number) => (Number.isNaN(x) ? '' : x.toFixed(2));
  return [...times.map(median), ...ratios, median(peaks)].map(text);
}

void main();
