import { type Optional, readArgs } from '../../args';
import { run } from '../../backend/engine';
import { RuntimeError, ValueError } from '../../errors';
import { maximum, minimum, sub } from '../../ops/arithmetic';
import { broadcastShape, recordUnary } from '../../ops/define';
import { sameShape, show } from '../../ops/dims';
import { checkTensors } from '../../tensor/check';
import { withGrad } from '../../tensor/context';
import { recordComputed } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { type Reduction, reduce, UNWEIGHTED, WEIGHTED } from '../reduction';
import { lookIfNegative, refuseGradient, refuseIntegerInput, refuseIntegers } from './checks';

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
  refuseIntegers('binary_cross_entropy', input);
  if (target.dtype !== 'float32') throw new RuntimeError(`Found dtype ${target.dtype} but expected float32`);
  refuseGradient('binary_cross_entropy', 'weight', weight);
  if (weight) checkBroadcasts(weight, input);
  checkProbabilities(input, target);
  const losses = entropy(input, target);
  return reduce(weight ? losses.mul(weight) : losses, reduction);
}

function checkBroadcasts(weight: Tensor, input: Tensor): void {
  const shape = broadcastShape(input.shape, weight.shape);
  if (!sameShape(shape, input.shape)) {
    throw new RuntimeError(
      `output with shape ${show(input.shape)} doesn't match the broadcast shape ${show(shape)} of the weight`,
    );
  }
}

function checkProbabilities(input: Tensor, target: Tensor): void {
  lookIfNegative(
    withGrad(false, () => minimum(minimum(input, target), sub(1, maximum(input, target)))),
    () => {
      for (const [name, x] of Object.entries({ input, target })) {
        const at = x.toTypedArray().findIndex((p) => !(p >= 0 && p <= 1));
        if (at >= 0) {
          throw new RuntimeError(
            `all elements of ${name} should be between 0 and 1, got ${x.toTypedArray()[at]} at index ${at}`,
          );
        }
      }
    },
  );
}

/** ln x and ln(1 − x), at least −100. */
const logarithms = (x: Tensor) => [x.log().clamp(-100), x.neg().log1p().clamp(-100)] as const;

function entropy(input: Tensor, target: Tensor): Tensor {
  const compute = () => {
    const [log, logOther] = logarithms(input);
    return target.sub(1).mul(logOther).sub(target.mul(log));
  };
  const inputs = [input, target];
  return recordComputed(compute, { name: 'BinaryCrossEntropy', inputs, saves: inputs }, () => [
    (g) => g!.mul(entropySlope(input, target)),
    (g) => g!.mul(input.neg().log1p().sub(input.log())),
  ]);
}

/** PyTorch keeps the denominators of both derivatives away from 0, each in its own way. */
const EPS = 1e-12;

/** (x − t) / (x(1 − x)). */
function entropySlope(input: Tensor, target: Tensor): Tensor {
  const variance = () => input.mul(sub(1, input)).clamp(EPS);
  const inputs = [input, target];
  const how = { name: 'BinaryCrossEntropyBackward', inputs, saves: inputs };
  return recordComputed(
    () => input.sub(target).div(variance()),
    how,
    () => [
      (g) => {
        const numerator = input.square().sub(input.mul(target).mul(2)).add(target);
        const denominator = input.add(EPS).square().mul(sub(1, input).add(EPS).square());
        return g!.mul(numerator).div(denominator);
      },
      (g) => g!.div(variance()).neg(),
    ],
  );
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
  const losses = posWeight ? weightedLogistic(input, target, posWeight) : logistic(input, target);
  return reduce(weight ? losses.mul(weight) : losses, reduction);
}

/** (1 − t)·x − ln σ(x), whose slope is σ(x) − t. */
function logistic(input: Tensor, target: Tensor): Tensor {
  const inputs = [input, target];
  const how = { name: 'BinaryCrossEntropyWithLogits', inputs, saves: inputs };
  return recordComputed(
    () => sub(1, target).mul(input).sub(logSigmoid(input)),
    how,
    () => [(g) => g!.mul(input.sigmoid().sub(target)), (g) => g!.mul(input).neg()],
  );
}

/** (1 − t)·x − (1 + (p − 1)t)·ln σ(x). */
function weightedLogistic(input: Tensor, target: Tensor, posWeight: Tensor): Tensor {
  const inputs = [input, target];
  const excess = withGrad(false, () => posWeight.sub(1));
  const how = { name: 'BinaryCrossEntropyWithLogits', inputs, saves: [...inputs, posWeight] };
  return recordComputed(
    () =>
      sub(1, target)
        .mul(input)
        .sub(logSigmoid(input).mul(excess.mul(target).add(1))),
    how,
    () => [
      (g) => {
        const positive = target.mul(posWeight);
        return g!.mul(positive.add(1).sub(target).mul(input.sigmoid()).sub(positive)).sumToSize(input.shape);
      },
      (g) =>
        g!
          .mul(input.add(logSigmoid(input).mul(excess)))
          .neg()
          .sumToSize(input.shape),
    ],
  );
}

/** ln σ(x), without overflow. */
function logSigmoid(x: Tensor): Tensor {
  const negated = run('Neg', { x: x._value });
  const softplus = run('Softplus', { x: negated });
  const value = run('Neg', { x: softplus });
  for (const part of [negated, softplus]) part.dispose();
  return recordUnary(value, 'LogSigmoid', x, 'input', (g) => g.mul(x.neg().sigmoid()));
}

/**
 * `ln(1 + e^(−t·x))` for targets of 1 and −1, reduced. `target` broadcasts to the input. See torch.nn.functional.soft_margin_loss.
 */
export function softMarginLoss(input: Tensor, target: Tensor, ...rest: Optional<'reduction', Reduction>): Tensor {
  const { reduction } = readArgs('softMarginLoss', rest, UNWEIGHTED);
  checkTensors('softMarginLoss', { input, target });
  refuseGradient('soft_margin_loss', 'target', target);
  const shape = broadcastShape(input.shape, target.shape);
  if (!sameShape(shape, input.shape))
    throw new RuntimeError(`output with shape ${show(input.shape)} doesn't match the broadcast shape ${show(shape)}`);
  refuseIntegerInput(input);
  const how = { name: 'SoftMarginLoss', inputs: [input], saves: [input, target] };
  const losses = recordComputed(
    () => softMarginPower(input, target).log1p(),
    how,
    () => [(g) => g!.mul(softMarginSlope(input, target))],
  );
  return reduce(losses, reduction);
}

const softMarginPower = (input: Tensor, target: Tensor) => input.neg().mul(target).exp();

/** −t·z / (z + 1) with z = e^(−t·x). */
function softMarginSlope(input: Tensor, target: Tensor): Tensor {
  const how = { name: 'SoftMarginLossBackward', inputs: [input], saves: [input, target] };
  const compute = () => {
    const z = softMarginPower(input, target);
    return target.neg().mul(z).div(z.add(1));
  };
  return recordComputed(compute, how, () => [
    (g) => {
      const z = softMarginPower(input, target);
      return g!.mul(target.square().mul(z).div(z.add(1).square()));
    },
  ]);
}

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
  const losses = target
    .mul(logSigmoid(input))
    .add(sub(1, target).mul(logSigmoid(input.neg())))
    .neg();
  const classes = input.size(-1);
  return reduce((weight ? losses.mul(weight) : losses).sum(input.ndim - 1).div(classes), reduction);
}
