import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import { Module } from './module';

/** max(x, 0). `inplace` writes the result into the input. See torch.nn.ReLU. */
export class ReLU extends Module {
  readonly inplace: boolean;

  constructor(...rest: Optional<'inplace', boolean>) {
    super();
    this.inplace = readArgs('ReLU', rest, { inplace: false }).inplace;
  }

  forward(input: Tensor): Tensor {
    return F.relu(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** 1 / (1 + e⁻ˣ). See torch.nn.Sigmoid. */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** Hyperbolic tangent. See torch.nn.Tanh. */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** Softmax over `dim`. See torch.nn.Softmax. */
export class Softmax extends Module {
  readonly dim: number;

  constructor(...rest: [dim: number] | [options: { dim: number }]) {
    super();
    const { dim } = readArgs(this.constructor.name, rest, { dim: Number.NaN });
    if (!Number.isInteger(dim)) throw new TypeError(`${this.constructor.name}: dim must be an integer, got ${dim}`);
    this.dim = dim;
  }

  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** Logarithm of the softmax over `dim`. See torch.nn.LogSoftmax. */
export class LogSoftmax extends Softmax {
  override forward(input: Tensor): Tensor {
    return F.logSoftmax(input, this.dim);
  }
}
