/** Scattering with a reduction, along one dimension. */
import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import { withGrad } from '../tensor/context';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim } from './define';
import { sameShape, show } from './dims';
import { atLeast1d, checkSameDtype, checkVector, gather, indexAdd, indexSelect, scatterAdd } from './indexing';
import { inPlaceOf } from './inplace';
import { crop } from './layout';
import { positions } from './putFlat';
import { type Reduction, reduceFlat } from './reduceFlat';

/**
 * Where the elements of `src` go in `input` read row by row, and those of them that go somewhere: each to its own place, but
 * with the index along `dim`. `index` may be smaller than `src`, whose rest is left out.
 */
export function scattered(input: Tensor, dim: number, index: Tensor, src: Tensor): { places: Tensor; values: Tensor } {
  const [at, from] = [atLeast1d(index), atLeast1d(src)];
  if (at.ndim !== Math.max(1, input.ndim)) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as self tensor');
  }
  if (from.ndim !== at.ndim) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as src tensor');
  }
  if (at.shape.some((n, i) => n > from.shape[i]!)) {
    throw new RuntimeError(
      `Expected index ${show(index.shape)} to be no larger than self ${show(input.shape)} apart from dimension ${dim} and to be no larger size than src ${show(src.shape)}`,
    );
  }
  const places = withGrad(false, () => gather(atLeast1d(positions(input)), dim, at));
  const origin = at.shape.map(() => 0);
  return { places, values: sameShape(from.shape, at.shape) ? from : crop(from, origin, at.shape) };
}

export interface IncludeSelfOptions {
  /** Whether what `input` has in a place counts among what is combined there. */
  includeSelf?: boolean;
}

const INCLUDE = { includeSelf: true };
const REDUCTIONS: readonly string[] = ['sum', 'prod', 'mean', 'amax', 'amin'];

/**
 * `input` with each element of `src` combined into its place, but at the index (int32) along `dim`, by `reduce`. Of equal
 * extremes all share the gradient. See torch.scatter_reduce.
 */
export function scatterReduce(
  input: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Reduction,
  ...rest: [options?: IncludeSelfOptions]
): Tensor {
  checkTensor('scatterReduce', input);
  checkTensor('scatterReduce', index, 'index');
  checkTensor('scatterReduce', src, 'src');
  const { includeSelf } = readArgs('scatterReduce', rest, INCLUDE, 0);
  if (!REDUCTIONS.includes(reduce)) {
    throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${reduce}.`);
  }
  normalDim(dim, input.ndim);
  if (index._size === 0) return input.clone();
  checkSameDtype('scatter', input, src, 'src');
  const { places, values } = scattered(input, dim, index, src);
  return reduceFlat(input, places, values, reduce, includeSelf);
}

/**
 * `input` with the slices of `source` combined into those at `index` (1-d, int32) along `dim`, by `reduce`. See
 * torch.index_reduce.
 */
export function indexReduce(
  input: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: Exclude<Reduction, 'sum'>,
  ...rest: [options?: IncludeSelfOptions]
): Tensor {
  checkTensor('indexReduce', input);
  checkTensor('indexReduce', source, 'source');
  checkVector('indexReduce', index);
  const { includeSelf } = readArgs('indexReduce', rest, INCLUDE, 0);
  if (!REDUCTIONS.includes(reduce) || (reduce as string) === 'sum') {
    throw new RuntimeError(`index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ${reduce}.`);
  }
  const at = normalDim(dim, input.ndim);
  if (input.dtype !== source.dtype) {
    throw new RuntimeError(
      `index_reduce_(): self (${input.dtype}) and source (${source.dtype}) must have the same scalar type`,
    );
  }
  const wanted = input.ndim === 0 ? [] : input.shape.with(at, index._size);
  if (!sameShape(source.shape, wanted)) {
    throw new RuntimeError(
      `index_reduce(): Number of indices (${index._size}) should be equal to source.size(dim) (${source.shape[at] ?? 1}), and the other sizes: source is ${show(source.shape)}, expected ${show(wanted)}`,
    );
  }
  if (index._size === 0) return input.clone();
  const places = withGrad(false, () => indexSelect(positions(input), dim, index));
  return reduceFlat(input, places, source, reduce, includeSelf);
}

/** In-place {@link scatterReduce}. See torch.Tensor.scatter_reduce_. */
export const scatterReduce_: typeof scatterReduce = inPlaceOf('scatterReduce_', scatterReduce);
/** In-place {@link indexReduce}. See torch.Tensor.index_reduce_. */
export const indexReduce_: typeof indexReduce = inPlaceOf('indexReduce_', indexReduce);
/** In-place {@link scatterAdd}. See torch.Tensor.scatter_add_. */
export const scatterAdd_: typeof scatterAdd = inPlaceOf('scatterAdd_', scatterAdd);
/** In-place {@link indexAdd}. See torch.Tensor.index_add_. */
export const indexAdd_: typeof indexAdd = inPlaceOf('indexAdd_', indexAdd);
