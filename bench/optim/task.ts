import readline from 'node:readline';

export interface Task {
  rule: string;
  options: Record<string, number>;
  shapes: number[][];
  steps: number;
}
export interface Answer {
  /** Milliseconds a step, null where there is no such rule. */
  ms: number | null;
  /** What a step takes for a while, in multiples of the largest parameter. */
  peak?: number | null;
}

/** Makes a step, or null where there is no such rule. */
type MakeStep = (task: Task) => (() => void) | null;

/** Answers tasks; of several in a row that differ in nothing, the first one makes the step and warms it up. */
export function serve(make: MakeStep, peak: (step: () => void, task: Task) => number | null = () => null): void {
  let key = '';
  let step: (() => void) | null = null;
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const task = JSON.parse(line) as Task;
    if (line !== key) {
      step = null;
      step = make(task);
      key = line;
      for (let i = 0; i < task.steps; i++) step?.();
    }
    console.log(JSON.stringify(step ? { ms: timed(step, task.steps), peak: peak(step, task) } : { ms: null }));
  });
}

function timed(step: () => void, steps: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < steps; i++) step();
  return Number(process.hrtime.bigint() - start) / 1e6 / steps;
}
