/** Writing and reading where a mask or an index says; all of it comes down to {@link putFlat} and {@link where}. */

import { noMore, readArgs } from '../args';
import { IndexError, RuntimeError } from '../errors';
import { checkScalar } from '../tensor/check';
import { withGrad } from '../tensor/context';
import { full } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import { broadcastShape, checkTensor, normalDim } from './define';
import { sameShape, show } from './dims';
import { take as takeSlices } from './gatherScatter';
import { inPlace, inPlaceOf } from './inplace';
import { crop, expandTo, reshapeTo } from './layout';
import { where } from './pointwise';
import { outsideOf, positions, putFlat, wrapped } from './putFlat';
import { reduceFlat } from './reduceFlat';
import { scattered } from './scatterReduce';
import { Slice, index as subscript } from './subscript';

type Scalar = number | boolean | Tensor;

/** `value` in the dtype of `input`; integers lose its fraction, as in PyTorch. */
function scalarFor(name: string, input: Tensor, value: Scalar): Scalar {
  if (value instanceof Tensor) {
    if (value.ndim === 0) return value.to(input.dtype);
    throw new RuntimeError(
      `${name} only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`,
    );
  }
  checkScalar(name, value, 'value');
  if (input.dtype === 'bool') return Boolean(value);
  return input.dtype === 'int32' ? Math.trunc(Number(value)) : value;
}

function checkMask(mask: Tensor, refusal: string): void {
  checkTensor('mask', mask, 'mask');
  if (mask.dtype !== 'bool') throw new RuntimeError(`${refusal}, but got mask with dtype ${mask.dtype}`);
}

/** `value` where `mask`, else `input`; both broadcast. See torch.masked_fill. */
export function maskedFill(input: Tensor, mask: Tensor, value: Scalar): Tensor {
  noMore('maskedFill(input, mask, value)', arguments.length, 3);
  checkTensor('maskedFill', input);
  checkMask(mask, 'masked_fill_ only supports boolean masks');
  return where(mask, scalarFor('masked_fill_', input, value), input);
}

/** In-place {@link maskedFill}. See torch.Tensor.masked_fill_. */
export function maskedFill_(self: Tensor, mask: Tensor, value: Scalar): Tensor {
  noMore('maskedFill_(self, mask, value)', arguments.length, 3);
  return inPlace('maskedFill_', self, (content) => maskedFill(content, mask, value));
}

/** The elements where `mask`, one after the other; both broadcast. How many depends on the data. See torch.masked_select. */
export function maskedSelect(input: Tensor, mask: Tensor): Tensor {
  noMore('maskedSelect(input, mask)', arguments.length, 2);
  checkTensor('maskedSelect', input);
  checkMask(mask, 'masked_select: expected BoolTensor for mask');
  const shape = broadcastShape(input.shape, mask.shape);
  if (shape.length === 0) return reshapeTo(input, [1]).index(mask.reshape(1));
  return subscript(
    expandTo(input, shape),
    withGrad(false, () => expandTo(mask, shape)),
  );
}

/** `input` with the elements of `source`, in order, where `mask`. See torch.masked_scatter. */
export function maskedScatter(input: Tensor, mask: Tensor, source: Tensor): Tensor {
  noMore('maskedScatter(input, mask, source)', arguments.length, 3);
  checkTensor('maskedScatter', input);
  checkMask(mask, 'masked_scatter_ only supports boolean masks');
  checkTensor('maskedScatter', source, 'source');
  if (source.dtype !== input.dtype) {
    throw new RuntimeError(
      `masked_scatter: expected self and source to have same dtypes but got ${input.dtype} and ${source.dtype}`,
    );
  }
  const shape = broadcastShape(input.shape, mask.shape);
  const target = expandTo(input, shape);
  const places = withGrad(false, () => maskedSelect(positions(target), mask));
  if (places._size > source._size) {
    throw new RuntimeError(`Number of elements of source (${source._size}) < number of ones in mask (${places._size})`);
  }
  const values = crop(reshapeTo(source, [source._size]), [0], [places._size]);
  return putFlat(target, places, values);
}

/** In-place {@link maskedScatter}. See torch.Tensor.masked_scatter_. */
export function maskedScatter_(self: Tensor, mask: Tensor, source: Tensor): Tensor {
  noMore('maskedScatter_(self, mask, source)', arguments.length, 3);
  return inPlace('maskedScatter_', self, (content) => maskedScatter(content, mask, source));
}

/** The elements of `input`, read row by row, at `index`; negative from the end. See torch.take. */
export function take(input: Tensor, index: Tensor): Tensor {
  noMore('take(input, index)', arguments.length, 2);
  checkTensor('take', input);
  checkTensor('take', index, 'index');
  const places = wrapped(index, input._size);
  const flat = reshapeTo(input, [input._size]);
  return reshapeTo(takeSlices(flat, 0, reshapeTo(places, [index._size]), outsideOf(input._size)), index.shape);
}

/** Everything in front of `dim`, and `index` there. */
function along(dim: number, index: Tensor): (Slice | Tensor)[] {
  const whole = Array.from({ length: dim }, () => new Slice(null, null, 1));
  return [...whole, index.ndim === 0 ? reshapeTo(index, [1]) : index];
}

/** `input` with `value` in the slices at `index` (1-d, int32) along `dim`. See torch.index_fill. */
export function indexFill(input: Tensor, dim: number, index: Tensor, value: Scalar): Tensor {
  noMore('indexFill(input, dim, index, value)', arguments.length, 4);
  checkTensor('indexFill', input);
  checkTensor('indexFill', index, 'index');
  if (index.dtype !== 'int32') throw new IndexError('index_fill_(): Expected dtype int32 for index.');
  if (index.ndim > 1) throw new RuntimeError('Index has to be a vector/scalar');
  const at = normalDim(dim, input.ndim);
  const scalar = scalarFor('index_fill_', input, value);
  if (input.ndim === 0) return reshapeTo(indexFill(reshapeTo(input, [1]), 0, index, scalar), []);
  const mask = withGrad(false, () => full(input.shape, false).indexPut_(along(at, index), true));
  return where(mask, scalar, input);
}

/** In-place {@link indexFill}. See torch.Tensor.index_fill_. */
export function indexFill_(self: Tensor, dim: number, index: Tensor, value: Scalar): Tensor {
  noMore('indexFill_(self, dim, index, value)', arguments.length, 4);
  return inPlace('indexFill_', self, (content) => indexFill(content, dim, index, value));
}

/** `input` with the slices of `source` at `index` (1-d, int32) along `dim`. See torch.index_copy. */
export function indexCopy(input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  noMore('indexCopy(input, dim, index, source)', arguments.length, 4);
  checkTensor('indexCopy', input);
  checkTensor('indexCopy', index, 'index');
  checkTensor('indexCopy', source, 'source');
  if (index.ndim > 1) throw new IndexError(`index_copy_(): Index should have dimension 1 or 0 (got ${index.ndim})`);
  if (index.dtype !== 'int32') {
    throw new RuntimeError(`index_copy_(): Expected a int32 tensor for index, but got ${index.dtype}`);
  }
  const at = normalDim(dim, input.ndim);
  if (source.dtype !== input.dtype) {
    throw new RuntimeError(
      `index_copy_(): self and source expected to have the same dtype, but got (self) ${input.dtype} and (source) ${source.dtype}`,
    );
  }
  if (input.ndim === 0) return reshapeTo(indexCopy(reshapeTo(input, [1]), 0, index, source.reshape(1)), []);
  const wanted = input.shape.with(at, index._size);
  if (!sameShape(source.shape, wanted)) {
    throw new IndexError(
      `index_copy_(): Number of indices (${index._size}) should be equal to source.size(dim) (${source.shape[at] ?? 1}), and the other sizes: source is ${show(source.shape)}, expected ${show(wanted)}`,
    );
  }
  const outside = (i: number) =>
    new IndexError(`index_copy_(): index ${i} is out of bounds for dimension ${at} with size ${input.shape[at]}`);
  const places = withGrad(false, () => takeSlices(positions(input), at, reshapeTo(index, [index._size]), outside));
  return putFlat(input, places, source);
}

/** In-place {@link indexCopy}. See torch.Tensor.index_copy_. */
export function indexCopy_(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  noMore('indexCopy_(self, dim, index, source)', arguments.length, 4);
  return inPlace('indexCopy_', self, (content) => indexCopy(content, dim, index, source));
}

export interface ScatterOptions {
  /** What becomes of the values that are there: null replaces them, the others add to and multiply them. */
  reduce?: 'add' | 'multiply' | null;
}

/**
 * `input` with each element of `src` (a tensor or a number) at its place, but at the index along `dim`, or combined with what
 * is there. Of indices that repeat without `reduce`, any one stays. See torch.scatter.
 */
export function scatter(
  input: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number,
  ...rest: [options?: ScatterOptions]
): Tensor {
  checkTensor('scatter', input);
  checkTensor('scatter', index, 'index');
  const { reduce } = readArgs('scatter', rest, { reduce: null as string | null }, 0);
  if (reduce !== null && reduce !== 'add' && reduce !== 'multiply') {
    throw new RuntimeError('reduce argument must be either add or multiply.');
  }
  normalDim(dim, input.ndim);
  const filled = (value: number) =>
    full(index.shape, scalarFor('scatter', input, value) as number, { dtype: input.dtype });
  const values = src instanceof Tensor ? src : withGrad(false, () => filled(src));
  if (values.dtype !== input.dtype) throw new RuntimeError('scatter(): Expected self.dtype to be equal to src.dtype');
  if (index._size === 0) return input.clone();
  const found = scattered(input, dim, index, values);
  if (reduce === null) return putFlat(input, found.places, found.values);
  return reduceFlat(input, found.places, found.values, reduce === 'add' ? 'sum' : 'prod', true);
}

/** In-place {@link scatter}. See torch.Tensor.scatter_. */
export const scatter_: typeof scatter = inPlaceOf('scatter_', scatter);
