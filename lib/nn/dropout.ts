import { type Optional, readArgs } from '../args';
import { ValueError } from '../errors';
import { pythonRepr } from '../tensor/pythonNumber';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import { Module } from './module';

/** In training, zeroes each element with probability `p` and scales the others by 1/(1−p). See torch.nn.Dropout. */
export class Dropout extends Module {
  readonly p: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'p', number, { inplace?: boolean }>) {
    super();
    const { p, inplace } = readArgs('Dropout', rest, { p: 0.5, inplace: false });
    if (!(p >= 0 && p <= 1)) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`);
    this.p = p;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, { training: this.training, inplace: this.inplace });
  }

  override extraRepr(): string {
    return `p=${Number.isInteger(this.p) ? this.p : pythonRepr(this.p)}, inplace=${this.inplace ? 'True' : 'False'}`;
  }
}
