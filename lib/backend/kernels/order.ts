import type { TypedArray } from '../engine';
import { attrList, defineOwnKernel, fromArray, nativeOp, nativeOpMulti } from '../kernel';
import { eachRow } from './cumulative';
import { typeOf } from './moves';

type Order = { axis: number; k: number; descending: boolean };

/** The first `k` along `axis` in order, and where they are; equal ones by index. NaN counts as the largest. */
defineOwnKernel<Order>('Order', {
  native: ({ x }, { axis, k, descending }) =>
    nativeOpMulti('FlambeauOrder', attrList({ T: typeOf(x!), axis, k, flag: descending }), [x!], 2),
  reference: ({ x }, { axis, k, descending }) => {
    const data = x!.dataSync() as Float32Array;
    const sign = descending ? -1 : 1;
    const shape = x!.shape.with(axis, k);
    const values = x!.dataSync().slice(0, product(shape)) as TypedArray;
    const indices = new Int32Array(values.length);
    eachRow(x!.shape, axis, (start, step, size, row) => {
      const order = Int32Array.from({ length: size }, (_, i) => i);
      order.sort((i, j) => sign * rising(data[start + i * step]!, data[start + j * step]!) || i - j);
      const to = Math.floor(row / step) * step * k + (row % step);
      for (let i = 0; i < k; i++) {
        indices[to + i * step] = order[i]!;
        values[to + i * step] = data[start + order[i]! * step]!;
      }
    });
    return [fromArray(values, shape, typeOf(x!)), fromArray(indices, shape, 'int32')];
  },
});

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** Compares as numbers, NaN being the largest and equal to itself. */
export function rising(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/**
 * Where each of `values` would go into its row of the sorted `sequence` (all use the same one if it is 1-d); `right`: behind
 * equal elements. NaN is not below anything, and nothing that is not NaN is below NaN's place.
 */
defineOwnKernel<{ right: boolean }>('Search', {
  native: ({ sequence, values }, { right }) =>
    nativeOp('FlambeauSearch', attrList({ T: typeOf(sequence!), flag: right }), [sequence!, values!]),
  reference: ({ sequence, values }, { right }) => {
    const [data, wanted] = [sequence!.dataSync() as Float32Array, values!.dataSync() as Float32Array];
    const size = sequence!.shape.at(-1)!;
    const perRow = sequence!.rank === 1 ? wanted.length : values!.shape.at(-1)!;
    const before = right ? (a: number, b: number) => !(a > b) : (a: number, b: number) => !(a >= b);
    const places = Int32Array.from(wanted, (value, i) => {
      const start = Math.floor(i / perRow) * size;
      let [low, high] = [start, start + size];
      while (low < high) {
        const mid = (low + high) >>> 1;
        if (before(data[mid]!, value)) low = mid + 1;
        else high = mid;
      }
      return low - start;
    });
    return fromArray(places, values!.shape, 'int32');
  },
});
