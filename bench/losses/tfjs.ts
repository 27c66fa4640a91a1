/** One competitor of bench/losses.ts: plain TensorFlow.js' own losses, with its own gradients, on the same native library. */
import * as tf from '@tensorflow/tfjs';
import { getBackend } from 'flambeau';
import { serve } from '../serve';
import type { LossTask } from './cases';

if (getBackend() !== 'tensorflow') throw new Error('bench: native libtensorflow is not installed');

type Loss = (x: tf.Tensor) => tf.Tensor;

/** What tfjs has no function for is left out. */
function lossesOf([n, c]: [rows: number, columns: number]): Record<string, Loss> {
  const [y, p] = [tf.randomNormal([n, c]), tf.randomUniform([n, c])];
  const q = tf.softmax(tf.randomNormal([n, c]));
  const labels = tf.oneHot(tf.randomUniformInt([n], 0, c), c);
  return {
    crossEntropy: (x) => tf.losses.softmaxCrossEntropy(labels, x),
    'crossEntropy smoothed': (x) => tf.losses.softmaxCrossEntropy(labels, x, undefined, 0.1),
    'crossEntropy of probabilities': (x) => tf.losses.softmaxCrossEntropy(q, x),
    mseLoss: (x) => tf.losses.meanSquaredError(y, x),
    l1Loss: (x) => tf.losses.absoluteDifference(y, x),
    huberLoss: (x) => tf.losses.huberLoss(y, x),
    binaryCrossEntropy: (x) => tf.losses.logLoss(p, x),
    binaryCrossEntropyWithLogits: (x) => tf.losses.sigmoidCrossEntropy(p, x),
  };
}

serve(({ name, shape }: LossTask) => {
  const loss = lossesOf(shape)[name];
  if (!loss) return null;
  const x = name === 'binaryCrossEntropy' ? tf.randomUniform(shape, 0.01, 0.99) : tf.randomNormal(shape);
  const step = tf.valueAndGrad(loss);
  return () => tf.dispose(Object.values(step(x)));
});
