import { readArgs } from '../../args';
import { ValueError } from '../../errors';
import { describe } from '../params';
import type { AnyOptimizer } from './base';

/** One number for all groups, or one for each. */
export type PerGroup = number | readonly number[];

/** A number for each group. `name` is PyTorch's. */
export function perGroup(name: string, { paramGroups: { length } }: AnyOptimizer, value: PerGroup): number[] {
  if (!Array.isArray(value)) return Array<number>(length).fill(checkNumber(name, value));
  if (value.length === length) return value.map((item) => checkNumber(name, item));
  throw new ValueError(
    `${name} must have the same length as optimizer.param_groups. ` +
      `${name} has ${value.length} values, param_groups has ${length}.`,
  );
}

/** Returns a required argument, which must have been given, as a number. */
export function checkNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`${name} must be a number, got ${describe(value)}`);
}

/** {@link readArgs}, where what is a number by default must be one; or several, one for each group, for {@link perGroup}. */
export function readOptions<D extends object>(where: string, rest: readonly unknown[], defaults: D): D {
  const options = readArgs(where, rest, defaults);
  for (const [name, value] of Object.entries(defaults)) {
    const given = options[name as keyof D];
    if (typeof value === 'number' && !Array.isArray(given)) checkNumber(`${where}: ${name}`, given);
  }
  return options;
}

/** Throws unless a schedule of this length can be divided by it. */
export function checkPeriod(where: string, name: string, value: unknown): void {
  if (typeof value === 'number' && value) return;
  throw new ValueError(`${where}: ${name} must be a number other than 0, got ${String(value)}`);
}

/** Throws ValueError unless `value` is an integer of at least `least`; `rule` is PyTorch's text of that. */
export function checkInteger(value: unknown, least: number, rule: string): void {
  if (Number.isInteger(value) && (value as number) >= least) return;
  throw new ValueError(`${rule} ${String(value)}`);
}

/** How a schedule goes from one value to another. */
export type AnnealStrategy = 'cos' | 'linear';

export function checkAnnealStrategy(strategy: unknown): void {
  if (strategy === 'cos' || strategy === 'linear') return;
  throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${String(strategy)}`);
}
