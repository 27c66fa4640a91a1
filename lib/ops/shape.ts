import { noMore, type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { broadcast, permuted } from '../tensor/strides';
import type { Tensor } from '../tensor/tensor';
import { broadcastShape, checkArray, checkTensor, normalDim } from './define';
import { type Dims, readDims, readStar, type Star, show } from './dims';
import { asView, canView, expandTo, permuteTo, reshapedView, stridesOf } from './layout';

/** `shape` with its −1 replaced by what makes it fit `size` elements. */
function inferShape(shape: readonly number[], size: number): number[] {
  const negative = shape.findIndex((n) => n < -1);
  if (negative >= 0) {
    throw new RuntimeError(`invalid shape dimension ${shape[negative]} at index ${negative} of shape ${show(shape)}`);
  }
  if (shape.filter((n) => n === -1).length > 1) throw new RuntimeError('only one dimension can be inferred');
  const rest = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  if (!shape.includes(-1)) {
    if (rest !== size) throw new RuntimeError(`shape '${show(shape)}' is invalid for input of size ${size}`);
    return [...shape];
  }
  if (rest === 0 && size === 0) {
    throw new RuntimeError(
      `cannot reshape tensor of 0 elements into shape ${show(shape)} because the unspecified dimension size -1 can be any ` +
        'value and is ambiguous',
    );
  }
  if (rest === 0 || size % rest !== 0)
    throw new RuntimeError(`shape '${show(shape)}' is invalid for input of size ${size}`);
  return shape.map((n) => (n === -1 ? size / rest : n));
}

/** The same elements in another shape, of which one size may be −1. See torch.reshape. */
export function reshape(input: Tensor, ...shape: Star): Tensor {
  checkTensor('reshape', input);
  return reshapedView(input, inferShape(readStar('reshape', shape), input._size));
}

/** As {@link reshape}, but always a view: an error where the elements do not lie so. See torch.Tensor.view. */
export function view(input: Tensor, ...shape: Star): Tensor {
  checkTensor('view', input);
  const wanted = inferShape(readStar('view', shape), input._size);
  if (canView(input, wanted)) return reshapedView(input, wanted);
  throw new RuntimeError(
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous " +
      `subspaces). Use .reshape(...) instead: ${show(wanted)} of ${show(input.shape)} with strides ${show(stridesOf(input))}`,
  );
}

/** `input` in the shape of `other`. See torch.Tensor.view_as. */
export function viewAs(input: Tensor, other: Tensor): Tensor {
  noMore('viewAs(input, other)', arguments.length, 2);
  checkTensor('viewAs', other, 'other');
  return view(input, other.shape);
}

/** `input` in the shape of `other`. See torch.Tensor.reshape_as. */
export function reshapeAs(input: Tensor, other: Tensor): Tensor {
  noMore('reshapeAs(input, other)', arguments.length, 2);
  checkTensor('reshapeAs', other, 'other');
  return reshape(input, other.shape);
}

type FlattenArgs =
  | [options?: { startDim?: number; endDim?: number }]
  | [startDim: number, endDim?: number]
  | [startDim: number, options?: { endDim?: number }];

/** Dimensions `startDim` to `endDim` made one; a 0-d tensor becomes 1-d. See torch.flatten. */
export function flatten(input: Tensor, ...rest: FlattenArgs): Tensor {
  checkTensor('flatten', input);
  const { startDim, endDim } = readArgs('flatten', rest, { startDim: 0, endDim: -1 }, 2);
  const start = normalDim(startDim, input.ndim);
  const end = normalDim(endDim, input.ndim);
  if (start > end) throw new RuntimeError('flatten() has invalid args: start_dim cannot come after end_dim');
  if (input.ndim > 0 && start === end) return input;
  const { shape } = input;
  const middle = shape.slice(start, end + 1).reduce((a, b) => a * b, 1);
  return reshapedView(input, [...shape.slice(0, start), middle, ...shape.slice(end + 1)]);
}

/** Dimension `dim` split into `sizes`, of which one may be −1. See torch.unflatten. */
export function unflatten(input: Tensor, dim: number, sizes: readonly number[]): Tensor {
  noMore('unflatten(input, dim, sizes)', arguments.length, 3);
  checkTensor('unflatten', input);
  checkArray('unflatten', sizes, 'sizes');
  const at = normalDim(dim, input.ndim);
  if (sizes.length === 0) throw new RuntimeError('unflatten: sizes must be non-empty');
  const size = input.shape[at] ?? 1;
  const known = sizes.reduce((product, n) => (n === -1 ? product : product * n), 1);
  if (sizes.includes(-1) ? known === 0 || size % known !== 0 : known !== size) {
    throw new RuntimeError(
      `unflatten: Provided sizes ${show(sizes)} don't multiply up to the size of dim ${at} (${size}) in the input tensor`,
    );
  }
  const inner = inferShape(sizes, size);
  return reshapedView(input, [...input.shape.slice(0, at), ...inner, ...input.shape.slice(at + 1)]);
}

/** Without the dimensions of size 1: all of them, or those of `dim` that are. See torch.squeeze. */
export function squeeze(input: Tensor, ...rest: Optional<'dim', Dims | null>): Tensor {
  checkTensor('squeeze', input);
  const { dim } = readArgs('squeeze', rest, { dim: null as Dims | null });
  const dims = dim === null ? input.shape.map((_, i) => i) : readDims(dim, input.ndim);
  const shape = input.shape.filter((size, i) => size !== 1 || !dims.includes(i));
  const variant = dim === null ? 0 : typeof dim === 'number' ? 1 : 2;
  return reshapedView(input, shape, `SqueezeBackward${variant}`);
}

/** With a dimension of size 1 inserted at `dim`. See torch.unsqueeze. */
export function unsqueeze(input: Tensor, dim: number): Tensor {
  noMore('unsqueeze(input, dim)', arguments.length, 2);
  checkTensor('unsqueeze', input);
  const at = normalDim(dim, input.ndim + 1);
  return reshapedView(input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)], 'Unsqueeze');
}

/** With two dimensions swapped. See torch.transpose. */
export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  noMore('transpose(input, dim0, dim1)', arguments.length, 3);
  checkTensor('transpose', input);
  const [a, b] = [normalDim(dim0, input.ndim), normalDim(dim1, input.ndim)];
  return permutedView(input, swapped(input.ndim, a, b), 'Transpose');
}

function permutedView(input: Tensor, perm: readonly number[], name?: string): Tensor {
  return asView(input, (x) => permuteTo(x, perm, name), permuted(perm));
}

function swapped(ndim: number, a: number, b: number): number[] {
  return Array.from({ length: ndim }, (_, i) => (i === a ? b : i === b ? a : i));
}

/** A matrix transposed; a tensor of fewer dimensions as it is. See torch.t. */
export function t(input: Tensor): Tensor {
  noMore('t(input)', arguments.length, 1);
  checkTensor('t', input);
  if (input.ndim > 2) throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${input.ndim}D`);
  return permutedView(input, swapped(input.ndim, 0, input.ndim - 1), 'T');
}

/** Dimension `dims[i]` becomes dimension i. See torch.permute. */
export function permute(input: Tensor, ...dims: Star): Tensor {
  checkTensor('permute', input);
  const order = readStar('permute', dims);
  if (order.length !== input.ndim) {
    throw new RuntimeError(
      'permute: number of dimensions in the tensor input does not match the length of the desired ordering of dimensions ' +
        `i.e. input.dim() = ${input.ndim} is not equal to len(dims) = ${order.length}`,
    );
  }
  const perm = order.map((d) => normalDim(d, input.ndim));
  if (new Set(perm).size !== perm.length) throw new RuntimeError('permute(): duplicate dims are not allowed.');
  return permutedView(input, perm);
}

/** Dimensions at `source` moved to `destination`; the others keep their order. See torch.movedim. */
export function movedim(input: Tensor, source: Dims, destination: Dims): Tensor {
  noMore('movedim(input, source, destination)', arguments.length, 3);
  checkTensor('movedim', input);
  const read = (dims: Dims) => [dims].flat().map((d) => normalDim(d, input.ndim));
  const [from, to] = [read(source), read(destination)];
  if (from.length !== to.length) {
    throw new RuntimeError(
      `movedim: Invalid source or destination dims: source (${show(from)} dims) should contain the same number of dims as ` +
        `destination (${show(to)} dims)`,
    );
  }
  if (new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new RuntimeError(`movedim: repeated dim in source ${show(from)} or destination ${show(to)}`);
  }
  const others = input.shape.map((_, i) => i).filter((i) => !from.includes(i));
  const perm = input.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : others.shift()!));
  return permutedView(input, perm);
}

/** Broadcast to `size`, in which −1 keeps a size. Unlike PyTorch's, the elements are copied. See torch.Tensor.expand. */
export function expand(input: Tensor, ...size: Star): Tensor {
  checkTensor('expand', input);
  const target = readStar('expand', size);
  const added = target.length - input.ndim;
  if (added < 0) {
    throw new RuntimeError(
      `expand(${input.dtype}${show(input.shape)}, size=${show(target)}): the number of sizes provided (${target.length}) must ` +
        `be greater or equal to the number of dimensions in the tensor (${input.ndim})`,
    );
  }
  const shape = target.map((n, i) => expandedSize(input.shape, target, n, i, added));
  return asView(input, (x) => expandTo(x, shape), broadcast(shape));
}

function expandedSize(
  old: readonly number[],
  target: readonly number[],
  size: number,
  i: number,
  added: number,
): number {
  const present = old[i - added];
  if (size === -1 && present !== undefined) return present;
  if (size < 0) {
    throw new RuntimeError(
      `The expanded size of the tensor (${size}) isn't allowed in a leading, non-existing dimension ${i}`,
    );
  }
  if (present === undefined || present === 1 || present === size) return size;
  throw new RuntimeError(
    `The expanded size of the tensor (${size}) must match the existing size (${present}) at non-singleton dimension ${i}.  ` +
      `Target sizes: ${show(target)}.  Tensor sizes: ${show(old)}`,
  );
}

/** `input` expanded to the shape of `other`. See torch.Tensor.expand_as. */
export function expandAs(input: Tensor, other: Tensor): Tensor {
  noMore('expandAs(input, other)', arguments.length, 2);
  checkTensor('expandAs', other, 'other');
  return expand(input, other.shape);
}

/** `input` broadcast to `size`. See torch.broadcast_to. */
export function broadcastTo(input: Tensor, size: readonly number[]): Tensor {
  noMore('broadcastTo(input, size)', arguments.length, 2);
  return expand(input, size);
}

/** All tensors broadcast to their common shape. See torch.broadcast_tensors. */
export function broadcastTensors(...tensors: Tensor[]): Tensor[] {
  const shape = tensors.map((x) => x.shape).reduce(broadcastShape, []);
  return tensors.map((x) => expand(x, shape));
}
