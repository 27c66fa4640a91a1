import { type Optional, readArgs } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { logsigmoid } from '../../ops/activations';
import { sub } from '../../ops/arithmetic';
import { broadcastShape } from '../../ops/define';
import { sameShape, show } from '../../ops/dims';
import { checkTensors } from '../../tensor/check';
import { withGrad } from '../../tensor/context';
import { recordComputed } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { type Reduction, reduce, UNWEIGHTED, WEIGHTED } from '../reduction';
import { refuseGradient, refuseIntegerInput, refuseIntegers } from './checks';
import { composed, type PointLoss, pointLoss } from './pointLoss';

export interface BCELossOptions {
  /** A factor for each element; broadcasts. */
  weight?: Tensor | null;
  reduction?: Reduction;
}

export const BCE_WITH_LOGITS = { ...WEIGHTED, posWeight: null as Tensor | null };

/**
 * Binary cross entropy of probabilities: `−t·ln x − (1 − t)·ln(1 − x)`, reduced; logarithms are at least −100. `target`, of
 * input's shape, holds probabilities, too. What is not in [0, 1] is a RuntimeError. Logits are better served by
 * {@link binaryCrossEntropyWithLogits}. See torch.nn.functional.binary_cross_entropy.
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, BCELossOptions>
): Tensor {
  const { weight, reduction } = readArgs('binaryCrossEntropy', rest, WEIGHTED);
  checkTensors('binaryCrossEntropy', { input, target }, { weight });
  if (!sameShape(target.shape, input.shape)) {
    throw new ValueError(
      `Using a target size (${show(target.shape)}) that is different to the input size (${show(input.shape)}) is deprecated. ` +
        'Please ensure they have the same size.',
    );
  }
  if (target.dtype !== input.dtype) throw new RuntimeError(`Found dtype ${target.dtype} but expected ${input.dtype}`);
  refuseIntegers('binary_cross_entropy', input);
  refuseGradient('binary_cross_entropy', 'weight', weight);
  if (!weight) return pointLoss(input, target, reduction, ENTROPY);
  checkBroadcasts(weight, input);
  return reduce(pointLoss(input, target, 'none', ENTROPY).mul(weight), reduction);
}

/** PyTorch keeps the denominators of both derivatives away from 0, each in its own way. */
const EPS = 1e-12;

const ENTROPY: PointLoss = {
  kind: 'entropy',
  node: 'BinaryCrossEntropy',
  targetSlope: (x, _t, _slopes, share) => x.neg().log1p().sub(x.log()).mul(share),
  curvature(x, t) {
    const numerator = x.square().sub(x.mul(t).mul(2)).add(t);
    return numerator.div(x.add(EPS).square().mul(sub(1, x).add(EPS).square()));
  },
  cross: (x) => x.mul(sub(1, x)).clamp(EPS).reciprocal().neg(),
};

/** Refuses what would widen the input. */
function checkBroadcasts(x: Tensor, input: Tensor): void {
  const shape = broadcastShape(input.shape, x.shape);
  if (!sameShape(shape, input.shape)) {
    throw new RuntimeError(`output with shape ${show(input.shape)} doesn't match the broadcast shape ${show(shape)}`);
  }
}

export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** A factor for the positive part of each class; broadcasts to the target. Above 1 it favours recall. */
  posWeight?: Tensor | null;
}

/**
 * Binary cross entropy of logits: `−p·t·ln σ(x) − (1 − t)·ln(1 − σ(x))` with p = posWeight, without overflow; reduced. `target`
 * has input's shape; `weight` and `posWeight` broadcast. See torch.nn.functional.binary_cross_entropy_with_logits.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, BCEWithLogitsLossOptions>
): Tensor {
  const { weight, reduction, posWeight } = readArgs('binaryCrossEntropyWithLogits', rest, BCE_WITH_LOGITS);
  checkTensors('binaryCrossEntropyWithLogits', { input, target }, { weight, posWeight });
  if (!sameShape(target.shape, input.shape)) {
    throw new ValueError(`Target size (${show(target.shape)}) must be the same as input size (${show(input.shape)})`);
  }
  refuseIntegers('log_sigmoid_cpu', input);
  if (target.dtype === 'bool')
    throw new RuntimeError('Subtraction, the `-` operator, with two bool tensors is not supported.');
  if (target.dtype === 'int32')
    throw new RuntimeError("result type Float can't be cast to the desired output type Long");
  refuseGradient('binary_cross_entropy_with_logits', 'weight', weight);
  refuseGradient('binary_cross_entropy_with_logits', 'pos_weight', posWeight);
  if (posWeight) checkBroadcasts(posWeight, input);
  if (weight) checkBroadcasts(weight, input);
  if (!weight && !posWeight) return pointLoss(input, target, reduction, LOGISTIC);
  const losses = posWeight ? weightedLogistic(input, target, posWeight) : pointLoss(input, target, 'none', LOGISTIC);
  return reduce(weight ? losses.mul(weight) : losses, reduction);
}

/** (1 − t)·x − ln σ(x). */
const LOGISTIC: PointLoss = {
  kind: 'logistic',
  node: 'BinaryCrossEntropyWithLogits',
  targetSlope: (x, _t, _slopes, share) => x.mul(-share),
  curvature(x) {
    const y = x.sigmoid();
    return y.mul(sub(1, y));
  },
  cross: () => -1,
};

/** (1 − t)·x − (1 + (p − 1)t)·ln σ(x). */
function weightedLogistic(input: Tensor, target: Tensor, posWeight: Tensor): Tensor {
  const inputs = [input, target];
  const excess = withGrad(false, () => posWeight.sub(1));
  const how = { name: 'BinaryCrossEntropyWithLogits', inputs, saves: [...inputs, posWeight] };
  return recordComputed(
    () =>
      sub(1, target)
        .mul(input)
        .sub(logsigmoid(input).mul(excess.mul(target).add(1))),
    how,
    () => [
      (g) => {
        const positive = target.mul(posWeight);
        return g!.mul(positive.add(1).sub(target).mul(input.sigmoid()).sub(positive)).sumToSize(input.shape);
      },
      (g) => g!.mul(logsigmoid(input.neg()).sub(logsigmoid(input).mul(posWeight))).sumToSize(input.shape),
    ],
  );
}

/**
 * `ln(1 + e^(−t·x))` for targets of 1 and −1, reduced. `target` broadcasts to the input. See torch.nn.functional.soft_margin_loss.
 */
export function softMarginLoss(input: Tensor, target: Tensor, ...rest: Optional<'reduction', Reduction>): Tensor {
  const { reduction } = readArgs('softMarginLoss', rest, UNWEIGHTED);
  checkTensors('softMarginLoss', { input, target });
  refuseGradient('soft_margin_loss', 'target', target);
  checkBroadcasts(target, input);
  refuseIntegerInput(input);
  return pointLoss(input, target, reduction, SOFT_MARGIN);
}

const SOFT_MARGIN: PointLoss = {
  kind: 'softMargin',
  node: 'SoftMarginLoss',
  curvature(x, t) {
    const z = x.neg().mul(t).exp();
    return t.square().mul(z).div(z.add(1).square());
  },
};

/**
 * Binary cross entropy of logits [N, C] with labels of 0 and 1, averaged over the classes; then reduced. `weight` has one factor
 * per class. See torch.nn.functional.multilabel_soft_margin_loss.
 */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, BCELossOptions>
): Tensor {
  const { weight, reduction } = readArgs('multilabelSoftMarginLoss', rest, WEIGHTED);
  checkTensors('multilabelSoftMarginLoss', { input, target }, { weight });
  refuseIntegers('log_sigmoid_cpu', input);
  if (target.dtype === 'bool')
    throw new RuntimeError('Subtraction, the `-` operator, with a bool tensor is not supported.');
  const classes = input.size(-1);
  // The mean over the classes and then over the rest is that over all.
  if (!weight && reduction === 'mean' && sameShape(input.shape, target.shape))
    return pointLoss(input, target, reduction, TWO_SIDED);
  const losses = pointLoss(input, target, 'none', TWO_SIDED);
  return reduce((weight ? losses.mul(weight) : losses).sum(input.ndim - 1).div(classes), reduction);
}

/** −(t·ln σ(x) + (1 − t)·ln σ(−x)). */
const TWO_SIDED: PointLoss = { ...LOGISTIC, kind: 'twoSided', node: composed('Neg') };
