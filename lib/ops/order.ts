/** The order of elements along a dimension, and picking by it: what all that sorts is made of. */
import { type Attrs, run, runMulti, type Value } from '../backend/engine';

export { rising } from '../backend/kernels/order';

import { record, recordMulti, unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim, withValues } from './define';
import { sameShape } from './dims';
import { addAlong } from './gatherScatter';
import { cropDim, refit, reshapeTo, then } from './layout';

/** Runs a kernel that gives elements of `x` and their indices; bools, which none of these takes, go through int32. */
export function picked(kernel: string, x: Tensor, attrs: Attrs): Value[] {
  if (x.dtype !== 'bool') return runMulti(kernel, { x: x._value }, attrs);
  const [values, indices] = withValues([x], 'int32', (v) => runMulti(kernel, { x: v }, attrs));
  return [then(values!, 'Cast', { dtype: 'bool' }), indices!];
}

/** The indices along `dim` of the first `k` elements in order. */
export function orderOf(x: Tensor, dim: number, k: number, descending: boolean): Tensor {
  const [values, indices] = picked('Order', x, { axis: dim, k, descending });
  values!.dispose();
  return unrecorded(indices!);
}

/** {@link picked} along `axis` for `input`, which `x` is with at least one dimension; gradients go back to where they were. */
export function pickedAlong(
  kernel: string,
  input: Tensor,
  x: Tensor,
  attrs: Attrs & { axis: number },
  name: string,
): Tensor[] {
  const { shape } = x;
  const outs = recordMulti(
    picked(kernel, x, attrs),
    { name, inputs: [x] },
    ([, index]) =>
      ([g]) => [addAlong(index!, g!, attrs.axis, shape)],
    ([, index]) => [index!],
  );
  return input.ndim === 0 ? outs.map((out) => reshapeTo(out, [])) : outs;
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
