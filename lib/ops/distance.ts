/** Distances and similarities of vectors, and scaling them to a length. */
import { type Optional, readArgs } from '../args';
import { fromHost } from '../backend/engine';
import { RuntimeError } from '../errors';
import { promoteTypes } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import { differentiableOnce } from './activate';
import { broadcastShape, checkTensor } from './define';
import { type Dims, sameShape } from './dims';
import { expandTo } from './layout';
import { type NormOrder, norm } from './norm';

export interface NormalizeOptions {
  /** Along which dimensions. */
  dim?: Dims;
  /** The least norm that is divided by. */
  eps?: number;
}

/** `input` divided by its p-norm along `dim` (1). See torch.nn.functional.normalize. */
export function normalize(input: Tensor, ...rest: Optional<'p', NormOrder, NormalizeOptions>): Tensor {
  checkTensor('normalize', input);
  const { p, dim, eps } = readArgs('normalize', rest, { p: 2 as NormOrder, dim: 1 as Dims, eps: 1e-12 });
  return input.div(norm(input, p, dim, { keepdim: true }).clampMin(eps));
}

export interface CosineOptions {
  /** The least norm that is divided by. */
  eps?: number;
}

/** The cosine of the angle between `x1` and `x2`, broadcast, along `dim` (1). See torch.nn.functional.cosine_similarity. */
export function cosineSimilarity(x1: Tensor, x2: Tensor, ...rest: Optional<'dim', number, CosineOptions>): Tensor {
  checkTensor('cosineSimilarity', x1, 'x1');
  checkTensor('cosineSimilarity', x2, 'x2');
  const { dim, eps } = readArgs('cosineSimilarity', rest, { dim: 1, eps: 1e-8 });
  const dtype = promoteTypes(x1.dtype, x2.dtype);
  if (dtype !== 'float32') {
    throw new RuntimeError(`expected common dtype to be floating point, yet common dtype is ${dtype}`);
  }
  const shape = broadcastShape(x1.shape, x2.shape);
  const wide = (x: Tensor) => (sameShape(x.shape, shape) ? x : expandTo(x, shape));
  return unit(wide(x1.float()), dim, eps)
    .mul(unit(wide(x2.float()), dim, eps))
    .sum(dim);
}

/** `x` over its norm, whose lower bound the gradient does not see. */
function unit(x: Tensor, dim: number, eps: number): Tensor {
  const length = norm(x, 2, dim, { keepdim: true }).clone();
  length.detach().clampMin_(eps);
  return x.div(length);
}

export interface DistanceOptions {
  /** Added to each difference, which keeps the gradient finite. */
  eps?: number;
  keepdim?: boolean;
}

/** The p-norm of `x1 − x2 + eps` along the last dimension, broadcast. See torch.nn.functional.pairwise_distance. */
export function pairwiseDistance(x1: Tensor, x2: Tensor, ...rest: Optional<'p', number, DistanceOptions>): Tensor {
  checkTensor('pairwiseDistance', x1, 'x1');
  checkTensor('pairwiseDistance', x2, 'x2');
  const { p, eps, keepdim } = readArgs('pairwiseDistance', rest, { p: 2, eps: 1e-6, keepdim: false });
  return norm(x1.sub(x2).add(eps), p, -1, { keepdim });
}

/** The p-norm of the difference of each two rows of `input` [n, k], as [n(n − 1)/2]. See torch.nn.functional.pdist. */
export function pdist(input: Tensor, ...rest: Optional<'p', number>): Tensor {
  checkTensor('pdist', input);
  const { p } = readArgs('pdist', rest, { p: 2 });
  if (input.ndim !== 2) throw new RuntimeError(`pdist only supports 2D tensors, got: ${input.ndim}D`);
  if (input.dtype !== 'float32') throw new RuntimeError('pdist only supports floating-point dtypes');
  if (!(p >= 0)) throw new RuntimeError('pdist only supports non-negative p values');
  const n = input.shape[0]!;
  const rows = Array.from({ length: n }, (_, i) => i);
  const first = rowsOf(rows.flatMap((i) => new Array<number>(n - i - 1).fill(i)));
  const second = rowsOf(rows.flatMap((i) => rows.slice(i + 1)));
  const x = differentiableOnce(input, 'aten::_pdist_backward');
  return norm(x.indexSelect(0, first).sub(x.indexSelect(0, second)), p, 1);
}

function rowsOf(indices: number[]): Tensor {
  return Tensor._of(fromHost(() => Int32Array.from(indices), [indices.length], 'int32'));
}
