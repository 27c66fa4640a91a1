import { defineKernel, fromArray, type Value } from '../kernel';
import { ctcLoss } from './ctcHost';

/** The lengths say how much of each sample counts; `targets` are [N, S], or one after the other. */
interface Ctc extends Record<string, unknown> {
  inputLengths: readonly number[];
  targetLengths: readonly number[];
  blank: number;
}

/**
 * Losses [N] of log-probabilities [T, N, C], and their slopes [T, N, C] from the same pass; ∞ and NaN where the labels need more
 * frames than there are. TensorFlow's CTCLossV2 has no CPU kernel; its CTCLoss computes with probabilities in float32, which is 2e-5
 * off after 40 frames and ∞ where one is below 1e-38, and is no faster at usual sizes. So this is on the host everywhere.
 */
defineKernel<Ctc>('CtcLoss', {
  native: ({ logProbs, targets }, attrs) => onHost(logProbs!, targets!, attrs),
  reference: ({ logProbs, targets }, attrs) => onHost(logProbs!, targets!, attrs),
});

function onHost(logProbs: Value, targets: Value, { inputLengths, targetLengths, blank }: Ctc): Value[] {
  const [time, n, classes] = logProbs.shape as [number, number, number];
  const [data, all] = [logProbs.dataSync(), targets.dataSync()];
  const slopes = new Float32Array(time * n * classes);
  const losses = new Float32Array(n);
  let start = 0;
  for (let i = 0; i < n; i++) {
    const labels = all.slice(start, start + targetLengths[i]!);
    const wrong = labels.find((label) => label < 0 || label >= classes);
    if (wrong !== undefined) throw new RangeError(`target ${wrong} of sample ${i} is no class, there are ${classes}`);
    const frames = { logProbs: data, at: i * classes, stride: n * classes, time: inputLengths[i]!, classes };
    losses[i] = ctcLoss({ ...frames, labels, blank }, slopes);
    start += targets.rank === 2 ? targets.shape[1]! : targetLengths[i]!;
  }
  return [fromArray(losses, [n], 'float32'), fromArray(slopes, [time, n, classes], 'float32')];
}
