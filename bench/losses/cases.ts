import type { Timed } from '../serve';

export interface LossTask extends Timed {
  name: string;
  /** Rows and columns of the input. */
  shape: [rows: number, columns: number];
}

/**
 * The losses, by what flambeau.ts, composed.ts, tfjs.ts and torch_losses.py call them. `x` [rows, columns] wants a gradient; `y`
 * is like it, `p` and `q` hold probabilities, `labels` [rows] classes, `signs` 1 and −1. Gelu is an activation, for comparison.
 */
export const NAMES = [
  'crossEntropy',
  'crossEntropy smoothed',
  'crossEntropy of probabilities',
  'nllLoss',
  'focalLoss',
  'mseLoss',
  'l1Loss',
  'smoothL1Loss',
  'huberLoss',
  'binaryCrossEntropy',
  'binaryCrossEntropyWithLogits',
  'binaryCrossEntropyWithLogits posWeight',
  'klDiv',
  'poissonNllLoss',
  'gaussianNllLoss',
  'softMarginLoss',
  'multilabelSoftMarginLoss',
  'marginRankingLoss',
  'hingeEmbeddingLoss',
  'cosineEmbeddingLoss',
  'tripletMarginLoss',
  'multiMarginLoss',
  'gelu',
] as const;
