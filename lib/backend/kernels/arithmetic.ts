import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp } from '../kernel';

/** aᵇ; an integer to a negative integer is an error. As C computes it: 1 for a = 1 and any b, and for a = −1 and infinite b, where JavaScript says NaN. */
defineKernel('Power', {
  native: ({ a, b }) => nativeOp('Pow', attrList({ T: a!.dtype as 'float32' }), [a!, b!]),
  reference: ({ a, b }) => {
    const integers = a!.dtype !== 'float32';
    if (integers && b!.dataSync().some((exponent) => exponent < 0)) {
      throw new RangeError('Integers to negative integer powers are not allowed');
    }
    const power = tf.pow(a!, b!);
    if (integers) return power;
    const one = tf.logicalOr(tf.equal(a!, 1), tf.logicalAnd(tf.equal(a!, -1), tf.isInf(b!)));
    return tf.where(tf.broadcastTo(one, power.shape), tf.onesLike(power), power);
  },
});

/** Integer quotient rounded down; a divisor of 0 is an error on every backend. */
defineKernel('IntegerFloorDiv', {
  native: ({ a, b }) => nativeOp('FloorDiv', attrList({ T: 'int32' }), [a!, b!]),
  reference: ({ a, b }) => {
    if (b!.dataSync().includes(0)) throw new RangeError('Integer division by zero');
    return tf.floorDiv(a!, b!);
  },
});
