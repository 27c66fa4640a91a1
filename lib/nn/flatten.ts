import { noMore, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { Module } from './module';

/** Joins the dimensions from `startDim` to `endDim` into one; by default all but the first. See torch.nn.Flatten. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(...rest: [startDim?: number, endDim?: number] | [options: { startDim?: number; endDim?: number }]) {
    super();
    const { startDim, endDim } = readArgs('Flatten', rest, { startDim: 1, endDim: -1 }, 2);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits dimension `dim` into `unflattenedSize`. See torch.nn.Unflatten. */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(dim: number, unflattenedSize: readonly number[]) {
    noMore('new Unflatten(dim, unflattenedSize)', arguments.length, 2);
    super();
    if (!Number.isInteger(dim)) throw new TypeError(`Unflatten: dim must be an integer, got ${String(dim)}`);
    if (!Array.isArray(unflattenedSize) || !unflattenedSize.every(Number.isInteger)) {
      throw new TypeError(`unflattened_size must be tuple of ints, but found ${String(unflattenedSize)}`);
    }
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }

  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    const sizes = this.unflattenedSize;
    return `dim=${this.dim}, unflattened_size=(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
  }
}
