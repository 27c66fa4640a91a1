/** Copies of a tensor with a part replaced. */
import { noMore, type Optional, readArgs } from '../args';
import { IndexError, RuntimeError } from '../errors';
import { withGrad } from '../tensor/context';
import type { Tensor } from '../tensor/tensor';
import { diagonal } from './arrange';
import { checkTensor, normalDim } from './define';
import { sameShape, show } from './dims';
import { runChecked } from './gatherScatter';
import { select } from './indexing';
import { inPlaceOf } from './inplace';
import { reshapeTo } from './layout';
import { outsideOf, positions, putFlat, wrapped } from './putFlat';
import { Slice, index as subscript } from './subscript';

/**
 * `input` with the elements of `source` at `index` (int32, as many), which counts through input row by row, negative from the
 * end; added there with `accumulate`. See torch.put.
 */
export function put(input: Tensor, index: Tensor, source: Tensor, ...rest: Optional<'accumulate', boolean>): Tensor {
  checkTensor('put', input);
  checkTensor('put', index, 'index');
  checkTensor('put', source, 'source');
  const { accumulate } = readArgs('put', rest, { accumulate: false });
  if (index.dtype !== 'int32')
    throw new RuntimeError(`put_(): Expected a long tensor (int32) for index, but got ${index.dtype}`);
  if (source.dtype !== input.dtype) {
    throw new RuntimeError(
      `put_(): self and source expected to have the same dtype, but got self.dtype = ${input.dtype} and source.dtype = ${source.dtype}`,
    );
  }
  if (source._size !== index._size) {
    throw new IndexError(
      `put_(): Expected source and index to have the same number of elements, but got source.numel() = ${source._size}, index.numel() = ${index._size}`,
    );
  }
  const places = wrapped(index, input._size);
  runChecked('CheckIndex', { index: places._value }, { size: input._size }, outsideOf(input._size)).dispose();
  return putFlat(input, places, reshapeTo(source, places.shape), accumulate);
}

/** In-place {@link put}. See torch.Tensor.put_. */
export const put_: typeof put = inPlaceOf('put_', put);

/** `input` with `src` in the part that `part` takes of it. */
function replaced(input: Tensor, src: Tensor, part: (x: Tensor) => Tensor): Tensor {
  const places = withGrad(false, () => part(positions(input)));
  if (!sameShape(places.shape, src.shape)) {
    throw new RuntimeError(
      `expected src to have a size equal to the slice of self. src size = ${show(src.shape)}, slice size = ${show(places.shape)}`,
    );
  }
  const values = src.to(input.dtype);
  return putFlat(input, places, values);
}

/** `input` with `src` as the slice at `index` of dimension `dim`, which src lacks. See torch.select_scatter. */
export function selectScatter(input: Tensor, src: Tensor, dim: number, index: number): Tensor {
  noMore('selectScatter(input, src, dim, index)', arguments.length, 4);
  checkTensor('selectScatter', input);
  checkTensor('selectScatter', src, 'src');
  return replaced(input, src, (x) => select(x, dim, index));
}

const RANGE = { dim: 0, start: null as number | null, end: null as number | null, step: 1 };

export interface SliceOptions {
  /** The first index, by default 0. */
  start?: number | null;
  /** The index after the last, by default the size. */
  end?: number | null;
  step?: number;
}

/** `input` with `src` as its slices `start:end:step` along `dim`. See torch.slice_scatter. */
export function sliceScatter(input: Tensor, src: Tensor, ...rest: Optional<'dim', number, SliceOptions>): Tensor {
  checkTensor('sliceScatter', input);
  checkTensor('sliceScatter', src, 'src');
  const { dim, start, end, step } = readArgs('sliceScatter', rest, RANGE);
  const whole = Array.from({ length: normalDim(dim, input.ndim) }, () => new Slice(null, null, 1));
  if (!(step > 0)) throw new RuntimeError(`slice step must be positive, got ${step}`);
  return replaced(input, src, (x) => subscript(x, ...whole, new Slice(start, end, step)));
}

/** `input` with `src` as the `offset`-th diagonals of its matrices in `dim1` and `dim2`. See torch.diagonal_scatter. */
export function diagonalScatter(
  input: Tensor,
  src: Tensor,
  ...rest: Optional<'offset', number, { dim1?: number; dim2?: number }>
): Tensor {
  checkTensor('diagonalScatter', input);
  checkTensor('diagonalScatter', src, 'src');
  readArgs('diagonalScatter', rest, { offset: 0, dim1: 0, dim2: 1 });
  return replaced(input, src, (x) => diagonal(x, ...rest));
}
