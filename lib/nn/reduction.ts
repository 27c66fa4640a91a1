import { ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';

/** How the losses of single elements become the result: not at all, their mean, or their sum. */
export type Reduction = 'none' | 'mean' | 'sum';

/** The defaults of a loss without options of its own, and of one with weights, which come first. */
export const UNWEIGHTED = { reduction: 'mean' as Reduction };
export const WEIGHTED = { weight: null as Tensor | null, ...UNWEIGHTED };

export function checkReduction(reduction: unknown): asserts reduction is Reduction {
  if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum') {
    throw new ValueError(
      `${String(reduction)} is not a valid value for reduction. Expected one of 'none', 'mean', 'sum'.`,
    );
  }
}

/** The one place where losses are reduced. */
export function reduce(losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(reduction);
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

/** {@link reduce} of losses with a factor each, if there are factors: 'mean' divides by their sum. */
export function reduceWeighted(losses: Tensor, weight: Tensor | null, reduction: Reduction): Tensor {
  if (!weight) return reduce(losses, reduction);
  const weighted = losses.mul(weight);
  return reduction === 'mean' ? weighted.sum().div(weight.sum()) : reduce(weighted, reduction);
}
