/** Calls that move elements, shared by the kernels. All give a new value; the operands stay the caller's. */
import * as tf from '@tensorflow/tfjs';
import type { DType } from '../engine';
import { attrList, constant, fromArray, nativeOp, type Value } from '../kernel';

/** The element type as an op attribute. */
export const typeOf = (x: Value): DType => x.dtype as DType;

/** Passes int32 numbers that change from call to call and would only crowd the cache of constants. */
export function withInts<R>(numbers: readonly number[], shape: readonly number[], fn: (ints: Value) => R): R {
  const ints = fromArray(Int32Array.from(numbers), shape, 'int32');
  try {
    return fn(ints);
  } finally {
    ints.dispose();
  }
}

/** The same elements under another shape; shares the buffer. */
export function reshape(x: Value, shape: readonly number[]): Value {
  return nativeOp('Reshape', attrList({ T: typeOf(x), Tshape: 'int32' }), [x, constant(shape, 'int32')]);
}

/** Dimension `perm[i]` becomes dimension i. */
export function transpose(x: Value, perm: readonly number[]): Value {
  return nativeOp('Transpose', attrList({ T: typeOf(x), Tperm: 'int32' }), [x, constant(perm, 'int32')]);
}

/** `x` broadcast to `shape` in tfjs' kernels: tf.broadcastTo leaves a 1 that is to become 0. */
export function expandReference(x: Value, shape: readonly number[]): Value {
  const padded = [...new Array<number>(shape.length - x.rank).fill(1), ...x.shape];
  return tf.tile(
    tf.reshape(x, padded),
    shape.map((size, i) => (padded[i] === size ? 1 : size)),
  );
}

/** The block of `size` that starts at `begin`. */
export function slice(x: Value, begin: readonly number[], size: readonly number[]): Value {
  return withInts(begin, [begin.length], (from) =>
    withInts(size, [size.length], (extent) =>
      nativeOp('Slice', attrList({ T: typeOf(x), Index: 'int32' }), [x, from, extent]),
    ),
  );
}

/** {@link slice} in tfjs' kernels, which fail on some empty values. */
export function sliceReference(x: Value, begin: readonly number[], size: readonly number[]): Value {
  return size.includes(0) ? tf.zeros([...size], typeOf(x)) : tf.slice(x, [...begin], [...size]);
}

/** Zeros (false for bools) around `x`: in dimension i `before[i]` in front and `after[i]` behind. */
export function pad(x: Value, before: readonly number[], after: readonly number[]): Value {
  const pairs = before.flatMap((n, i) => [n, after[i]!]);
  return withInts(pairs, [before.length, 2], (paddings) =>
    nativeOp('Pad', attrList({ T: typeOf(x), Tpaddings: 'int32' }), [x, paddings]),
  );
}

/** The order of dimensions that moves `dim` to the front or to the end. */
export function permMoving(ndim: number, dim: number, to: 'front' | 'end'): number[] {
  const others = Array.from({ length: ndim }, (_, i) => i).filter((i) => i !== dim);
  return to === 'front' ? [dim, ...others] : [...others, dim];
}

/** Undoes `perm`. */
export function inversePerm(perm: readonly number[]): number[] {
  const inverse = new Array<number>(perm.length);
  perm.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/** `t` where `condition`, else `e`, broadcast; tf.where fails on some empty values. */
export function select(condition: Value, t: Value, e: Value): Value {
  const shape = [t, e].reduce((s, v) => tf.backend_util.assertAndGetBroadcastShape(s, v.shape), condition.shape);
  return tf.engine().runKernel('SelectBroadcast', { condition, t, e }, { shape });
}
