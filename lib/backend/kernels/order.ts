import {
  attrList,
  constant,
  defineKernel,
  fromArray,
  type Value as KernelValue,
  nativeOp,
  nativeOpMulti,
} from '../kernel';

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
