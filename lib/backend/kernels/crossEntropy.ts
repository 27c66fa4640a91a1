import type { TypedArray } from '../engine';
import { attrList, defineOwnKernel, fromArray, nativeOpMulti } from '../kernel';

export type CrossEntropy = {
  reduction: 'mean' | 'sum' | 'none';
  /** The label of rows that do not count. */
  ignoreIndex: number;
  /** Whether the logits are logarithms of probabilities already. */
  fromLog: boolean;
};

export const CODES = { mean: 'm', sum: 's', none: 'e' } as const;

/**
 * The losses of logits [n, c] by class labels [n], or their weighted mean or sum; from the same pass their gradients [n, c]; and
 * the share [n] of each row in the result, 0 if ignored. `weight` has a number per class, or is empty. A label that is neither a
 * class nor ignored is an error that says "Target …".
 */
defineOwnKernel<CrossEntropy>('CrossEntropy', {
  native: ({ logits, labels, weight }, { reduction, ignoreIndex, fromLog }) => {
    const attrs = attrList({ op: CODES[reduction].charCodeAt(0), k: ignoreIndex, flag: fromLog });
    return nativeOpMulti('FlambeauCrossEntropy', attrs, [logits!, labels!, weight!], 3);
  },
  reference: ({ logits, labels, weight }, { reduction, ignoreIndex, fromLog }) => {
    const [n, classes] = logits!.shape as [number, number];
    const [x, targets] = [logits!.dataSync() as Float32Array, labels!.dataSync() as Int32Array];
    const shares = sharesOf(targets, weight!.dataSync(), classes, ignoreIndex);
    const total = shares.reduce((a, b) => a + b, 0);
    if (reduction === 'mean') shares.forEach((share, i) => targets[i] === ignoreIndex || (shares[i] = share / total));
    const slopes = new Float32Array(n * classes);
    const losses = Float32Array.from(targets, (label, i) => {
      const row = x.subarray(i * classes, (i + 1) * classes);
      const slope = slopes.subarray(i * classes, (i + 1) * classes);
      const lse = fromLog ? 0 : logSumExp(row);
      if (!fromLog) slope.set(row.map((logit) => Math.exp(logit - lse) * shares[i]!));
      if (label === ignoreIndex) return 0;
      slope[label]! -= shares[i]!;
      return (lse - row[label]!) * shares[i]!;
    });
    const sum = losses.reduce((a, b) => a + b, 0);
    const counted = targets.some((label) => label !== ignoreIndex);
    const loss = reduction === 'mean' && !counted ? Number.NaN : sum;
    return [
      reduction === 'none' ? fromArray(losses, [n], 'float32') : fromArray(Float32Array.of(loss), [], 'float32'),
      fromArray(slopes, [n, classes], 'float32'),
      fromArray(Float32Array.from(shares), [n], 'float32'),
    ];
  },
});

/** The weight of each label, 0 where it is ignored. */
export function sharesOf(labels: Int32Array, weight: TypedArray, classes: number, ignoreIndex: number): number[] {
  return Array.from(labels, (label, i) => {
    if (label === ignoreIndex) return 0;
    if (label >= 0 && label < classes) return weight.length > 0 ? weight[label]! : 1;
    throw new RangeError(
      `Target ${label} is out of bounds: it is the class at index ${i}, and the input has ${classes} classes.`,
    );
  });
}

export function logSumExp(row: Float32Array): number {
  const max = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return max + Math.log(row.reduce((sum, x) => sum + Math.exp(x - max), 0));
}
