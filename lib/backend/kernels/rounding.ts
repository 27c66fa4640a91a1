import * as tf from '@tensorflow/tfjs';
import { defineOwnKernel, nativeOp } from '../kernel';
import { select } from './moves';

/** Each float32 element rounded to the nearest number of 8 binary digits, as bfloat16 has them (Veltkamp's splitting). */
defineOwnKernel('RoundToBfloat16', {
  native: ({ x }) => nativeOp('FlambeauBfloat16', [], [x!]),
  reference: ({ x }) => {
    const scaled = tf.mul(x!, 2 ** 16 + 1);
    // From 2¹¹¹ on the product may overflow: what is as large stays as it is.
    return select(tf.less(tf.abs(x!), 2 ** 111), tf.sub(scaled, tf.sub(scaled, x!)), x!);
  },
});
