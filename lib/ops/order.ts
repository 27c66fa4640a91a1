/** The order of elements along a dimension, and picking by it: what all that sorts is made of. */
import { run, type Value } from '../backend/engine';

export { rising } from '../backend/kernels/order';

import { fromTypedArray } from '../tensor/creation';
import { record, unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim, withValues } from './define';
import { sameShape } from './dims';
import { addAlong } from './gatherScatter';
import { cropDim, refit, reshapeTo, then } from './layout';

/** The indices along `dim` of the first `k` elements in order; see the kernel. `x` has a dimension. */
export function orderOf(x: Tensor, dim: number, k: number, descending: boolean, sorted = true): Tensor {
  const shape = x.shape.with(dim, k);
  if (shape.includes(0)) return fromTypedArray(new Int32Array(0), shape);
  const attrs = { k, descending, sorted };
  const last = x.ndim - 1;
  const value = withValues([x], x.dtype === 'bool' ? 'int32' : x.dtype, (v) => {
    if (dim === last) return run('Order', { x: v }, attrs);
    const perm = x.shape.map((_, i) => (i === dim ? last : i === last ? dim : i));
    return then(then(run('Permute', { x: v }, { perm }), 'Order', attrs), 'Permute', { perm });
  });
  return unrecorded(value);
}

/** The elements of `x` at `index` along `dim`, of `shape`; gradients go back to where they were. */
export function chosen(x: Tensor, dim: number, index: Tensor, name: string, shape = index.shape): Tensor {
  const old = x.shape;
  const kept = index.shape;
  const found: Value = run('TakeAlong', { x: x._value, index: index._value }, { dim });
  const value = sameShape(kept, shape) ? found : refit(found, shape);
  return record(value, { name, inputs: [x], saves: [index] }, () => [
    (g) => addAlong(index, reshapeTo(g!, kept), dim, old),
  ]);
}

/** `x` with at least one dimension, and the counted-out `dim` of it. */
export function readAlong(where: string, input: Tensor, dim: number): { x: Tensor; axis: number } {
  checkTensor(where, input);
  const axis = normalDim(dim, input.ndim);
  return { x: input.ndim === 0 ? reshapeTo(input, [1]) : input, axis };
}

/** Values and indices by the rows of `index`, back in 0-d if `input` was. */
export function pick(input: Tensor, x: Tensor, axis: number, index: Tensor, name: string, keepdim = true): Tensor[] {
  const shape = input.ndim === 0 ? [] : keepdim ? index.shape : index.shape.toSpliced(axis, 1);
  const values = chosen(x, axis, index, name, shape);
  return [values, sameShape(shape, index.shape) ? index : reshapeTo(index, shape)];
}

/** One slice of `index` along `dim`. */
export const sliceAt = (index: Tensor, dim: number, at: number): Tensor => cropDim(index, dim, at, 1);
