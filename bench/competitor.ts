/** Competitors are processes of their own that answer each task, a line of JSON, with milliseconds: see serve.ts. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import readline from 'node:readline';

/** Milliseconds; null where the competitor has no such thing. */
export interface Timing {
  ms: number | null;
}

export class Competitor<Task extends object, Answer extends Timing = Timing> {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string, args: string[], env: Record<string, string> = {}) {
    this.name = name;
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } });
    this.#lines = readline.createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** What the task takes. */
  async run(task: Task): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`bench: ${this.name} ended at ${JSON.stringify(task)}`);
    return JSON.parse(value) as Answer;
  }

  stop(): void {
    this.#process.kill();
  }
}

/** The Python with torch (PYTHON=path, default python3), or null, with a line that says so. */
export function pythonWithTorch(): string | null {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import torch']).status === 0) return python;
  console.log(`(${python} has no torch: without PyTorch)`);
  return null;
}

/** PyTorch, where there is one, once with each number of threads. */
export function pytorch<Task extends object>(script: string, threads: number[] = []): Competitor<Task>[] {
  const python = pythonWithTorch();
  if (!python) return [];
  if (threads.length === 0) return [new Competitor('pytorch', python, [script])];
  return threads.map((n) => new Competitor(`pytorch ${n}`, python, [script], { OMP_NUM_THREADS: String(n) }));
}

/** One for each round. */
export type Times = (number | null)[];

/** Each competitor's times, in turn, so that a busy machine slows all alike: `times[competitor][round]`. */
export async function interleave<Task extends object>(
  competitors: readonly Competitor<Task>[],
  task: Task,
  rounds: number,
): Promise<Times[]> {
  const times = competitors.map((): Times => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, competitor] of competitors.entries()) times[i]!.push((await competitor.run(task)).ms);
  }
  return times;
}

export function median(values: readonly (number | null)[]): number {
  const sorted = values.map((x) => x ?? Number.NaN).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Round by round the faster of the two; threads that must wait for each other suffer most from a busy machine. */
export function faster(a: Times | undefined, b: Times | undefined): Times | undefined {
  return a && b && a.map((ms, round) => Math.min(ms ?? Number.NaN, b[round] ?? Number.NaN));
}

/** The median of the rounds' ratios. */
export function medianRatio(times: readonly (number | null)[], others: readonly (number | null)[]): number {
  return median(times.map((ms, round) => (ms ?? Number.NaN) / (others[round] ?? Number.NaN)));
}

/** A row of a Markdown table. */
export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
