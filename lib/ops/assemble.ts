/** Putting tensors together, and taking them apart, in PyTorch's more particular ways. */

import { isPlainObject, noMore, type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import { sameStrides } from '../tensor/strides';
import { Tensor } from '../tensor/tensor';
import { flip } from './arrange';
import { checkArray, checkTensor, normalDim } from './define';
import { show } from './dims';
import { take } from './gatherScatter';
import { cat, stack } from './join';
import { asView, cropDim, expandTo, permuteTo, reshapedView, reshapeTo } from './layout';

/** `(a, b)` and `([a, b])` alike: what Python takes as *tensors. */
export type Tensors = Tensor[] | [list: readonly Tensor[]];

export function readTensors(where: string, args: readonly unknown[]): Tensor[] {
  const list = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  return list.map((x) => {
    checkTensor(where, x, 'tensors');
    return x;
  });
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const indexTensor = (places: number[]) => fromTypedArray(Int32Array.from(places), [places.length]);

export interface MeshgridOptions {
  /** 'xy' exchanges the first two dimensions. */
  indexing?: 'ij' | 'xy';
}

/** For 1-d tensors the grids of all combinations, one per tensor, dimension i running through tensor i. See torch.meshgrid. */
export function meshgrid(
  ...args: Tensor[] | [...Tensor[], MeshgridOptions] | [readonly Tensor[], MeshgridOptions?]
): Tensor[] {
  const last = args.at(-1);
  const { indexing } = readArgs('meshgrid', isPlainObject(last) ? [last] : [], { indexing: 'ij' as string }, 0);
  const tensors = readTensors('meshgrid', isPlainObject(last) ? args.slice(0, -1) : args);
  if (tensors.length === 0) throw new RuntimeError('meshgrid expects a non-empty TensorList');
  if (indexing !== 'ij' && indexing !== 'xy') {
    throw new RuntimeError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`);
  }
  const odd = tensors.find((x) => x.ndim > 1);
  if (odd) {
    throw new RuntimeError(`torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${show(odd.shape)}`);
  }
  if (tensors.some((x) => x.dtype !== tensors[0]!.dtype)) {
    throw new RuntimeError('torch.meshgrid expects all tensors to have the same dtype');
  }
  const order = range(tensors.length);
  if (indexing === 'xy' && tensors.length > 1) [order[0], order[1]] = [1, 0];
  const shape = order.map((i) => tensors[i]!._size);
  return tensors.map((x, i) => {
    const own = shape.map((_, d) => (order[d] === i ? x._size : 1));
    return asView(
      x,
      (v) => expandTo(reshapeTo(v, own), shape),
      ([stride]) => own.map((n) => (n === 1 ? 0 : stride!)),
    );
  });
}

/** All combinations of the elements of 1-d tensors, as rows. See torch.cartesian_prod. */
export function cartesianProd(...tensors: Tensors): Tensor {
  const list = readTensors('cartesianProd', tensors);
  if (list.length === 0) throw new RuntimeError('cartesian_prod expects a non-empty TensorList');
  const odd = list.find((x) => x.ndim !== 1);
  if (odd) throw new RuntimeError(`Expect a 1D vector, but got shape ${show(odd.shape)}`);
  if (list.length === 1) return list[0]!;
  const grids = meshgrid(list);
  return stack(
    grids.map((grid) => reshapeTo(grid, [grid._size])),
    1,
  );
}

/**
 * Pieces along `dim`: so many as equal as can be, the first ones larger; or split before each of the indices. See
 * torch.tensor_split.
 */
export function tensorSplit(
  input: Tensor,
  indicesOrSections: number | readonly number[] | Tensor,
  ...rest: Optional<'dim', number>
): Tensor[] {
  checkTensor('tensorSplit', input);
  if (input.ndim === 0) {
    throw new RuntimeError('tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims');
  }
  const dim = normalDim(readArgs('tensorSplit', rest, { dim: 0 }).dim, input.ndim);
  const size = input.shape[dim]!;
  const given = indicesOrSections instanceof Tensor ? readIndices(indicesOrSections) : indicesOrSections;
  const indices = typeof given === 'number' ? evenly(size, given) : given;
  checkArray('tensorSplit', indices, 'indicesOrSections');
  const at = (index: number) => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
  return [...indices, size].map((end, i) => {
    const start = i === 0 ? 0 : at(indices[i - 1]!);
    return asView(input, (x) => cropDim(x, dim, start, Math.max(0, at(end) - start)), sameStrides);
  });
}

function readIndices(x: Tensor): number | number[] {
  const what = 'tensor_split expected tensor_indices_or_sections to';
  if (x.dtype !== 'int32') throw new RuntimeError(`${what} have dtype of long (int32), but got ${x.dtype}`);
  if (x.ndim < 2) return x.tolist() as number | number[];
  throw new RuntimeError(
    `${what} be a zero-dimensional or one-dimensional tensor, but got a tensor with ${x.ndim} dims`,
  );
}

function evenly(size: number, sections: number): number[] {
  if (!(sections > 0)) throw new RuntimeError(`number of sections must be larger than 0, got ${sections}`);
  const [each, larger] = [Math.floor(size / sections), size % sections];
  return range(sections - 1).map((i) => (i + 1) * each + Math.min(i + 1, larger));
}

type RepeatArgs = Optional<'dim', number | null, { outputSize?: number | null }>;

/** Each number i of 0 … n−1 as often as `repeats[i]` says. */
export function repeatInterleave(repeats: Tensor): Tensor;
/**
 * Each slice along `dim`, by default each element, so many times in a row, or as often as a 1-d tensor says for each. See
 * torch.repeat_interleave.
 */
export function repeatInterleave(input: Tensor, repeats: number | Tensor, ...rest: RepeatArgs): Tensor;
export function repeatInterleave(input: Tensor, repeats?: number | Tensor, ...rest: RepeatArgs): Tensor {
  checkTensor('repeatInterleave', input);
  if (repeats === undefined) return indexTensor(spans(input, input._size));
  const { dim } = readArgs('repeatInterleave', rest, { dim: null as number | null, outputSize: null as number | null });
  const x = dim === null || input.ndim === 0 ? reshapeTo(input, [input._size]) : input;
  const axis = dim === null ? 0 : normalDim(dim, input.ndim);
  return take(x, axis, indexTensor(spans(repeats, x.shape[axis]!)));
}

function spans(repeats: number | Tensor, size: number): number[] {
  if (repeats instanceof Tensor) {
    if (repeats.ndim > 1) throw new RuntimeError('repeats must be 0-dim or 1-dim tensor');
    if (repeats.dtype !== 'int32')
      throw new RuntimeError(`"repeat_interleave_cpu" not implemented for '${repeats.dtype}'`);
  } else if (!Number.isInteger(repeats)) throw new TypeError(`repeats must be an integer, got ${String(repeats)}`);
  else if (repeats < 0) throw new RuntimeError(`Repeats must be non-negative, got ${repeats}`);
  const counts = repeats instanceof Tensor ? repeats.toTypedArray() : [repeats];
  if (counts.length !== 1 && counts.length !== size) {
    throw new RuntimeError(
      `repeats must have the same size as input along dim, but got repeats.size(0) = ${counts.length} and input.size(0) = ${size}`,
    );
  }
  if (counts.some((n) => n < 0)) throw new RuntimeError('repeats can not be negative');
  return range(size).flatMap((i) => new Array<number>(counts[counts.length === 1 ? 0 : i]!).fill(i));
}

/** All windows of `size` elements along `dimension`, `step` apart, as a new last dimension. See torch.Tensor.unfold. */
export function unfold(input: Tensor, dimension: number, size: number, step: number): Tensor {
  noMore('unfold(input, dimension, size, step)', arguments.length, 4);
  checkTensor('unfold', input);
  const dim = normalDim(dimension, input.ndim);
  const shape = input.ndim === 0 ? [1] : input.shape;
  const length = shape[dim]!;
  if (!(size >= 0)) throw new RuntimeError(`size is ${size} but must be >= 0`);
  if (size > length) {
    throw new RuntimeError(`maximum size for tensor at dimension ${dim} is ${length} but size is ${size}`);
  }
  if (!(step > 0)) throw new RuntimeError(`step is ${step} but must be > 0`);
  const count = Math.floor((length - size) / step) + 1;
  const places = range(count).flatMap((i) => range(size).map((j) => i * step + j));
  const perm = range(shape.length + 1).filter((i) => i !== dim + 1);
  const move = (x: Tensor) => {
    const flat = take(reshapeTo(x, shape), dim, indexTensor(places));
    if (x.ndim === 0) return reshapeTo(flat, [size]);
    return permuteTo(reshapeTo(flat, shape.toSpliced(dim, 1, count, size)), [...perm, dim + 1]);
  };
  return asView(input, move, (strides) =>
    strides.length === 0 ? [1] : [...strides.with(dim, strides[dim]! * step), strides[dim]!],
  );
}

/** Turned `k` times by 90° in the plane of two `dims`, from the first towards the second. See torch.rot90. */
export function rot90(input: Tensor, ...rest: Optional<'k', number, { dims?: readonly number[] }>): Tensor {
  checkTensor('rot90', input);
  const { k, dims } = readArgs('rot90', rest, { k: 1, dims: [0, 1] as readonly number[] });
  if (dims.length !== 2) throw new RuntimeError(`expected total rotation dims == 2, but got dims = ${dims.length}`);
  if (input.ndim < 2) throw new RuntimeError(`expected total dims >= 2, but got total dims = ${input.ndim}`);
  const [from, to] = dims.map((dim) => normalDim(dim, input.ndim)) as [number, number];
  if (from === to) {
    throw new RuntimeError(`expected rotation dims to be different, but got dim0 = ${dims[0]} and dim1 = ${dims[1]}`);
  }
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return input.clone();
  if (turns === 2) return flip(input, from, to);
  // A copy, not a view: flip made it.
  return permuteTo(
    flip(input, turns === 1 ? to : from),
    range(input.ndim).map((i) => (i === from ? to : i === to ? from : i)),
  );
}

type AtLeast = { (input: Tensor): Tensor; (...tensors: Tensors): Tensor[] };

function atLeast(where: string, shape: (old: readonly number[]) => number[]): AtLeast {
  const one = (x: Tensor) => {
    const wanted = shape(x.shape);
    return wanted.length === x.ndim ? x : reshapedView(x, wanted);
  };
  return ((...args: unknown[]) => {
    const list = readTensors(where, args);
    return args.length === 1 && args[0] instanceof Tensor ? one(args[0]) : list.map(one);
  }) as AtLeast;
}

/** Each tensor with at least one dimension; a single one is not wrapped in an array. See torch.atleast_1d. */
export const atleast1d: AtLeast = atLeast('atleast1d', (shape) => (shape.length === 0 ? [1] : [...shape]));

/** With at least two dimensions: a vector becomes a row. See torch.atleast_2d. */
export const atleast2d: AtLeast = atLeast('atleast2d', (shape) => (shape.length < 2 ? [1, shape[0] ?? 1] : [...shape]));

/** With at least three dimensions: a vector becomes [1, n, 1], a matrix [n, m, 1]. See torch.atleast_3d. */
export const atleast3d: AtLeast = atLeast('atleast3d', (shape) => {
  if (shape.length < 2) return [1, shape[0] ?? 1, 1];
  return shape.length === 2 ? [...shape, 1] : [...shape];
});

function checkList(where: string, tensors: readonly Tensor[]): Tensor[] {
  if (!Array.isArray(tensors)) throw new TypeError(`${where}(): argument 'tensors' must be an array of Tensors`);
  if (tensors.length === 0) throw new RuntimeError(`${where} expects a non-empty TensorList`);
  return readTensors(where, tensors);
}

/** Side by side: along the second dimension, vectors along their only one. See torch.hstack. */
export function hstack(tensors: readonly Tensor[]): Tensor {
  noMore('hstack(tensors)', arguments.length, 1);
  const parts = checkList('hstack', tensors).map((x) => atleast1d(x));
  return cat(parts, parts[0]!.ndim === 1 ? 0 : 1);
}

/** One below the other: along the first dimension, vectors being rows. See torch.vstack. */
export function vstack(tensors: readonly Tensor[]): Tensor {
  noMore('vstack(tensors)', arguments.length, 1);
  return cat(checkList('vstack', tensors).map((x) => atleast2d(x)));
}

/** {@link hstack} with vectors being columns. See torch.column_stack. */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  noMore('columnStack(tensors)', arguments.length, 1);
  const parts = checkList('columnStack', tensors);
  return hstack(parts.map((x) => (x.ndim < 2 ? reshapeTo(x, [x._size, 1]) : x)));
}
