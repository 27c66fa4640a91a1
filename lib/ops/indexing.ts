import { noMore, type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { IndexError, RuntimeError } from '../errors';
import { record, unrecorded } from '../tensor/op';
import { sameStrides, without } from '../tensor/strides';
import { Tensor } from '../tensor/tensor';
import { broadcastShape, checkTensor, normalDim } from './define';
import { sameShape, show } from './dims';
import { addedAlong, addSlices, runChecked, take, takeAlong } from './gatherScatter';
import { asView, crop, cropDim, expandTo, refit, reshapeTo, uncrop } from './layout';
import { wrapped } from './putFlat';

/** The slice at `index` of dimension `dim`, without that dimension; negative from the end. See torch.select. */
export function select(input: Tensor, dim: number, index: number): Tensor {
  noMore('select(input, dim, index)', arguments.length, 3);
  checkTensor('select', input);
  if (input.ndim === 0) throw new IndexError('select() cannot be applied to a 0-dim tensor.');
  const at = normalDim(dim, input.ndim);
  const size = input.shape[at]!;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new IndexError(
      `select(): index ${index} out of range for tensor of size ${show(input.shape)} at dimension ${at}`,
    );
  }
  return asView(input, (x) => slice(x, at, index < 0 ? index + size : index), without(at));
}

function slice(x: Tensor, dim: number, index: number): Tensor {
  const block = x.shape.map((n, i) => (i === dim ? 1 : n));
  const begin = x.shape.map((_, i) => (i === dim ? index : 0));
  const after = x.shape.map((n, i) => (i === dim ? n - index - 1 : 0));
  const value = refit(run('Crop', { x: x._value }, { begin, size: block }), block.toSpliced(dim, 1));
  return record(value, { name: 'Select', inputs: [x] }, () => [(g) => uncrop(reshapeTo(g!, block), begin, after)]);
}

/** `length` slices from `start` (a number, or a 0-d tensor, which is read) on along `dim`. See torch.narrow. */
export function narrow(input: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  noMore('narrow(input, dim, start, length)', arguments.length, 4);
  checkTensor('narrow', input);
  if (start instanceof Tensor) return narrow(input, dim, start.item(), length);
  if (input.ndim === 0) throw new RuntimeError('narrow() cannot be applied to a 0-dim tensor.');
  if (!(length >= 0)) throw new RuntimeError('narrow(): length must be non-negative.');
  const at = normalDim(dim, input.ndim);
  const size = input.shape[at]!;
  if (!Number.isInteger(start) || start < -size || start > size) {
    throw new IndexError(`start out of range (expected to be in range of [${-size}, ${size}], but got ${start})`);
  }
  const from = start < 0 ? start + size : start;
  if (from + length > size)
    throw new RuntimeError(`start (${from}) + length (${length}) exceeds dimension size (${size}).`);
  return asView(input, (x) => cropDim(x, at, from, length), sameStrides);
}

/** Indices are int32, PyTorch's int64. */
function checkIndex(where: string, index: Tensor): void {
  checkTensor(where, index, 'index');
  if (index.dtype !== 'int32') throw new RuntimeError(`${where}(): Expected dtype int32 for index, got ${index.dtype}`);
}

const outsideSelf = () => new IndexError('index out of range in self');

/** The slices of `input` at `index` (1-d, int32) along `dim`. See torch.index_select. */
export function indexSelect(input: Tensor, dim: number, index: Tensor): Tensor {
  noMore('indexSelect(input, dim, index)', arguments.length, 3);
  checkTensor('indexSelect', input);
  checkVector('indexSelect', index);
  const at = normalDim(dim, input.ndim);
  if (input.ndim === 0 && index._size !== 1) {
    throw new RuntimeError(`index_select(): Index to scalar can have only 1 value, got ${index._size} value(s)`);
  }
  if (input.ndim === 0) return reshapeTo(take(reshapeTo(input, [1]), 0, reshapeTo(index, [1]), outsideSelf), []);
  return take(input, at, index.ndim === 0 ? reshapeTo(index, [1]) : index, outsideSelf);
}

export function checkVector(where: string, index: Tensor): void {
  checkIndex(where, index);
  if (index.ndim > 1) {
    throw new IndexError(
      `${where}(): Index is supposed to be a vector, but got dim: ${index.ndim} with type: ${index.dtype} and size: ${show(index.shape)}`,
    );
  }
}

/** `input` with the slices of `source` times `alpha` added at `index` (1-d) along `dim`. See torch.index_add. */
export function indexAdd(
  input: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  ...rest: [options?: { alpha?: number }]
): Tensor {
  checkTensor('indexAdd', input);
  checkTensor('indexAdd', source, 'source');
  checkVector('indexAdd', index);
  const { alpha } = readArgs('indexAdd', rest, { alpha: 1 }, 0);
  const at = normalDim(dim, input.ndim);
  checkSameDtype('indexAdd', input, source, 'source');
  if (input.ndim === 0) {
    return reshapeTo(indexAdd(reshapeTo(input, [1]), 0, index, reshapeTo(source, [source._size]), { alpha }), []);
  }
  const count = index._size;
  if (source.ndim === input.ndim && source.shape[at] !== count) {
    throw new RuntimeError(
      `indexAdd(): Number of indices (${count}) should be equal to source.size(dim): (${source.shape[at] ?? 1}), for dim: ${at}`,
    );
  }
  if (source.ndim !== input.ndim || !sameShape(source.shape.with(at, 0), input.shape.with(at, 0))) {
    throw new RuntimeError(
      `indexAdd(): source tensor shape must match self tensor shape, excluding the specified dimension ${at}. Got ` +
        `self.shape = ${show(input.shape)} source.shape = ${show(source.shape)}`,
    );
  }
  const safe = inRange(reshapeTo(index, [index._size]), input.shape[at]!, outsideSelf);
  return input.add(addSlices(safe, source, at, input.shape[at]!), { alpha: Number(alpha) });
}

export function checkSameDtype(where: string, input: Tensor, other: Tensor, name: string): void {
  if (input.dtype === other.dtype) return;
  throw new RuntimeError(
    `${where}(): Expected self.dtype to be equal to ${name}.dtype, got ${input.dtype} and ${other.dtype}`,
  );
}

/** `index` with all of it known to be in [0, size). */
function inRange(index: Tensor, size: number, error: (index: number) => Error): Tensor {
  return unrecorded(runChecked('CheckIndex', { index: index._value }, { size }, error));
}

const outOfBounds = (dim: number, size: number) => (index: number) =>
  new RuntimeError(`index ${index} is out of bounds for dimension ${dim} with size ${size}`);

/** A 0-d tensor counts as one of one element. */
export const atLeast1d = (x: Tensor) => (x.ndim === 0 ? reshapeTo(x, [1]) : x);

/**
 * For each place in `index` (int32) the element of `input` at that place, but at the index along `dim`. The result has the
 * shape of `index`, which may be smaller than input's in the other dimensions. See torch.gather.
 */
export function gather(input: Tensor, dim: number, index: Tensor): Tensor {
  noMore('gather(input, dim, index)', arguments.length, 3);
  checkTensor('gather', input);
  checkIndex('gather', index);
  const at = normalDim(dim, input.ndim);
  const [x, places] = [atLeast1d(input), atLeast1d(index)];
  if (x.ndim !== places.ndim) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as input tensor');
  }
  if (places._size > 0 && places.shape.some((n, i) => i !== at && n > x.shape[i]!)) {
    throw new RuntimeError(
      `Size does not match at dimension ${places.shape.findIndex((n, i) => i !== at && n > x.shape[i]!)} expected index ` +
        `${show(index.shape)} to be no larger than self ${show(input.shape)} apart from dimension ${at}`,
    );
  }
  const found = takeAlong(x, at, places, outOfBounds(at, x.shape[at]!));
  return index.ndim === 0 ? reshapeTo(found, []) : found;
}

/**
 * `input` with each element of `src` added at its place, but at the index along `dim`: the opposite of {@link gather}.
 * `index` may be smaller than `src`, whose rest is then left out. See torch.scatter_add.
 */
export function scatterAdd(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  noMore('scatterAdd(input, dim, index, src)', arguments.length, 4);
  checkTensor('scatterAdd', input);
  checkTensor('scatterAdd', src, 'src');
  checkIndex('scatterAdd', index);
  checkSameDtype('scatterAdd', input, src, 'src');
  const at = normalDim(dim, input.ndim);
  const [places, values] = [atLeast1d(index), atLeast1d(src)];
  const shape = input.ndim === 0 ? [1] : input.shape;
  if (index._size === 0) return input.clone();
  if (places.ndim !== shape.length || values.ndim !== shape.length) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as self tensor and src tensor');
  }
  if (places.shape.some((n, i) => n > values.shape[i]! || (i !== at && n > shape[i]!))) {
    throw new RuntimeError(
      `Expected index ${show(index.shape)} to be no larger than self ${show(input.shape)} apart from dimension ${at} and to be ` +
        `no larger size than src ${show(src.shape)}`,
    );
  }
  const used = sameShape(values.shape, places.shape)
    ? values
    : crop(
        values,
        shape.map(() => 0),
        places.shape,
      );
  const sums = addedAlong(atLeast1d(input), at, places, used, outOfBounds(at, shape[at]!));
  return input.ndim === 0 ? reshapeTo(sums, []) : sums;
}

/** {@link gather} with `indices` and `input` broadcast in all but `dim`; without `dim` both flattened. See torch.take_along_dim. */
export function takeAlongDim(input: Tensor, indices: Tensor, ...rest: Optional<'dim', number | null>): Tensor {
  checkTensor('takeAlongDim', input);
  checkIndex('takeAlongDim', indices);
  const { dim } = readArgs('takeAlongDim', rest, { dim: null as number | null });
  if (dim === null) {
    return gather(reshapeTo(input, [input._size]), 0, reshapeTo(wrapped(indices, input._size), [indices._size]));
  }
  if (input.ndim !== indices.ndim) {
    throw new RuntimeError(
      'torch.take_along_dim(): input and indices should have the same number of dimensions, but got ' +
        `${input.ndim} dimensions for input, and ${indices.ndim} dimensions for indices`,
    );
  }
  const at = normalDim(dim, input.ndim);
  if (input.ndim === 0) throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  const common = broadcastShape(input.shape.with(at, 1), indices.shape.with(at, 1));
  return gather(
    expandTo(input, common.with(at, input.shape[at]!)),
    at,
    expandTo(wrapped(indices, input.shape[at]!), common.with(at, indices.shape[at]!)),
  );
}

/**
 * A new last dimension of `numClasses` zeros with a one at each label (int32); −1 takes the largest label + 1, which reads the
 * labels. Labels out of range are an error. See torch.nn.functional.one_hot.
 */
export function oneHot(input: Tensor, ...rest: Optional<'numClasses', number>): Tensor {
  checkTensor('oneHot', input);
  const { numClasses } = readArgs('oneHot', rest, { numClasses: -1 });
  if (input.dtype !== 'int32') {
    throw new RuntimeError(`one_hot is only applicable to index tensor of type LongTensor (int32), got ${input.dtype}`);
  }
  if (input._size === 0 && numClasses <= 0) {
    throw new RuntimeError('Can not infer total number of classes from empty tensor.');
  }
  const classes = numClasses === -1 ? Math.max(0, input.max().item()) + 1 : numClasses;
  if (!(classes >= 1)) throw new RuntimeError(`oneHot: numClasses must be positive or -1, got ${numClasses}`);
  const safe = inRange(input, classes, wrongClass);
  return unrecorded(run('OneHotRows', { index: safe._value }, { classes }));
}

function wrongClass(label: number): Error {
  if (label < 0) return new RuntimeError(`Class values must be non-negative, got ${label}.`);
  return new RuntimeError(`Class values must be smaller than num_classes, got ${label}.`);
}
