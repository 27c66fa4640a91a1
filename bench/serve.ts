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

/** Warm for long enough that the compiler is done with it, however slow the first calls were. */
function prepare(fn: (() => unknown) | null, budget: number) {
  if (!fn) return null;
  let calls = 0;
  for (const end = performance.now() + 20 * budget; performance.now() < end; calls++) fn();
  const ms = time(fn, Math.ceil(calls / 20));
  return { fn, calls: Math.max(1, Math.round(budget / ms)) };
}

function time(fn: () => unknown, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) fn();
  return Number(process.hrtime.bigint() - start) / 1e6 / calls;
}
