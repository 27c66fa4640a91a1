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
