import { type Optional, readArgs } from '../args';
import { linear } from '../ops/matmul';
import { empty } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import * as init from './init';
import { Module } from './module';
import { Parameter } from './parameter';

/** `x · weightᵀ + bias`, for inputs [*, inFeatures]. Weight [outFeatures, inFeatures]. See torch.nn.Linear. */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, ...rest: Optional<'bias', boolean>) {
    super();
    const { bias } = readArgs('Linear', rest, { bias: true });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty(outFeatures, inFeatures));
    this.bias = bias ? new Parameter(empty(outFeatures)) : null;
    this.resetParameters();
  }

  /** Draws new weights and biases from U(±1/√inFeatures). */
  resetParameters(): void {
    init.kaimingUniform_(this.weight, Math.sqrt(5));
    if (this.bias) {
      const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
      init.uniform_(this.bias, -bound, bound);
    }
  }

  forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${this.bias ? 'True' : 'False'}`;
  }
}

/** Returns its input; takes and ignores any arguments. See torch.nn.Identity. */
export class Identity extends Module {
  constructor(..._args: unknown[]) {
    super();
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}
