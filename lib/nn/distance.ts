import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import { Module } from './module';

/** The cosine of the angle between two inputs along `dim`. See torch.nn.CosineSimilarity. */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  constructor(...rest: Optional<'dim', number, F.CosineOptions>) {
    super();
    const { dim, eps } = readArgs('CosineSimilarity', rest, { dim: 1, eps: 1e-8 });
    this.dim = dim;
    this.eps = eps;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, this.dim, { eps: this.eps });
  }
}

/** The p-norm of the difference of two inputs along the last dimension. See torch.nn.PairwiseDistance. */
export class PairwiseDistance extends Module {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;

  constructor(...rest: Optional<'p', number, F.DistanceOptions>) {
    super();
    const { p, eps, keepdim } = readArgs('PairwiseDistance', rest, { p: 2, eps: 1e-6, keepdim: false });
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, this.norm, { eps: this.eps, keepdim: this.keepdim });
  }
}
