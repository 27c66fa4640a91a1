import readline from 'node:readline';

/** Makes a training step for an MLP 784-hidden-10 on one batch; the step returns the loss, read back. */
type MakeStep = (batch: number, hidden: number) => () => number;

/** Answers each line `{ batch, hidden, steps }` with the milliseconds per step; the model is made, and warm, on the first. */
export function serve(make: MakeStep): void {
  const made = new Map<string, () => number>();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const { batch, hidden, steps } = JSON.parse(line) as { batch: number; hidden: number; steps: number };
    const key = `${batch}x${hidden}`;
    let step = made.get(key);
    if (!step) {
      step = make(batch, hidden);
      made.set(key, step);
      for (let i = 0; i < 100; i++) step();
    }
    const start = process.hrtime.bigint();
    let loss = 0;
    for (let i = 0; i < steps; i++) loss = step();
    const ms = Number(process.hrtime.bigint() - start) / 1e6 / steps;
    console.log(JSON.stringify({ ms, loss }));
  });
}
