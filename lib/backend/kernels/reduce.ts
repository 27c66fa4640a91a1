import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, defineOwnKernel, fromArray, nativeOpMulti, type Value } from '../kernel';
import { eachRow } from './cumulative';
import { exactlyNative, exactlyReference } from './exact';
import { typeOf } from './moves';
import { reduce } from './reductions';

export type Reduction = 'Sum' | 'SumSquares' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'All' | 'Any';
export type Reduce = { op: Reduction; axes: readonly number[]; keepDims: boolean };

/** `x` reduced over `axes`. tfjs' own native reductions make an axes tensor on each call. */
defineKernel<Reduce>('Reduce', {
  native: ({ x }, attrs) => reduce(x!, attrs),
  reference: ({ x }, attrs) => reduceReference(x!, attrs),
});

/** Sum or product of int32; a result outside of int32 is a RangeError. */
defineKernel<Reduce>('ReduceExact', {
  native: ({ x }, attrs) => exactlyNative(x!, (v) => reduce(v, attrs)),
  reference: ({ x }, attrs) => exactlyReference(x!, (v) => reduceReference(v, attrs)),
});

type Reducer = (x: Value, axes: number[], keepDims: boolean) => Value;

/** tf.mean and tf.all are wrong for empty values. */
const REFERENCES: Record<Reduction, Reducer> = {
  Sum: tf.sum,
  SumSquares: (x, axes, keep) => tf.sum(tf.square(x), axes, keep),
  Mean: (x, axes, keep) =>
    tf.div(
      tf.sum(x, axes, keep),
      axes.reduce((n, axis) => n * x.shape[axis]!, 1),
    ),
  Max: tf.max,
  Min: tf.min,
  Prod: tf.prod,
  All: (x, axes, keep) => tf.logicalNot(tf.any(tf.logicalNot(x), axes, keep)),
  Any: tf.any,
};

function reduceReference(x: Value, { op, axes, keepDims }: Reduce): Value {
  // An empty list means all dimensions to tfjs.
  if (axes.length === 0) return op === 'SumSquares' ? tf.square(x) : tf.clone(x);
  return REFERENCES[op](x, [...axes], keepDims);
}

type Extreme = { op: 'Max' | 'Min'; axis: number; keepDims: boolean };

/** The largest (or smallest) elements along `axis` and where they first are. NaN counts as both. */
defineOwnKernel<Extreme>('Extreme', {
  native: ({ x }, { op, axis, keepDims }) =>
    nativeOpMulti('FlambeauExtreme', attrList({ T: typeOf(x!), axis, flag: op === 'Max', keep: keepDims }), [x!], 2),
  reference: ({ x }, { op, axis, keepDims }) => {
    const kept = REFERENCES[op](x!, [axis], true);
    const hits = tf.logicalOr(tf.equal(x!, kept), tf.notEqual(x!, x!));
    const where = tf.argMax(tf.cast(hits, 'int32'), axis);
    return keepDims ? [kept, tf.reshape(where, kept.shape)] : [tf.reshape(kept, where.shape), where];
  },
});

type ExtremeSoFar = { op: 'Max' | 'Min'; axis: number };

/** The largest (or smallest) elements so far along `axis` and where they last were. NaN counts as both. */
defineOwnKernel<ExtremeSoFar>('ExtremeSoFar', {
  native: ({ x }, { op, axis }) =>
    nativeOpMulti('FlambeauExtremeSoFar', attrList({ T: typeOf(x!), axis, flag: op === 'Max' }), [x!], 2),
  reference: ({ x }, { op, axis }) => {
    const values = x!.dataSync().slice() as Float32Array;
    const places = new Int32Array(values.length);
    const takes =
      op === 'Max' ? (next: number, best: number) => next >= best : (next: number, best: number) => next <= best;
    eachRow(x!.shape, axis, (start, step, size) => {
      for (let i = 1, at = start + step; i < size; i++, at += step) {
        const taken = Number.isNaN(values[at]) || takes(values[at]!, values[at - step]!);
        places[at] = taken ? i : places[at - step]!;
        if (!taken) values[at] = values[at - step]!;
      }
    });
    return [fromArray(values, x!.shape, typeOf(x!)), fromArray(places, x!.shape, 'int32')];
  },
});
