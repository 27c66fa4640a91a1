import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';

/** The Euclidean norm of all elements of float32 values, given under the keys 0, 1 …. */
defineKernel('TotalNorm', {
  native: (inputs) => {
    const float = attrList({ T: 'float32' });
    const values = Object.values(inputs);
    const halves = values.map((x) => nativeOp('L2Loss', float, [x]));
    const half = nativeOp('AddN', attrList({ N: halves.length, T: 'float32' }), halves);
    const square = nativeOp('Mul', float, [half, constant(2)]);
    const norm = nativeOp('Sqrt', float, [square]);
    for (const value of [...halves, half, square]) value.dispose();
    return norm;
  },
  reference: (inputs) => {
    const squares: Value[] = Object.values(inputs).map((x) => tf.sum(tf.square(x)));
    return tf.sqrt(tf.addN(squares));
  },
});

/** float32 values, given under the keys 0, 1 …, each times the scalar `factor`. */
defineKernel('ScaleEach', {
  native: ({ factor, ...values }) => {
    const float = attrList({ T: 'float32' });
    return Object.values(values).map((x) => nativeOp('Mul', float, [x, factor!]));
  },
  reference: ({ factor, ...values }) => Object.values(values).map((x) => tf.mul(x, factor!)),
});
