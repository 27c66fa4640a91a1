/** One competitor of bench/step.ts: plain TensorFlow.js on the same native library, with tf.train.adam. */
import * as tf from '@tensorflow/tfjs';
import { getBackend } from 'flambeau';
import { serve } from '../serve';
import type { StepTask } from './flambeau';

if (getBackend() !== 'tensorflow') throw new Error('bench: native libtensorflow is not installed');

serve(({ batch, hidden }: StepTask) => {
  const w1 = tf.variable(tf.randomUniform([784, hidden], -1 / 28, 1 / 28));
  const b1 = tf.variable(tf.zeros([hidden]));
  const w2 = tf.variable(tf.randomUniform([hidden, 10], -1 / Math.sqrt(hidden), 1 / Math.sqrt(hidden)));
  const b2 = tf.variable(tf.zeros([10]));
  const optimizer = tf.train.adam(1e-3);
  const images = tf.randomNormal([batch, 784]);
  const labels = tf.oneHot(tf.randomUniformInt([batch], 0, 10), 10);
  const loss = () =>
    tf.losses.softmaxCrossEntropy(
      labels,
      tf
        .relu(images.matMul(w1 as tf.Tensor2D).add(b1))
        .matMul(w2 as tf.Tensor2D)
        .add(b2),
    ) as tf.Scalar;
  return () => tf.tidy(() => optimizer.minimize(loss, true)!.dataSync()[0]!);
});
