import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp, type Value } from '../kernel';
import { expandReference } from './moves';

type Transposes = { transposeA: boolean; transposeB: boolean };

/** Matrix product of two 2-d values, either of them transposed. */
defineKernel<Transposes>('MatMul', {
  native: ({ a, b }, { transposeA, transposeB }) => nativeMatMul(a!, b!, transposeA, transposeB),
  reference: ({ a, b }, { transposeA, transposeB }) => tf.matMul(a!, b!, transposeA, transposeB),
});

function nativeMatMul(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  return nativeOp('MatMul', attrList({ T: a.dtype as 'float32', transpose_a: transposeA, transpose_b: transposeB }), [
    a,
    b,
  ]);
}

/** x·wᵀ + bias, for x of shape [n, in], w [out, in], bias [out]. */
defineKernel('Linear', {
  native: ({ x, w, bias }) => {
    const product = nativeMatMul(x!, w!, false, true);
    const sum = nativeOp('BiasAdd', attrList({ T: 'float32' }), [product, bias!]);
    product.dispose();
    return sum;
  },
  reference: ({ x, w, bias }) => tf.add(tf.matMul(x!, w!, false, true), bias!),
});

/** Matrix products over the last two dimensions; the others are broadcast, to `batch`. */
defineKernel<Transposes & { batch: number[] }>('BatchMatMulBroadcast', {
  native: ({ a, b }, { transposeA, transposeB }) =>
    nativeOp('BatchMatMulV2', attrList({ T: a!.dtype as 'float32', adj_x: transposeA, adj_y: transposeB }), [a!, b!]),
  reference: ({ a, b }, { transposeA, transposeB, batch }) => {
    // tfjs' own kernel gets some broadcasts wrong.
    const [x, y] = [a!, b!].map((v) => expandReference(v, [...batch, ...v.shape.slice(-2)]));
    const size = batch.reduce((n, m) => n * m, 1);
    const flat = (v: Value) => tf.reshape(v, [size, ...v.shape.slice(-2)]);
    const product = tf.matMul(flat(x!), flat(y!), transposeA, transposeB);
    return tf.reshape(product, [...batch, ...product.shape.slice(-2)]);
  },
});
