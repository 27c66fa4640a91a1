import { type Optional, readArgs } from '../args';
import { ValueError } from '../errors';
import { empty } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import * as init from './init';
import { Module } from './module';
import { Parameter } from './parameter';
import { showBool } from './repr';

/** `x1ᵀ · weight[k] · x2 + bias[k]` for each k. Weight [outFeatures, in1Features, in2Features]. See torch.nn.Bilinear. */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, ...rest: Optional<'bias', boolean>) {
    super();
    const { bias } = readArgs('Bilinear', rest, { bias: true });
    if (!(in1Features > 0)) {
      throw new ValueError(`in1_features must be > 0, but got (in1_features=${in1Features})`);
    }
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty(outFeatures, in1Features, in2Features));
    this.bias = bias ? new Parameter(empty(outFeatures)) : null;
    this.resetParameters();
  }

  /** Draws new weights and biases from U(±1/√in1Features). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    init.uniform_(this.weight, -bound, bound);
    if (this.bias) init.uniform_(this.bias, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const features = `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}`;
    return `${features}, bias=${showBool(this.bias !== null)}`;
  }
}
