import { ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';

/** How the losses of single elements become the result: not at all, their mean, or their sum. */
export type Reduction = 'none' | 'mean' | 'sum';

export function checkReduction(reduction: unknown): asserts reduction is Reduction {
  if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum') {
    throw new ValueError(`${String(reduction)} is not a valid value for reduction`);
  }
}

/** The one place where losses are reduced. */
export function reduce(losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(reduction);
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}
