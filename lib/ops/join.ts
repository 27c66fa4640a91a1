import { type Optional, readArgs } from '../args';
import { run, runMulti, type Value } from '../backend/engine';
import { IndexError, RuntimeError, ValueError } from '../errors';
import { zeros } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { record, recordMulti } from '../tensor/op';
import { sameStrides, without } from '../tensor/strides';
import { Tensor } from '../tensor/tensor';
import { checkArray, checkTensor, normalDim, withValues } from './define';
import { sameShape, show } from './dims';
import { asViews, cropDim, reshapeTo } from './layout';

const AXIS = { dim: 0 };

/** Tensors of the same shape but for `dim`, one after the other along it, in their common dtype. See torch.cat. */
export function cat(tensors: readonly Tensor[], ...rest: Optional<'dim', number>): Tensor {
  const parts = checkList('cat', tensors);
  if (parts.length === 0) throw new ValueError('torch.cat(): expected a non-empty list of Tensors');
  const scalar = parts.findIndex((x) => x.ndim === 0);
  if (scalar >= 0) throw new RuntimeError(`zero-dimensional tensor (at position ${scalar}) cannot be concatenated`);
  // PyTorch's legacy: an empty vector goes with everything.
  const filled = parts.filter((x) => x.ndim !== 1 || x._size > 0);
  const first = filled[0] ?? parts[0]!;
  const dim = normalDim(readArgs('cat', rest, AXIS).dim, first.ndim);
  checkJoinable(filled, dim);
  const sizes = parts.map((x) => (filled.includes(x) ? x.shape[dim]! : null));
  const starts = offsets(sizes);
  const value = joined(filled.length > 0 ? filled : [first], 'Join', dim);
  return record(value, { name: 'Cat', inputs: parts }, () =>
    sizes.map((n, i) => (g) => (n === null ? zeros(0) : cropDim(g!, dim, starts[i]!, n))),
  );
}

function checkList(where: string, tensors: readonly Tensor[]): Tensor[] {
  const list = Array.isArray(tensors) ? tensors : null;
  if (!list) throw new TypeError(`${where}(): argument 'tensors' must be an array of Tensors`);
  list.forEach((x, i) => {
    if (x instanceof Tensor) return;
    throw new TypeError(
      `${where}(): expected Tensor as element ${i} in argument 'tensors', but got ${x === null ? 'null' : typeof x}`,
    );
  });
  return list;
}

function checkJoinable(parts: readonly Tensor[], dim: number): void {
  parts.forEach((x, i) => {
    const { shape } = parts[0]!;
    if (x.ndim !== shape.length) {
      throw new RuntimeError(`Tensors must have same number of dimensions: got ${shape.length} and ${x.ndim}`);
    }
    const odd = x.shape.findIndex((n, d) => d !== dim && n !== shape[d]);
    if (odd >= 0) {
      throw new RuntimeError(
        `Sizes of tensors must match except in dimension ${dim}. Expected size ${shape[odd]} but got size ${x.shape[odd]} for ` +
          `tensor number ${i} in the list.`,
      );
    }
  });
}

/** Runs a kernel on all `parts`, as their common dtype. */
function joined(parts: readonly Tensor[], kernel: 'Join' | 'Layer', dim: number): Value {
  const dtype = parts.map((x) => x.dtype).reduce(promoteTypes);
  return withValues(parts, dtype, (...values) =>
    kernel === 'Join' && values.length === 1
      ? run('Identity', { x: values[0]! })
      : run(kernel, { ...values } as never, { dim }),
  );
}

/** Where pieces of these sizes start; null is a piece that is left out. */
function offsets(sizes: readonly (number | null)[]): number[] {
  const starts: number[] = [];
  for (let i = 0, at = 0; i < sizes.length; at += sizes[i++] ?? 0) starts.push(at);
  return starts;
}

/** Tensors of one shape as the slices of a new dimension `dim`. See torch.stack. */
export function stack(tensors: readonly Tensor[], ...rest: Optional<'dim', number>): Tensor {
  const parts = checkList('stack', tensors);
  const first = parts[0];
  if (!first) throw new RuntimeError('stack expects a non-empty TensorList');
  const dim = normalDim(readArgs('stack', rest, AXIS).dim, first.ndim + 1);
  const { shape } = first;
  const odd = parts.findIndex((x) => !sameShape(x.shape, shape));
  if (odd >= 0) {
    throw new RuntimeError(
      `stack expects each tensor to be equal size, but got ${show(shape)} at entry 0 and ${show(parts[odd]!.shape)} at ` +
        `entry ${odd}`,
    );
  }
  return record(joined(parts, 'Layer', dim), { name: 'Stack', inputs: parts }, () =>
    parts.map((_, i) => (g) => reshapeTo(cropDim(g!, dim, i, 1), shape)),
  );
}

/**
 * Pieces of `splitSize` along `dim`, the last maybe smaller; an array gives the size of each, which must add up. See
 * torch.split.
 */
export function split(
  input: Tensor,
  splitSizeOrSections: number | readonly number[],
  ...rest: Optional<'dim', number>
): Tensor[] {
  checkTensor('split', input);
  if (input.ndim === 0) throw new RuntimeError('split expects at least a 1-dimensional tensor');
  const dim = normalDim(readArgs('split', rest, AXIS).dim, input.ndim);
  const size = input.shape[dim]!;
  if (typeof splitSizeOrSections === 'number') return pieces(input, evenSizes(size, splitSizeOrSections), dim);
  checkArray('split', splitSizeOrSections, 'splitSizeOrSections');
  const sizes = [...splitSizeOrSections];
  if (sizes.some((n) => n < 0) || sizes.reduce((a, b) => a + b, 0) !== size) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes to sum exactly to ${size} (input tensor's size at dimension ${dim}), but got ` +
        `split_sizes=${show(sizes)}`,
    );
  }
  return pieces(input, sizes, dim);
}

function evenSizes(size: number, each: number): number[] {
  if (!(each >= 0)) throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${each}`);
  if (each === 0 && size > 0) {
    throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`);
  }
  const count = each === 0 ? 1 : Math.max(1, Math.ceil(size / each));
  return Array.from({ length: count }, (_, i) => (i < count - 1 ? each : size - each * (count - 1)));
}

function pieces(x: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  if (sizes.length === 0) return [];
  const { shape } = x;
  const shapes = sizes.map((n) => shape.with(dim, n));
  return asViews(
    x,
    (input) => {
      const values = runMulti('Pieces', { x: input._value }, { sizes, dim });
      return recordMulti(values, { name: 'Split', inputs: [input] }, () => (grads) => [
        cat(present(grads, shapes), dim),
      ]);
    },
    sameStrides,
  );
}

/** Gradients, zeros where there is none. */
function present(grads: readonly (Tensor | null)[], shapes: readonly (readonly number[])[]): Tensor[] {
  return shapes.map((shape, i) => grads[i] ?? zeros(shape));
}

/** At most `chunks` pieces of the same size along `dim`, but for a smaller last one. See torch.chunk. */
export function chunk(input: Tensor, chunks: number, ...rest: Optional<'dim', number>): Tensor[] {
  checkTensor('chunk', input);
  if (input.ndim === 0) throw new RuntimeError('chunk expects at least a 1-dimensional tensor');
  if (!(chunks > 0)) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const dim = normalDim(readArgs('chunk', rest, AXIS).dim, input.ndim);
  const size = input.shape[dim]!;
  return pieces(input, size === 0 ? new Array(chunks).fill(0) : evenSizes(size, Math.ceil(size / chunks)), dim);
}

/** The slices along `dim`, without it. See torch.unbind. */
export function unbind(input: Tensor, ...rest: Optional<'dim', number>): Tensor[] {
  checkTensor('unbind', input);
  if (input.ndim === 0) throw new IndexError('Dimension specified as 0 but tensor has no dimensions');
  const dim = normalDim(readArgs('unbind', rest, AXIS).dim, input.ndim);
  if (input.shape[dim] === 0) return [];
  const shapes = new Array(input.shape[dim]).fill(input.shape.toSpliced(dim, 1));
  return asViews(
    input,
    (x) => {
      const values = runMulti('Slices', { x: x._value }, { dim });
      const node = { name: 'Unbind', inputs: [x] };
      return recordMulti(values, node, () => (grads) => [stack(present(grads, shapes), dim)]);
    },
    without(dim),
  );
}
