import * as tf from '@tensorflow/tfjs';
import { attrList, defineOwnKernel, nativeOp, type Value } from '../kernel';
import { isSpan } from './reductions';

const own = (x: Value, code: string, axes: readonly number[], keep = false): Value =>
  nativeOp('FlambeauSoftmax', attrList({ axis: axes[0]!, k: axes.length - 1, op: code.charCodeAt(0), keep }), [x]);

/** exp(x) / Σ exp(x) along `dim`, or its logarithm. */
defineOwnKernel<{ dim: number; log: boolean }>('SoftmaxAlong', {
  native: ({ x }, { dim, log }) => own(x!, log ? 'l' : 's', [dim]),
  reference: ({ x }, { dim, log }) => {
    const shifted = tf.sub(x!, tf.max(x!, dim, true));
    const exponentials = tf.exp(shifted);
    const total = tf.sum(exponentials, dim, true);
    return log ? tf.sub(shifted, tf.log(total)) : tf.div(exponentials, total);
  },
});

type Dims = { axes: readonly number[]; keepDims: boolean };

/** ln Σ exp(x) over `axes`, without overflow; −∞ where all are −∞ or there are none. */
defineOwnKernel<Dims>('LogSumExp', {
  native: ({ x }, { axes, keepDims }) =>
    isSpan(x!, axes) ? own(x!, 'e', axes, keepDims) : tf.tidy(() => logSumExp(x!, axes, keepDims)),
  reference: ({ x }, { axes, keepDims }) => logSumExp(x!, axes, keepDims),
});

function logSumExp(x: Value, axes: readonly number[], keepDims: boolean): Value {
  const over = [...axes];
  const largest = tf.max(x, over, true);
  // Infinite ones are not subtracted: ∞ − ∞ is NaN.
  const shift = tf.where(tf.isFinite(largest), largest, tf.zerosLike(largest));
  const total = tf.sum(tf.exp(tf.sub(x, shift)), over, keepDims);
  return tf.add(tf.log(total), tf.reshape(shift, total.shape));
}
