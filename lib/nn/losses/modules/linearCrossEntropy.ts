import { readArgs } from '../../../args';
import { RuntimeError } from '../../../errors';
import { sameShape, show } from '../../../ops/dims';
import type { Tensor } from '../../../tensor/tensor';
import { Linear } from '../../linear';
import { LINEAR_CROSS_ENTROPY, type LinearCrossEntropyArguments, linearCrossEntropy } from '../linearCrossEntropy';
import type { LinearCrossEntropyOptions } from '../linearCrossEntropyOptions';
import { WeightedLoss } from './base';

export interface LinearCrossEntropyLossOptions extends Omit<LinearCrossEntropyArguments, 'linearBias'> {
  /** The sizes d₁, … of losses of several positions. */
  outFeatures?: readonly number[];
  bias?: boolean;
}

const DEFAULTS = { ...LINEAR_CROSS_ENTROPY, outFeatures: [] as readonly number[], bias: false };

/** A classifier's last layer and {@link linearCrossEntropy} in one. See torch.nn.LinearCrossEntropyLoss. */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  ignoreIndex: number | null;
  labelSmoothing: number;
  options: LinearCrossEntropyOptions | null;
  linear: Linear;

  constructor(inFeatures: number, numClasses: number, options: LinearCrossEntropyLossOptions = {}) {
    const given = readArgs('LinearCrossEntropyLoss', [options], DEFAULTS, 0);
    const { weight, labelSmoothing, outFeatures } = given;
    if (weight && !sameShape(weight.shape, [numClasses]))
      throw new RuntimeError(`expected weight shape to be ${show([numClasses])}, got ${show(weight.shape)}`);
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
      throw new RuntimeError(`expected label_smoothing to be in range [0, 1], got ${labelSmoothing}`);
    super(weight, given.reduction);
    this.numClasses = numClasses;
    this.outFeatures = outFeatures;
    this.ignoreIndex = given.ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    this.linear = new Linear(
      inFeatures,
      outFeatures.reduce((a, b) => a * b, numClasses),
      given.bias,
    );
    this.options = given.options;
  }

  /** Input [N, inFeatures] or [inFeatures]; target class indices [N, …outFeatures] or probabilities [N, C, …outFeatures]. */
  forward(input: Tensor, target: Tensor): Tensor {
    const { linear, weight, reduction, ignoreIndex, labelSmoothing, options } = this;
    const shape = [this.numClasses, ...this.outFeatures];
    return linearCrossEntropy(input, linear.weight.reshape([...shape, linear.inFeatures]), target, {
      linearBias: linear.bias?.reshape(shape) ?? null,
      weight,
      reduction,
      ignoreIndex,
      labelSmoothing,
      options,
    });
  }

  override extraRepr(): string {
    const { linear, outFeatures } = this;
    const tuple = outFeatures.length === 1 ? `(${outFeatures[0]},)` : `(${outFeatures.join(', ')})`;
    const smoothing = Number.isInteger(this.labelSmoothing) ? this.labelSmoothing.toFixed(1) : this.labelSmoothing;
    return (
      `in_features=${linear.inFeatures}, num_classes=${this.numClasses}, out_features=${tuple}, ` +
      `bias=${linear.bias ? 'True' : 'False'}, reduction=${this.reduction}, ignore_index=${this.ignoreIndex ?? 'None'}, ` +
      `label_smoothing=${smoothing}, options=${this.options ?? 'None'}`
    );
  }
}
