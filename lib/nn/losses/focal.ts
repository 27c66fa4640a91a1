import { type Optional, readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { where } from '../../ops/pointwise';
import { checkTensors } from '../../tensor/check';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduceWeighted } from '../reduction';
import { checkIgnoreIndex } from './checks';
import { crossEntropy, NLL } from './crossEntropy';

export interface FocalLossOptions {
  /** How much less the easy ones count; 0 is {@link crossEntropy}. */
  gamma?: number;
  /** One factor per class (Lin's α). */
  weight?: Tensor | null;
  /** The label of elements that do not count. */
  ignoreIndex?: number;
  reduction?: Reduction;
}

export const FOCAL = { gamma: 2, ...NLL };

/**
 * Focal loss of logits [N, C], [C] or [N, C, d1, …] and class indices: `w[y]·(1 − p)^γ · (−ln p)`, p the probability of the class y.
 * 'mean' divides by the weights of the targets that count, as {@link crossEntropy} does. See Lin et al. 2017,
 * https://arxiv.org/abs/1708.02002, and for yes or no `vision.ops.sigmoidFocalLoss`.
 */
export function focalLoss(input: Tensor, target: Tensor, ...rest: Optional<'gamma', number, FocalLossOptions>): Tensor {
  const { gamma, weight, ignoreIndex, reduction } = readArgs('focalLoss', rest, FOCAL);
  checkTensors('focalLoss', { input, target }, { weight });
  checkReduction(reduction);
  checkIgnoreIndex('focalLoss', ignoreIndex);
  if (target.dtype !== 'int32')
    throw new RuntimeError(`focalLoss: target has to hold class indices, got ${target.dtype}`);
  // Above 0, where the slope of a power below 1 is infinite.
  const entropy = crossEntropy(input, target, { ignoreIndex, reduction: 'none' }).clamp(SMALLEST);
  const losses = entropy.mul(entropy.neg().expm1().neg().pow(gamma));
  return reduceWeighted(losses, factors(target, weight, ignoreIndex), reduction);
}

const SMALLEST = 1e-30;

/** The weight of each target, 0 where it is ignored. */
function factors(target: Tensor, weight: Tensor | null, ignoreIndex: number): Tensor {
  const counted = target.ne(ignoreIndex);
  if (!weight) return counted.float();
  const labels = where(counted, target, 0).reshape(-1);
  return where(
    counted,
    weight
      .detach()
      .indexSelect(0, labels)
      .reshape([...target.shape]),
    0,
  );
}
