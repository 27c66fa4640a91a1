/** The lookups and additions by index that indexing functions and gradient rules are made of, on checked arguments. */
import { type Attrs, run, type Value } from '../backend/engine';
import { IndexError } from '../errors';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';

/** The error for an index out of range. */
type IndexErrors = (index: number) => Error;

/** Runs a kernel and puts its refusal of an index into the words of `error`. */
export function runChecked(
  kernel: string,
  inputs: Record<string, Value>,
  attrs: Attrs,
  error: IndexErrors = (index) => new IndexError(`index ${index} is out of range`),
): Value {
  try {
    return run(kernel, inputs, attrs);
  } catch (cause) {
    const found = /(-?\d+) is not in/.exec((cause as Error).message);
    throw found ? error(Number(found[1])) : cause;
  }
}

/** The slices of `x` at `index` (1-d) along `dim`. */
export function take(x: Tensor, dim: number, index: Tensor, error?: IndexErrors): Tensor {
  const size = x.shape[dim]!;
  const value = runChecked('Take', { x: x._value, index: index._value }, { dim }, error);
  return record(value, { name: 'IndexSelect', inputs: [x], saves: [index] }, () => [
    (g) => addSlices(index, g!, dim, size),
  ]);
}

/** Zeros with each slice of `src` along `dim` added at its `index`, which must be in range. */
export function addSlices(index: Tensor, src: Tensor, dim: number, size: number): Tensor {
  if (src.dtype === 'bool') return addSlices(index, src.int(), dim, size).bool();
  const value = run('AddSlices', { index: index._value, src: src._value }, { dim, size });
  return record(value, { name: 'IndexAdd', inputs: [src], saves: [index] }, () => [(g) => take(g!, dim, index)]);
}

/** The elements of `x` at their place in `index`, but at the index along `dim`. */
export function takeAlong(x: Tensor, dim: number, index: Tensor, error?: IndexErrors): Tensor {
  const { shape } = x;
  const value = runChecked('TakeAlong', { x: x._value, index: index._value }, { dim }, error);
  return record(value, { name: 'Gather', inputs: [x], saves: [index] }, () => [(g) => addAlong(index, g!, dim, shape)]);
}

/** Zeros of `shape` with each element of `src` added at its place, but at the index along `dim`, which must be in range. */
export function addAlong(index: Tensor, src: Tensor, dim: number, shape: readonly number[]): Tensor {
  if (src.dtype === 'bool') return addAlong(index, src.int(), dim, shape).bool();
  const value = run('AddAlong', { index: index._value, src: src._value }, { dim, shape });
  return record(value, { name: 'ScatterAdd', inputs: [src], saves: [index] }, () => [(g) => takeAlong(g!, dim, index)]);
}

/** `x` with each element of `src` added at its place, but at the index along `dim`. */
export function addedAlong(x: Tensor, dim: number, index: Tensor, src: Tensor, error: IndexErrors): Tensor {
  if (x.dtype === 'bool') return addedAlong(x.int(), dim, index, src.int(), error).bool();
  const inputs = { x: x._value, index: index._value, src: src._value };
  const value = runChecked('AddAlong', inputs, { dim, shape: x.shape }, error);
  return record(value, { name: 'ScatterAdd', inputs: [x, src], saves: [index] }, () => [
    (g) => g,
    (g) => takeAlong(g!, dim, index),
  ]);
}
