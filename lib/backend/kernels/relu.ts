import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp } from '../kernel';

/** The gradient of relu from its output `y`: `dy` where y is positive. */
defineKernel('ReluGrad', {
  native: ({ dy, y }) => nativeOp('ReluGrad', attrList({ T: 'float32' }), [dy!, y!]),
  reference: ({ dy, y }) => tf.where(tf.greater(y!, 0), dy!, tf.zerosLike(dy!)),
});
