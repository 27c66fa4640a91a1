import * as tf from '@tensorflow/tfjs';
import {
  attrList,
  constant,
  defineKernel,
  defineOwnKernel,
  fromArray,
  nativeOp,
  nativeOpMulti,
  type Value,
} from '../kernel';
import { hasOwnOps } from '../native';
import { eachRow } from './cumulative';
import { exactlyNative, exactlyReference } from './exact';
import { typeOf } from './moves';

export type Reduction = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod' | 'All' | 'Any';
type Reduce = { op: Reduction; axes: readonly number[]; keepDims: boolean };

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

/** {@link Reduce} in one TensorFlow op. */
export function reduce(x: Value, { op, axes, keepDims }: Reduce): Value {
  if (overColumns(x, op, axes)) {
    const attrs = attrList({ axis: axes[0]!, k: axes.length, op: COLUMNS[op]!, keep: keepDims });
    return nativeOp('FlambeauReduce', attrs, [x]);
  }
  const types = op === 'All' || op === 'Any' ? { Tidx: 'int32' as const } : { T: typeOf(x), Tidx: 'int32' as const };
  return nativeOp(op, attrList({ keep_dims: keepDims, ...types }), [x, constant(axes, 'int32')]);
}

/** What our own op does, by the code that it has there. */
const COLUMNS: Partial<Record<Reduction, number>> = Object.fromEntries(
  Object.entries({ Sum: 's', Mean: 'm', Max: 'x', Min: 'n' }).map(([op, code]) => [op, code.charCodeAt(0)]),
);

/**
 * TensorFlow is fast over the last dimensions. Over those before it strides through memory, and adds up row after row, with
 * errors that grow with their number.
 */
function overColumns(x: Value, op: Reduction, axes: readonly number[]): boolean {
  if (!hasOwnOps() || x.dtype !== 'float32' || COLUMNS[op] === undefined || x.size === 0) return false;
  const adjacent = axes.length > 0 && axes.every((axis, i) => axis === axes[0]! + i);
  return adjacent && axes.at(-1)! < x.rank - 1;
}

type Reducer = (x: Value, axes: number[], keepDims: boolean) => Value;

/** tf.mean and tf.all are wrong for empty values. */
const REFERENCES: Record<Reduction, Reducer> = {
  Sum: tf.sum,
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
  if (axes.length === 0) return tf.clone(x);
  return REFERENCES[op](x, [...axes], keepDims);
}

type Extreme = { op: 'Max' | 'Min'; axis: number; keepDims: boolean };

/** The largest (or smallest) elements along `axis` and where they first are. NaN counts as both. */
defineOwnKernel<Extreme>('Extreme', {
  native: ({ x }, { op, axis, keepDims }) =>
    nativeOpMulti('FlambeauExtreme', attrList({ T: typeOf(x!), axis, flag: op === 'Max', keep: keepDims }), [x!], 2),
  reference: ({ x }, { op, axis, keepDims }) => {
    const kept = REFERENCES[op](x!, [axis], true);
    const hits = tf.logicalOr(tf.equal(x!, kept), tf.isNaN(x!));
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
