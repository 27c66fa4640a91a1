/** The order of elements along a dimension, and picking by it: what all that sorts is made of. */
import { run, type Value } from '../../backend/engine';
import {
  attrList,
  constant,
  defineKernel,
  fromArray,
  type Value as KernelValue,
  nativeOp,
  nativeOpMulti,
} from '../../backend/kernel';
import { fromTypedArray } from '../../tensor/creation';
import { record, unrecorded } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { checkTensor, normalDim, withValues } from '../define';
import { sameShape } from '../dims';
import { addAlong } from '../gatherScatter';
import { cropDim, refit, reshapeTo, then } from '../layout';

type Order = { k: number; descending: boolean; sorted: boolean };
const [INT32_MIN, INT32_MAX] = [-(2 ** 31), 2 ** 31 - 1];

/** Along the last dimension the indices of the first `k` in order, equal ones by index. NaN counts as the largest. */
defineKernel<Order>('Order', {
  native: ({ x }, { k, descending, sorted }) => {
    const made: KernelValue[] = [];
    const op = (name: string, attrs: Parameters<typeof attrList>[0], ...inputs: KernelValue[]) => {
      const value = nativeOp(name, attrList(attrs), inputs);
      made.push(value);
      return value;
    };
    try {
      const rising = x!.dtype === 'float32' ? floatKey(x!, op) : x!;
      const key = descending ? rising : op('Invert', { T: 'int32' }, rising);
      const outs = nativeOpMulti('TopKV2', attrList({ sorted, T: 'int32' }), [key, constant(k, 'int32')], 2);
      made.push(outs[0]!);
      return outs[1]!;
    } finally {
      for (const value of made) value.dispose();
    }
  },
  reference: ({ x }, { k, descending }) => {
    const data = x!.dataSync() as Float32Array;
    const size = x!.shape.at(-1)!;
    const sign = descending ? -1 : 1;
    const out = new Int32Array((data.length / size) * k);
    for (let row = 0; row * size < data.length; row++) {
      const values = data.subarray(row * size, (row + 1) * size);
      const order = Int32Array.from(values, (_, i) => i);
      order.sort((i, j) => sign * rising(values[i]!, values[j]!) || i - j);
      out.set(order.subarray(0, k), row * k);
    }
    return fromArray(out, [...x!.shape.slice(0, -1), k], 'int32');
  },
});

/** Integers in the order of the floats: their bits, with those of negative ones reversed and NaN on top. */
function floatKey(
  x: KernelValue,
  op: (name: string, attrs: Parameters<typeof attrList>[0], ...inputs: KernelValue[]) => KernelValue,
): KernelValue {
  const float = { T: 'float32' } as const;
  const int = { T: 'int32' } as const;
  const bits = op('Bitcast', { ...float, type: 'int32' }, x);
  // −0 has the bits of −2³¹, and becomes 0.
  const reversed = op('Sub', int, constant(INT32_MIN, 'int32'), bits);
  const key = op('SelectV2', int, op('Less', int, bits, constant(0, 'int32')), reversed, bits);
  return op('SelectV2', int, op('IsNan', float, x), constant(INT32_MAX, 'int32'), key);
}

/** Compares as numbers, NaN being the largest and equal to itself. */
export function rising(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

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
