import { type Optional, readArgs } from '../../args';
import { ValueError } from '../../errors';
import { binaryCrossEntropyWithLogits } from '../../nn/functional';
import { type Reduction, reduce } from '../../nn/reduction';
import { sub } from '../../ops/arithmetic';
import type { Tensor } from '../../tensor/tensor';

export interface SigmoidFocalLossOptions {
  /** The weight of positives, from 0 to 1; −1 weighs none. */
  alpha?: number;
  /** How much less the easy ones count; 0 is binary cross entropy. */
  gamma?: number;
  reduction?: Reduction;
}

/**
 * Focal loss of logits with targets of 0 and 1, of the same shape: `α(1 − p)^γ · (−ln p)` with p the probability of what is true.
 * The reduction is 'none' by default. See torchvision.ops.sigmoid_focal_loss.
 */
export function sigmoidFocalLoss(
  inputs: Tensor,
  targets: Tensor,
  ...rest: Optional<'alpha', number, SigmoidFocalLossOptions>
): Tensor {
  const { alpha, gamma, reduction } = readArgs('sigmoidFocalLoss', rest, {
    alpha: 0.25,
    gamma: 2,
    reduction: 'none' as Reduction,
  });
  if (!(alpha >= 0 && alpha <= 1) && alpha !== -1) {
    throw new ValueError(`Invalid alpha value: ${alpha}. alpha must be in the range [0,1] or -1 for ignore.`);
  }
  const entropy = binaryCrossEntropyWithLogits(inputs, targets, { reduction: 'none' });
  const chosen = (yes: Tensor | number, no: Tensor | number) => targets.mul(yes).add(sub(1, targets).mul(no));
  const p = inputs.sigmoid();
  const losses = entropy.mul(sub(1, chosen(p, sub(1, p))).pow(gamma));
  return reduce(alpha >= 0 ? losses.mul(chosen(alpha, 1 - alpha)) : losses, reduction);
}
