/**
 * Memory over many training steps: for each scenario, the slope of the resident set size and the tensors left at the end.
 *
 *   npm run memory -- [--steps 100000] [--only 'plain loop'] [--worker]
 *
 * FLAMBEAU_WEAK=off runs without our addon, `--worker` in a worker thread. Ends with 1 if memory grows or a tensor is left.
 */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { memory } from 'flambeau';
import { type Scenario, scenarios } from './memory/scenarios';

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000' },
    only: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});
const MEGABYTE = 2 ** 20;
const SAMPLES = 40;
/** The heap, the allocator's pools and the compiler settle in the first part, which does not count. */
const WARM_UP = 0.3;

/** Growth of the resident set size over the whole run, extrapolated from the line through the samples, and its error. */
function growth(samples: number[]): { slope: number; error: number } {
  const n = samples.length;
  const [meanX, meanY] = [(n - 1) / 2, samples.reduce((a, b) => a + b, 0) / n];
  const sxx = samples.reduce((sum, _, i) => sum + (i - meanX) ** 2, 0);
  const slope = samples.reduce((sum, y, i) => sum + (i - meanX) * (y - meanY), 0) / sxx;
  const residual = samples.reduce((sum, y, i) => sum + (y - meanY - slope * (i - meanX)) ** 2, 0);
  return { slope: slope * n, error: Math.sqrt(residual / (n - 2) / sxx) * n };
}

async function measure(name: string, scenario: Scenario, steps: number): Promise<boolean> {
  const before = memory().numTensors;
  const samples: number[] = [];
  let step = 0;
  const every = Math.max(1, Math.floor(steps / SAMPLES));
  const start = performance.now();
  await scenario(steps, () => {
    if (++step % every === 0 && step > steps * WARM_UP) samples.push(process.memoryUsage.rss() / MEGABYTE);
  });
  const ms = (performance.now() - start) / steps;
  await setImmediate();
  const left = memory().numTensors - before;
  const { slope, error } = growth(samples);
  // Growth that the scatter of the samples does not explain, and that is more than may wait for the next full collection.
  const grows = slope > 4 * error && slope > 64;
  const verdict = grows || left > 0 ? 'FAILED' : 'ok';
  console.log(
    `${verdict.padEnd(7)}${name.padEnd(42)} ${steps} steps, ${ms.toFixed(3)} ms each, rss ${samples.at(-1)!.toFixed(0)} MB, ` +
      `growth ${slope.toFixed(1)} ± ${error.toFixed(1)} MB, tensors left ${left}`,
  );
  return verdict === 'ok';
}

async function main(): Promise<boolean> {
  let ok = true;
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (flags.only !== undefined && name !== flags.only) continue;
    ok = (await measure(name, scenario, Number(flags.steps))) && ok;
  }
  return ok;
}

if (isMainThread && flags.worker) {
  const worker = new Worker(__filename, { argv: process.argv.slice(2) });
  worker.on('message', (ok) => process.exit(ok ? 0 : 1));
} else {
  void main().then((ok) => {
    if (parentPort) parentPort.postMessage(ok);
    else process.exitCode = ok ? 0 : 1;
  });
}
