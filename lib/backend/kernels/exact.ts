import * as tf from '@tensorflow/tfjs';
import { attrList, constant, nativeOp, type Value } from '../kernel';

/** Throws if any of `flags` (bool) is set. */
type Refuse = (flags: Value) => void;

/**
 * `fn(x)` for int32 `x`, where PyTorch computes in int64: leaving int32 is a RangeError. What wraps around is off by a
 * multiple of 2³²; the same computed in float32 shows it, whatever its rounding. Called inside a tidy.
 */
function exactly(x: Value, fn: (x: Value) => Value, refuse: Refuse): Value {
  const result = fn(x);
  const approximate = fn(tf.cast(x, 'float32'));
  const flags = tf.greater(tf.abs(tf.sub(approximate, tf.cast(result, 'float32'))), 2 ** 30);
  try {
    refuse(flags);
  } catch (cause) {
    throw new RangeError(
      'the result does not fit into int32, which stands for int64 here; convert with .float() first',
      {
        cause,
      },
    );
  }
  return result;
}

/** {@link exactly} in TensorFlow ops, without reading back: looking up index 1 in a table of one element is an error. */
export function exactlyNative(x: Value, fn: (x: Value) => Value): Value {
  return tf.tidy(() =>
    exactly(x, fn, (flags) => {
      const attrs = attrList({ batch_dims: 0, Tparams: 'int32', Tindices: 'int32', Taxis: 'int32' });
      nativeOp('GatherV2', attrs, [constant([0], 'int32'), tf.cast(flags, 'int32'), constant(0, 'int32')]);
    }),
  );
}

/** {@link exactly} where values live in JavaScript. */
export function exactlyReference(x: Value, fn: (x: Value) => Value): Value {
  return exactly(x, fn, (flags) => {
    if (flags.dataSync().includes(1)) throw new RangeError('overflow');
  });
}
