import * as tf from '@tensorflow/tfjs';
import { defineKernel, type Value } from '../kernel';
import { eachMatrix } from './eachMatrix';
import * as host from './linalgHost';

/** Up to this norm 15 terms of the series are exact in float32. */
const NORM = 1.5;

/** e^A of square matrices, by scaling and squaring. */
defineKernel('MatrixExponential', {
  native: ({ x }) => tf.tidy(() => exponential(x!)),
  reference: ({ x }) => {
    const [n] = x!.shape.slice(-1) as [number];
    return eachMatrix([x!], [[n, n]], (a) => [host.exponential(a!, n)])[0]!;
  },
});

function exponential(x: Value): Value {
  const n = x.shape.at(-1)!;
  const A = tf.reshape(x, [-1, n, n]);
  const norms = tf.max(tf.sum(tf.abs(A), 1), 1).dataSync();
  const halvings = Array.from(norms, (y) => (y > NORM && Number.isFinite(y) ? Math.ceil(Math.log2(y / NORM)) : 0));
  const column = [halvings.length, 1, 1];
  const scales = tf.tensor(
    halvings.map((count) => 2 ** -count),
    column,
  );
  let result = series(tf.mul(A, scales));
  const most = halvings.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < most; i++) {
    const more = tf.tensor(
      halvings.map((count) => count > i),
      column,
      'bool',
    );
    result = tf.where(more, tf.matMul(result, result), result);
  }
  return tf.reshape(result, x.shape);
}

/** Σ Aᵏ/k!, k < 15, as a polynomial in A³. */
function series(A: Value): Value {
  const square = tf.matMul(A, A);
  const cube = tf.matMul(square, A);
  const eye = tf.eye(A.shape.at(-1)!);
  let inverse = 1;
  const terms = Array.from({ length: 15 }, (_, k) => (k < 2 ? 1 : (inverse /= k)));
  const part = (k: number) =>
    tf.add(tf.add(tf.mul(A, terms[k + 1]!), tf.mul(square, terms[k + 2]!)), tf.mul(eye, terms[k]!));
  return [9, 6, 3, 0].reduce((sum, k) => tf.add(part(k), tf.matMul(sum, cube)), part(12));
}
