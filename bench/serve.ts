import readline from 'node:readline';

/** Every task says for about how long it is to be repeated. */
export interface Timed {
  /** Milliseconds. */
  budget: number;
}

/**
 * Answers each task, a line of JSON, with the milliseconds that the function which `make` makes for it takes; made, warm and
 * its repetitions counted out on the first, null where there is none.
 */
export function serve<Task extends Timed>(make: (task: Task) => (() => unknown) | null): void {
  const known = new Map<string, { fn: () => unknown; calls: number } | null>();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    if (!known.has(line)) known.set(line, prepare(make(JSON.parse(line)), JSON.parse(line).budget));
    const made = known.get(line);
    console.log(JSON.stringify({ ms: made ? time(made.fn, made.calls) : null }));
  });
}

function prepare(fn: (() => unknown) | null, budget: number) {
  if (!fn) return null;
  const once = time(fn, 3);
  const ms = time(fn, Math.min(3000, Math.ceil((20 * budget) / once)));
  return { fn, calls: Math.max(1, Math.round(budget / ms)) };
}

function time(fn: () => unknown, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) fn();
  return Number(process.hrtime.bigint() - start) / 1e6 / calls;
}
