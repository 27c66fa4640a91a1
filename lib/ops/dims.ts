import { RuntimeError } from '../errors';
import { normalDim } from './define';

/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];

/** The dimensions that `dim` names, counted from 0 and ascending. None of a 0-d tensor: it has only imagined ones. */
export function readDims(dim: Dims, ndim: number): number[] {
  if (typeof dim !== 'number' && !Array.isArray(dim)) {
    throw new TypeError(`dim must be a number or an array of numbers, not ${dim === null ? 'null' : typeof dim}`);
  }
  const dims = [dim].flat().map((d: number) => normalDim(d, ndim));
  const twice = dims.find((d, i) => dims.indexOf(d) !== i);
  if (twice !== undefined) throw new RuntimeError(`dim ${twice} appears multiple times in the list of dims`);
  return ndim === 0 ? [] : dims.sort((a, b) => a - b);
}

/** {@link readDims} for reductions: null and an empty list name all dimensions. */
export function reductionDims(dim: Dims | null, ndim: number): number[] {
  if (dim === null || (typeof dim !== 'number' && dim.length === 0)) return Array.from({ length: ndim }, (_, i) => i);
  return readDims(dim, ndim);
}

/** `shape` with size 1 in the reduced dimensions. */
export function keptShape(shape: readonly number[], dims: readonly number[]): number[] {
  return shape.map((size, i) => (dims.includes(i) ? 1 : size));
}

/** The number of elements that `dims` span. */
export function spanOf(shape: readonly number[], dims: readonly number[]): number {
  return dims.reduce((n, dim) => n * shape[dim]!, 1);
}

/** `(2, 3)` and `([2, 3])` alike: what Python takes as *x. */
export type Star = number[] | [list: readonly number[]];

/** The numbers of a {@link Star} argument. */
export function readStar(where: string, args: Star): number[] {
  const list = (args.length === 1 && Array.isArray(args[0]) ? [...args[0]] : args) as unknown[];
  const odd = list.find((x) => !Number.isInteger(x));
  if (odd !== undefined) throw new TypeError(`${where}: takes integers, or one array of them, got ${String(odd)}`);
  return list as number[];
}

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

export const show = (list: readonly (number | string)[]): string => `[${list.join(', ')}]`;
