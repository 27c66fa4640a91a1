import { attrList, constant, defineKernel, fromArray, nativeOp, type Value } from '../kernel';
import { exactlyNative } from './exact';

/** Calls `fn` on each row along `axis` of a flat array: where it starts, how far it is from each element to the next, its number. */
export function eachRow(
  shape: readonly number[],
  axis: number,
  fn: (start: number, step: number, size: number, row: number) => void,
): void {
  const size = shape[axis]!;
  const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const rows = shape.reduce((a, b) => a * b, 1) / (size || 1);
  for (let i = 0; i < rows; i++) fn(Math.floor(i / step) * step * size + (i % step), step, size, i);
}

/** Each element combined with the result so far. */
function scan(x: Value, axis: number, combine: (sofar: number, next: number) => number): Value {
  const out = x.dataSync().slice() as Float32Array;
  eachRow(x.shape, axis, (start, step, size) => {
    for (let i = 1; i < size; i++)
      out[start + i * step] = combine(out[start + (i - 1) * step]!, out[start + i * step]!);
  });
  return fromArray(out, x.shape, x.dtype as 'float32');
}

/** Products of the elements so far along `axis`. For int32, leaving int32 is a RangeError. */
defineKernel<{ axis: number }>('CumulateProduct', {
  native: ({ x }, { axis }) => {
    const T = x!.dtype as 'float32';
    const products = (v: Value, type: 'float32' | 'int32') => {
      const attrs = attrList({ exclusive: false, reverse: false, T: type, Tidx: 'int32' });
      return nativeOp('Cumprod', attrs, [v, constant(axis, 'int32')]);
    };
    if (T === 'float32') return products(x!, T);
    return exactlyNative(x!, (v) => products(v, v.dtype as 'int32'));
  },
  reference: ({ x }, { axis }) =>
    scan(x!, axis, (a, b) => {
      const product = a * b;
      if (x!.dtype === 'int32' && product !== (product | 0)) throw new RangeError(`${product} is out of int32's range`);
      return product;
    }),
});

/** ln Σ exp(x) of the elements so far, from the other end if `reverse`, without overflow. */
defineKernel<{ axis: number; reverse: boolean }>('CumulateLogSumExp', {
  native: ({ x }, { axis, reverse }) => {
    const float = attrList({ T: 'float32' });
    const attrs = attrList({ exclusive: false, reverse, T: 'float32', Tidx: 'int32' });
    const sums = nativeOp('CumulativeLogsumexp', attrs, [x!, constant(axis, 'int32')]);
    // It passes NaN over.
    const isNan = nativeOp('IsNan', float, [x!]);
    const nan = nativeOp('SelectV2', float, [isNan, x!, constant(0)]);
    const spoilt = nativeOp('Cumsum', attrs, [nan, constant(axis, 'int32')]);
    const result = nativeOp('AddV2', float, [sums, spoilt]);
    for (const value of [sums, isNan, nan, spoilt]) value.dispose();
    return result;
  },
  reference: ({ x }, { axis, reverse }) => {
    const out = x!.dataSync().slice() as Float32Array;
    eachRow(x!.shape, axis, (start, step, size) => {
      const at = (i: number) => start + (reverse ? size - 1 - i : i) * step;
      for (let i = 1; i < size; i++) out[at(i)] = logAddExp(out[at(i - 1)]!, out[at(i)]!);
    });
    return fromArray(out, x!.shape, 'float32');
  },
});

function logAddExp(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low === high && !Number.isFinite(low) ? low : high + Math.log1p(Math.exp(low - high));
}
