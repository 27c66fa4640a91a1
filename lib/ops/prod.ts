import type { Tensor } from '../tensor/tensor';
import { cat } from './join';
import { cropDim, reshapeTo } from './layout';

/**
 * The gradient of the product of `x` over `dims`, from `g` with those dimensions kept as 1 (or 0-d): for each element `g`
 * times the product of all others. Nothing is divided, so zeros are no exception, and every derivative of this is right, too.
 */
export function prodGradient(g: Tensor, x: Tensor, dims: readonly number[]): Tensor {
  if (dims.length === 1 && g.ndim === x.ndim) return timesOthers(g, x, dims[0]!);
  return reshapeTo(timesOthers(reshapeTo(g, [1]), reshapeTo(x, [x._size]), 0), x.shape);
}

/** Multiplies the first half with the second, element by element, has the rest done for those, and hands the results back. */
function timesOthers(g: Tensor, x: Tensor, dim: number): Tensor {
  const size = x.shape[dim]!;
  if (size === 0) return x;
  if (size === 1) return g;
  const half = size >> 1;
  const first = cropDim(x, dim, 0, half);
  const second = cropDim(x, dim, half, half);
  const odd = (t: Tensor, at: number) => (size % 2 ? [cropDim(t, dim, at, 1)] : []);
  const inner = timesOthers(g, cat([first.mul(second), ...odd(x, size - 1)], dim), dim);
  const shared = cropDim(inner, dim, 0, half);
  return cat([shared.mul(second), shared.mul(first), ...odd(inner, half)], dim);
}
