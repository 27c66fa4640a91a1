/** One competitor of bench/optim.ts: plain TensorFlow.js on the same native library. It has no weight decay. */
import * as tf from '@tensorflow/tfjs';
import { getBackend } from 'flambeau';
import { serve } from './task';

if (getBackend() !== 'tensorflow') throw new Error('bench: native libtensorflow is not installed');

const RULES: Record<string, () => tf.Optimizer> = {
  SGD: () => tf.train.momentum(0.01, 0.9),
  Adam: () => tf.train.adam(),
  Adamax: () => tf.train.adamax(),
  Adagrad: () => tf.train.adagrad(0.01),
  Adadelta: () => tf.train.adadelta(),
  RMSprop: () => tf.train.rmsprop(0.01),
};

serve(({ rule, shapes }) => {
  tf.disposeVariables();
  if (!RULES[rule]) return null;
  const variables = shapes.map((shape, i) => tf.variable(tf.randomNormal(shape), true, `v${i}`));
  const gradients = Object.fromEntries(variables.map(({ name, shape }) => [name, tf.randomNormal(shape)]));
  const optimizer = RULES[rule]();
  return () => tf.tidy(() => optimizer.applyGradients(gradients));
});
