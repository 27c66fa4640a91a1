import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { reshape, select, typeOf } from './moves';

export type FlatReduction = 'Prod' | 'Max' | 'Min';

const COMBINE: Record<FlatReduction, (a: number, b: number) => number> = {
  Prod: (a, b) => a * b,
  Max: Math.max,
  Min: Math.min,
};

/** `x` with `values` multiplied into it, or its extreme with them, at `places`: positions in x read row by row. NaN wins. */
defineKernel<{ op: FlatReduction }>('ReduceFlat', {
  native: ({ x, places, values }, { op }) =>
    tf.tidy(() => {
      const [flat, at, updates] = [x!, places!, values!].map((v) => reshape(v, [v.size])) as [Value, Value, Value];
      const result = op === 'Prod' ? multiplied(flat, at, updates) : extreme(op, flat, at, updates);
      return reshape(result, x!.shape);
    }),
  reference: ({ x, places, values }, { op }) => {
    const [content, index, updates] = [x!.dataSync().slice(), places!.dataSync(), values!.dataSync()];
    index.forEach((place, i) => {
      content[place] = COMBINE[op](content[place]!, updates[i]!);
    });
    return tf.tensor(content, x!.shape, typeOf(x!));
  },
});

function multiplied(x: Value, places: Value, values: Value): Value {
  const attrs = attrList({ T: typeOf(x), Tindices: 'int32', Tnumsegments: 'int32' });
  return tf.mul(x, nativeOp('UnsortedSegmentProd', attrs, [values, places, constant(x.size, 'int32')]));
}

function extreme(op: 'Max' | 'Min', x: Value, places: Value, values: Value): Value {
  const index = reshape(places, [places.size, 1]);
  const scatter = (name: string, into: Value, updates: Value) =>
    nativeOp(`TensorScatter${name}`, attrList({ T: typeOf(into), Tindices: 'int32' }), [into, index, updates]);
  const result = scatter(op, x, values);
  if (x.dtype !== 'float32') return result;
  // TensorFlow's passes over NaN.
  const nan = (v: Value) => tf.cast(tf.isNaN(v), 'int32');
  return select(tf.greater(scatter('Max', nan(x), nan(values)), 0), constant(Number.NaN), result);
}
