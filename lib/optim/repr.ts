import { pythonRepr } from '../tensor/pythonNumber';
import { Tensor } from '../tensor/tensor';
import type { ParamGroup } from './optimizer';
import { toSnake } from './stateDict';

/** PyTorch's repr of an optimizer: each group's options, under their Python names, sorted. */
export function reprOptimizer(name: string, groups: readonly ParamGroup[]): string {
  const texts = groups.map(({ params: _, ...options }, i) => {
    const entries = Object.entries(options).map(([key, value]): [string, unknown] => [toSnake(key), value]);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `\nParameter Group ${i}\n${entries.map(([key, value]) => `    ${key}: ${pythonText(value)}\n`).join('')}`;
  });
  return `${name} (${texts.join('')})`;
}

/** Python's str of an option. Whole numbers are ints. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : pythonRepr(value);
  if (Array.isArray(value)) return `(${value.map(pythonText).join(', ')})`;
  return value instanceof Tensor ? value.toString() : String(value);
}
