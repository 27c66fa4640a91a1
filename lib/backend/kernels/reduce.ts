import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { exactlyNative, exactlyReference } from './exact';
import { reshape, typeOf } from './moves';

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

function reduce(x: Value, { op, axes, keepDims }: Reduce): Value {
  const types = op === 'All' || op === 'Any' ? { Tidx: 'int32' as const } : { T: typeOf(x), Tidx: 'int32' as const };
  return nativeOp(op, attrList({ keep_dims: keepDims, ...types }), [x, constant(axes, 'int32')]);
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

/**
 * The largest (or smallest) elements along `axis` and where they first are. NaN counts as both; TensorFlow's ArgMax passes
 * it over.
 */
defineKernel<Extreme>('Extreme', {
  native: ({ x }, attrs) => tf.tidy(() => extremeNative(x!, attrs)),
  reference: ({ x }, { op, axis, keepDims }) => {
    const kept = REFERENCES[op](x!, [axis], true);
    const hits = tf.logicalOr(tf.equal(x!, kept), tf.isNaN(x!));
    const where = tf.argMax(tf.cast(hits, 'int32'), axis);
    return keepDims ? [kept, tf.reshape(where, kept.shape)] : [tf.reshape(kept, where.shape), where];
  },
});

function extremeNative(x: Value, { op, axis, keepDims }: Extreme): Value[] {
  const kept = reduce(x, { op, axes: [axis], keepDims: true });
  const where = x.dtype === 'float32' ? firstHit(x, kept, axis) : argExtreme(op, x, axis);
  return keepDims ? [kept, reshape(where, kept.shape)] : [reshape(kept, where.shape), where];
}

/** Where `x` first equals its extreme or is NaN. */
function firstHit(x: Value, extreme: Value, axis: number): Value {
  const equal = nativeOp('Equal', attrList({ T: 'float32', incompatible_shape_error: true }), [x, extreme]);
  const nan = nativeOp('IsNan', attrList({ T: 'float32' }), [x]);
  return argExtreme('Max', nativeOp('LogicalOr', [], [equal, nan]), axis);
}

function argExtreme(op: 'Max' | 'Min', x: Value, axis: number): Value {
  const attrs = attrList({ T: typeOf(x), Tidx: 'int32', output_type: 'int32' });
  return nativeOp(`Arg${op}`, attrs, [x, constant(axis, 'int32')]);
}
