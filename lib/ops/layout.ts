/**
 * The movements of elements that all shape functions and many gradient rules are made of, on checked arguments. Their results
 * are tensors of their own; {@link asView} makes views of those of functions that give views in PyTorch.
 */
import { type Attrs, run, type Value } from '../backend/engine';
import { record } from '../tensor/op';
import { reshaped, reshapedStrides, rowMajor, type StrideRule } from '../tensor/strides';
import { type Tensor, View } from '../tensor/tensor';
import { keptShape, sameShape } from './dims';

/** `move(input)` as a view of `input`: a change of either, in place, shows in both. `move` only moves elements. */
export function asView(input: Tensor, move: (x: Tensor) => Tensor, rule: StrideRule): Tensor {
  const out = move(input);
  if (out !== input) out._view = View.of(input, move, rule);
  return out;
}

/** {@link reshapeTo} as a view, or a copy where the elements do not lie so that one could be. */
export function reshapedView(input: Tensor, shape: readonly number[], name?: string): Tensor {
  const move = (x: Tensor) => reshapeTo(x, shape, name);
  return canView(input, shape) ? asView(input, move, reshaped(shape)) : move(input);
}

export function canView(input: Tensor, shape: readonly number[]): boolean {
  return !input._view || reshapedStrides(input._view.strides(), input.shape, shape) !== null;
}

export const stridesOf = (x: Tensor): readonly number[] => x._view?.strides() ?? rowMajor(x.shape);

/** {@link asView} for several results of one movement. */
export function asViews(input: Tensor, move: (x: Tensor) => readonly Tensor[], rule: StrideRule): Tensor[] {
  const outs = [...move(input)];
  outs.forEach((out, i) => {
    out._view = View.of(input, (x) => move(x)[i]!, rule);
  });
  return outs;
}

/** The same elements under another shape of the same size. */
export function reshapeTo(x: Tensor, shape: readonly number[], name = 'View'): Tensor {
  const old = x.shape;
  const value = sameShape(old, shape) ? run('Identity', { x: x._value }) : run('View', { x: x._value }, { shape });
  return record(value, { name, inputs: [x] }, () => [(g) => reshapeTo(g!, old)]);
}

/** Dimension `perm[i]` becomes dimension i. */
export function permuteTo(x: Tensor, perm: readonly number[], name = 'Permute'): Tensor {
  const still = perm.every((from, to) => from === to);
  const value = still ? run('Identity', { x: x._value }) : run('Permute', { x: x._value }, { perm });
  return record(value, { name, inputs: [x] }, () => [(g) => permuteTo(g!, inverse(perm))]);
}

function inverse(perm: readonly number[]): number[] {
  return perm.map((_, i) => perm.indexOf(i));
}

/** `x` broadcast to `shape`, which must fit. */
export function expandTo(x: Tensor, shape: readonly number[]): Tensor {
  const old = x.shape;
  const value = sameShape(old, shape) ? run('Identity', { x: x._value }) : run('Expand', { x: x._value }, { shape });
  return record(value, { name: 'Expand', inputs: [x] }, () => [(g) => sumTo(g!, old)]);
}

/** The gradient `g` of a reduction over `dims`, spread over the `shape` that was reduced. */
export function spread(g: Tensor, shape: readonly number[], dims: readonly number[], keepdim: boolean): Tensor {
  return expandTo(unreduced(g, shape, dims, keepdim), shape);
}

/** The result of a reduction over `dims` with the reduced dimensions put back as 1. */
export function unreduced(x: Tensor, shape: readonly number[], dims: readonly number[], keepdim: boolean): Tensor {
  if (keepdim || dims.length === 0 || x.ndim === 0) return x;
  return reshapeTo(x, keptShape(shape, dims));
}

/** The block of `size` that starts at `begin`. */
export function crop(x: Tensor, begin: readonly number[], size: readonly number[], name = 'Slice'): Tensor {
  const after = x.shape.map((n, i) => n - begin[i]! - size[i]!);
  const value = run('Crop', { x: x._value }, { begin, size });
  return record(value, { name, inputs: [x] }, () => [(g) => uncrop(g!, begin, after)]);
}

/** {@link crop} in one dimension. */
export function cropDim(x: Tensor, dim: number, start: number, length: number, name?: string): Tensor {
  const begin = x.shape.map((_, i) => (i === dim ? start : 0));
  const size = x.shape.map((n, i) => (i === dim ? length : n));
  return crop(x, begin, size, name);
}

/** `x` with `before[i]` zeros in front and `after[i]` behind in dimension i. */
export function uncrop(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  const size = x.shape;
  const value = run('Uncrop', { x: x._value }, { before, after });
  return record(value, { name: 'ConstantPadNd', inputs: [x] }, () => [(g) => crop(g!, before, size)]);
}

/** `x` summed down to `shape`, which must broadcast to x's; `x` itself if it is that already. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const old = x.shape;
  return record(sumValue(x, shape), { name: 'Sum', inputs: [x] }, () => [(g) => expandTo(g!, old)]);
}

function sumValue(x: Tensor, shape: readonly number[]): Value {
  const added = x.ndim - shape.length;
  const axes = x.shape.flatMap((size, i) => (i < added || (shape[i - added] === 1 && size !== 1) ? [i] : []));
  const keepDims = added === 0;
  const sum = runExact('sumToSize', x.dtype === 'int32' ? 'ReduceExact' : 'Reduce', x, { op: 'Sum', axes, keepDims });
  return sameShape(sum.shape, shape) ? sum : refit(sum, shape);
}

/** `value` under another shape; takes it over. */
export function refit(value: Value, shape: readonly number[]): Value {
  return then(value, 'View', { shape });
}

/** Runs a kernel of one input, which it takes over. */
export function then(x: Value, kernel: string, attrs: Attrs = {}): Value {
  try {
    return run(kernel, { x }, attrs);
  } finally {
    x.dispose();
  }
}

/** Runs a kernel whose result for int32 may leave int32: that is a RangeError. */
export function runExact(where: string, kernel: string, x: Tensor, attrs: Attrs): Value {
  try {
    return run(kernel, { x: x._value }, attrs);
  } catch (error) {
    const { cause } = error as Error;
    throw cause instanceof RangeError ? new RangeError(`${where}: ${cause.message}`) : error;
  }
}
