/** One competitor of bench/optim.ts: Flambeau. */
import { readFileSync, writeFileSync } from 'node:fs';
import { memory, optim, randn } from 'flambeau';
import { serve, type Task } from './task';

function make({ rule, options, shapes }: Task): (() => void) | null {
  const Rule = optim[rule as 'Adam'];
  if (!Rule) return null;
  // Those of the task before are gone first.
  memory();
  const params = shapes.map((shape) => randn(shape).requiresGrad_());
  for (const p of params) p.grad = randn(p.shape);
  const optimizer = new Rule(params, options);
  return () => void optimizer.step();
}

/** The highest resident set during a step, above that before it: the kernel's own high-water mark, set back first. */
function peak(step: () => void, { shapes }: Task): number | null {
  const largest = Math.max(...shapes.map((shape) => shape.reduce((a, b) => a * b, 4)));
  // The resident set is counted in pages: of small parameters it says nothing.
  if (process.platform !== 'linux' || largest < 2 ** 20) return null;
  const kilobytes = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  writeFileSync('/proc/self/clear_refs', '5');
  const before = kilobytes('VmRSS');
  step();
  return Math.max(0, (kilobytes('VmHWM') - before) * 1024) / largest;
}

serve(make, peak);
