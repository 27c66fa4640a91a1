import { attrList, defineOwnKernel, fromArray, nativeOpMulti } from '../kernel';
import { CODES, logSumExp, sharesOf } from './crossEntropy';

export type SoftCrossEntropy = {
  reduction: 'mean' | 'sum' | 'none';
  /** The label of rows that do not count. */
  ignoreIndex: number;
  /** The part of the target that is spread over all classes. */
  smoothing: number;
};

/**
 * The losses of logits [n, c] by targets w[j] · ((1 − smoothing) · q[j] + smoothing / c), or their mean or sum: q are probabilities
 * [n, c] or, if those are [0], 1 at the label of [n]; w has a number per class, or is empty. From the same pass their gradients
 * [n, c], and the mass [n] of each row's target in the result. A label that is neither a class nor ignored is an error that says
 * "Target …".
 */
defineOwnKernel<SoftCrossEntropy>('SoftCrossEntropy', {
  native: ({ logits, q, labels, weight }, { reduction, ignoreIndex, smoothing }) => {
    const attrs = attrList({ op: CODES[reduction].charCodeAt(0), k: ignoreIndex, bound: { float: smoothing } });
    return nativeOpMulti('FlambeauSoftCrossEntropy', attrs, [logits!, q!, labels!, weight!], 3);
  },
  reference: ({ logits, q, labels, weight }, { reduction, ignoreIndex, smoothing }) => {
    const [n, classes] = logits!.shape as [number, number];
    const [x, soft, w] = [logits!.dataSync(), q!.dataSync(), weight!.dataSync()];
    const hard = q!.rank === 1 ? (labels!.dataSync() as Int32Array) : null;
    const total = hard ? sharesOf(hard, w, classes, ignoreIndex).reduce((a, b) => a + b, 0) : n;
    const part = reduction === 'mean' ? 1 / total : 1;
    const [losses, masses, slopes] = [n, n, n * classes].map((size) => new Float32Array(size));
    for (let i = 0; i < n; i++) {
      const row = (x as Float32Array).subarray(i * classes, (i + 1) * classes);
      const lse = logSumExp(row);
      if (hard?.[i] === ignoreIndex) {
        // NaN stays.
        row.forEach((logit, j) => {
          slopes![i * classes + j] = Math.exp(logit - lse) * 0;
        });
        continue;
      }
      const targets = Array.from(row, (_, j) => {
        const own = hard ? Number(hard[i] === j) : soft[i * classes + j]!;
        return (own * (1 - smoothing) + smoothing / classes) * (w.length > 0 ? w[j]! : 1);
      });
      const mass = targets.reduce((a, b) => a + b, 0);
      losses![i] = targets.reduce((sum, t, j) => sum + t * (lse - row[j]!), 0);
      masses![i] = mass * part;
      targets.forEach((t, j) => {
        slopes![i * classes + j] = (mass * Math.exp(row[j]! - lse) - t) * part;
      });
    }
    const sum = losses!.reduce((a, b) => a + b, 0);
    return [
      reduction === 'none'
        ? fromArray(losses!, [n], 'float32')
        : fromArray(Float32Array.of(reduction === 'mean' ? sum / total : sum), [], 'float32'),
      fromArray(slopes!, [n, classes], 'float32'),
      fromArray(masses!, [n], 'float32'),
    ];
  },
});
