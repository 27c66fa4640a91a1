/** One competitor of bench/ops.ts: plain TensorFlow.js' own call on the same native library, its result disposed. */
import * as tf from '@tensorflow/tfjs';
import { getBackend } from 'flambeau';
import { serve } from '../serve';
import type { OpTask } from './cases';

if (getBackend() !== 'tensorflow') throw new Error('bench: native libtensorflow is not installed');

type Made = tf.Tensor | { values: tf.Tensor; indices: tf.Tensor };

/** What tfjs has no function for, or only one that does much else, is left out. */
function cases(n: number): Record<string, () => Made> {
  const x = tf.randomNormal<tf.Rank.R2>([n, n]);
  const y = tf.randomNormal<tf.Rank.R2>([n, n]);
  const batch = tf.randomNormal<tf.Rank.R3>([32, n / 4, n / 4]);
  const row = tf.randomNormal<tf.Rank.R1>([n]);
  const index = tf.randomUniformInt([n], 0, n) as tf.Tensor1D;
  const places = tf.randomUniformInt([n, n], 0, n);
  const mask = tf.greater(x, y);
  const norm = () => tf.tidy(() => tf.norm(x));
  const variance = (axis?: number) => () => tf.tidy(() => tf.moments(x, axis).variance);
  const last = { inner: () => tf.max(x, -1), where: () => tf.argMax(x, -1) };
  const first = { inner: () => tf.max(x, 0), where: () => tf.argMax(x, 0) };
  return {
    add: () => tf.add(x, y),
    'add row': () => tf.add(x, row),
    'mul 2': () => tf.tidy(() => tf.mul(x, 2)),
    exp: () => tf.exp(x),
    tanh: () => tf.tanh(x),
    sigmoid: () => tf.sigmoid(x),
    relu: () => tf.relu(x),
    sqrt: () => tf.sqrt(x),
    clamp: () => tf.clipByValue(x, -1, 1),
    'gelu chain': () => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1))),
    gt: () => tf.greater(x, y),
    where: () => tf.where(mask, x, y),
    matmul: () => tf.matMul(x, y),
    'matmul xᵀ': () => tf.tidy(() => tf.matMul(tf.transpose(x), y)),
    linear: () => tf.tidy(() => tf.add(tf.matMul(x, y, false, true), row)),
    bmm: () => tf.matMul(batch, batch),
    sum: () => tf.sum(x),
    'sum(-1)': () => tf.sum(x, -1),
    'sum(0)': () => tf.sum(x, 0),
    mean: () => tf.tidy(() => tf.mean(x)),
    'mean(-1)': () => tf.tidy(() => tf.mean(x, -1)),
    'mean(0)': () => tf.tidy(() => tf.mean(x, 0)),
    max: () => tf.max(x),
    'max(-1)': () => ({ values: last.inner(), indices: last.where() }),
    'max(0)': () => ({ values: first.inner(), indices: first.where() }),
    'argmax(-1)': last.where,
    'argmax(0)': first.where,
    'amax(-1)': last.inner,
    'amax(0)': first.inner,
    var: variance(),
    'var(-1)': variance(-1),
    'var(0)': variance(0),
    'logsumexp(-1)': () => tf.tidy(() => tf.logSumExp(x, -1)),
    'logsumexp(0)': () => tf.tidy(() => tf.logSumExp(x, 0)),
    'softmax(-1)': () => tf.softmax(x, -1),
    'logSoftmax(-1)': () => tf.logSoftmax(x, -1),
    norm,
    'cumsum(-1)': () => tf.tidy(() => tf.cumsum(x, 1)),
    'cumsum(0)': () => tf.tidy(() => tf.cumsum(x, 0)),
    'sort(-1)': () => tf.topk(x, n),
    'topk(5)': () => tf.topk(x, 5),
    'indexSelect(0)': () => tf.gather(x, index, 0),
    'indexSelect(1)': () => tf.gather(x, index, 1),
    'gather(-1)': () => tf.gather(x, places, 1, 1),
    bincount: () => tf.bincount(index, tf.zeros([0]), n),
    'cat(0)': () => tf.concat([x, y], 0),
    'cat(1)': () => tf.concat([x, y], 1),
    't contiguous': () => tf.transpose(x),
    'permute batch': () => tf.transpose(batch, [2, 0, 1]),
    'narrow(1)': () => tf.slice(x, [0, 1], [n, n / 2]),
    rand: () => tf.randomUniform([n, n]),
    randn: () => tf.randomNormal([n, n]),
  };
}

serve(({ name, n }: OpTask) => {
  const fn = cases(n)[name];
  return fn ? () => void tf.dispose(fn() as tf.TensorContainer) : null;
});
