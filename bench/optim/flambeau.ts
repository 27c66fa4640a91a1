/** One competitor of bench/optim.ts: Flambeau. */
import { readFileSync, writeFileSync } from 'node:fs';
import { memory, optim, randn, Tensor } from 'flambeau';
import { serve, type Task } from './task';

let start = 0;
let kept = 0;

function make({ rule, options, shapes }: Task): (() => void) | null {
  const Rule = optim[rule as 'Adam'];
  if (!Rule) return null;
  const params = shapes.map((shape) => randn(shape).requiresGrad_());
  for (const p of params) p.grad = randn(p.shape);
  // A plain step moves the parameters to where they stay, and what made them is gone.
  new optim.SGD(params, { lr: 0 }).step();
  memory();
  start = kilobytes('VmRSS');
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
  const optimizer = new Rule(params, options);
  optimizer.step();
  const slots = [...optimizer.stateDict().state.values()].flatMap(Object.values).filter((x) => x instanceof Tensor);
  kept = slots.reduce((sum, x) => sum + 4 * x.numel(), 0);
  return () => void optimizer.step();
}

/** The highest resident set so far, above that of parameters and gradients, less the slots, in multiples of a parameter. */
function peak(_step: () => void, { shapes }: Task): number | null {
  const largest = Math.max(...shapes.map((shape) => shape.reduce((a, b) => a * b, 4)));
  // The resident set is counted in pages: of small parameters it says nothing.
  if (process.platform !== 'linux' || largest < 2 ** 20) return null;
  // What the allocator still held when the steps began was theirs to use.
  return Math.max(0, (kilobytes('VmHWM') - start) * 1024 - kept) / largest;
}

function kilobytes(name: string): number {
  if (process.platform !== 'linux') return 0;
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]);
}

serve(make, peak);
