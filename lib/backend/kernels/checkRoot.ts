import * as tf from '@tensorflow/tfjs';
import { native } from '../engine';
import { defineKernel, nativeOp } from '../kernel';

/** The square root of a float32; an error where one is NaN or infinite. A check that reads nothing back. */
defineKernel('CheckRoot', {
  native: ({ x }) => {
    const root = tf.sqrt(x!);
    try {
      return nativeOp('CheckNumerics', attrs(), [root]);
    } finally {
      root.dispose();
    }
  },
  reference: ({ x }) => {
    if (!x!.dataSync().every((v) => v >= 0 && v < Number.POSITIVE_INFINITY)) throw new RangeError('no finite root');
    return tf.sqrt(x!);
  },
});

function attrs() {
  const { binding } = native()!;
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'message', type: binding.TF_ATTR_STRING, value: 'no finite root' },
  ];
}
