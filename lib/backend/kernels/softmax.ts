import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { reshape } from './moves';
import { reduce } from './reductions';

type Softmax = { dim: number; log: boolean };

/** exp(x) / Σ exp(x) along `dim`, or its logarithm. TensorFlow's fused ops take the last dimension only. */
defineKernel<Softmax>('SoftmaxAlong', {
  native: ({ x }, { dim, log }) => {
    if (dim !== x!.rank - 1) return tf.tidy(() => softmaxInside(x!, dim, log));
    return nativeOp(log ? 'LogSoftmax' : 'Softmax', attrList({ T: 'float32' }), [x!]);
  },
  reference: ({ x }, { dim, log }) => {
    const shifted = tf.sub(x!, tf.max(x!, dim, true));
    const exponentials = tf.exp(shifted);
    const total = tf.sum(exponentials, dim, true);
    return log ? tf.sub(shifted, tf.log(total)) : tf.div(exponentials, total);
  },
});

/** Three times as fast as moving the dimension to the end and back. */
function softmaxInside(x: Value, dim: number, log: boolean): Value {
  const float = attrList({ T: 'float32' });
  const along = (op: 'Max' | 'Sum', v: Value) => reduce(v, { op, axes: [dim], keepDims: true });
  const shifted = nativeOp('Sub', float, [x, along('Max', x)]);
  const exponentials = nativeOp('Exp', float, [shifted]);
  const total = along('Sum', exponentials);
  if (log) return nativeOp('Sub', float, [shifted, nativeOp('Log', float, [total])]);
  return nativeOp('RealDiv', float, [exponentials, total]);
}

type Dims = { axes: readonly number[]; keepDims: boolean };

/** ln Σ exp(x) over `axes`, without overflow; −∞ where all are −∞ or there are none. */
defineKernel<Dims>('LogSumExp', {
  native: ({ x }, { axes, keepDims }) => tf.tidy(() => logSumExp(x!, axes, keepDims)),
  reference: ({ x }, { axes, keepDims }) => {
    const over = [...axes];
    const largest = tf.max(x!, over, true);
    // Infinite ones are not subtracted: ∞ − ∞ is NaN.
    const shift = tf.where(tf.isFinite(largest), largest, tf.zerosLike(largest));
    const total = tf.sum(tf.exp(tf.sub(x!, shift)), over, keepDims);
    return tf.add(tf.log(total), tf.reshape(shift, total.shape));
  },
});

function logSumExp(x: Value, axes: readonly number[], keepDims: boolean): Value {
  const float = attrList({ T: 'float32' });
  const largest = reduce(x, { op: 'Max', axes, keepDims: true });
  const finite = nativeOp('IsFinite', float, [largest]);
  const shift = nativeOp('SelectV2', float, [finite, largest, constant(0)]);
  const exponentials = nativeOp('Exp', float, [nativeOp('Sub', float, [x, shift])]);
  const total = reduce(exponentials, { op: 'Sum', axes, keepDims });
  const fitted = keepDims ? shift : reshape(shift, total.shape);
  return nativeOp('AddV2', float, [nativeOp('Log', float, [total]), fitted]);
}
