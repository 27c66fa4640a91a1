import { type Optional, readArgs } from '../args';
import { IndexError, RuntimeError, ValueError } from '../errors';
import { withGrad } from '../tensor/context';
import { arange, type TensorData, tensor } from '../tensor/creation';
import { unrecorded } from '../tensor/op';
import { sameStrides, stepped } from '../tensor/strides';
import { Tensor } from '../tensor/tensor';
import { broadcastShape, checkArray, checkTensor } from './define';
import { runChecked, take } from './gatherScatter';
import { inPlace } from './inplace';
import { asView, cropDim, permuteTo, reshapeTo } from './layout';
import { maskIndicesOf } from './nonzero';
import { positions, putFlat, wrapped } from './putFlat';

/** Python's `start:stop:step`, made by {@link slice}. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;

  constructor(start: number | null, stop: number | null, step: number) {
    for (const bound of [start, stop]) {
      if (bound !== null && !Number.isInteger(bound))
        throw new TypeError(`slice: indices must be integers or null, got ${bound}`);
    }
    if (step === 0) throw new ValueError('slice step cannot be zero');
    if (!Number.isInteger(step) || step < 0) throw new ValueError('step must be greater than zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  /** First index and number of indices in a dimension of `size`. */
  within(size: number): { first: number; count: number } {
    const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
    const first = clip(this.start ?? 0);
    return { first, count: Math.max(0, Math.ceil((clip(this.stop ?? size) - first) / this.step)) };
  }
}

/** Python's slice: `slice(stop)`, `slice(start, stop)`, `slice(start, stop, step)`; null leaves an end open. */
export function slice(
  ...bounds: [stop: number | null] | [start: number | null, stop: number | null, step?: number | null]
): Slice {
  const [start, stop, step] = bounds.length === 1 ? [null, bounds[0], 1] : bounds;
  return new Slice(start, stop!, step ?? 1);
}

/** What may stand between the brackets of `x[…]`: a number, a slice, null, '...', a boolean, an index or mask tensor, or an array of indices. */
export type Subscript = number | boolean | Slice | null | '...' | Tensor | readonly TensorData[];

/** Index tensors by the dimension that each selects in. */
type Selected = Map<number, Tensor>;

/**
 * `x[…]`: numbers, slices, null and '...' give a view; index tensors (int32), arrays of indices and masks (bool) give a copy.
 * See torch.Tensor.__getitem__.
 */
export function index(self: Tensor, ...subscripts: Subscript[]): Tensor {
  checkTensor('index', self);
  const { view, selected } = applyBasic(self, subscripts);
  return selected.size === 0 ? view : gatherSelected(view, selected);
}

/**
 * `x[…] = value`, or `+=` with `accumulate`, where indices that repeat all count. `value` is broadcast to what the indices select.
 * See torch.Tensor.index_put_.
 */
export function indexPut_(self: Tensor, indices: readonly Subscript[], value: Source, ...rest: PutArgs): Tensor {
  return inPlace('indexPut_', self, (content) => indexPut(content, indices, value, ...rest));
}

type Source = Tensor | number | boolean;
type PutArgs = Optional<'accumulate', boolean>;

/** A copy of `input` with `value` where {@link indexPut_} writes it. See torch.index_put. */
export function indexPut(input: Tensor, indices: readonly Subscript[], value: Source, ...rest: PutArgs): Tensor {
  checkTensor('indexPut', input);
  checkArray('indexPut', indices, 'indices');
  const { accumulate } = readArgs('indexPut', rest, { accumulate: false });
  const places = withGrad(false, () => index(positions(input), ...indices));
  const values = withoutOnes((value instanceof Tensor ? value : tensor(value)).to(input.dtype), places.ndim);
  checkFits(values, places);
  return putFlat(input, places, values.expand([...places.shape]), accumulate);
}

/** As in PyTorch, ones in front that the place does not have do not count. */
function withoutOnes(x: Tensor, ndim: number): Tensor {
  return x.ndim > ndim && x.shape[0] === 1 ? withoutOnes(x.squeeze(0), ndim) : x;
}

function checkFits(values: Tensor, places: Tensor): void {
  const { shape } = places;
  const added = shape.length - values.ndim;
  if (added >= 0 && values.shape.every((size, i) => size === 1 || size === shape[added + i])) return;
  throw new RuntimeError(
    `shape mismatch: value tensor of shape [${values.shape.join(', ')}] cannot be broadcast to indexing result of shape ` +
      `[${shape.join(', ')}]`,
  );
}

/** Applies what gives views, and finds the index tensors with the dimensions of the view that they select in. */
function applyBasic(self: Tensor, subscripts: readonly Subscript[]): { view: Tensor; selected: Selected } {
  const items = expandEllipsis(self, subscripts.map(asSubscript));
  const selected: Selected = new Map();
  let view = self;
  let dim = 0;
  let own = 0; // the dimension of self that dim is, for messages
  for (const item of items) {
    if (item === null) view = view.unsqueeze(dim++);
    else if (typeof item === 'number') view = selectAt(view, dim, item, own++);
    else if (item instanceof Slice) [view, own] = [sliceDim(view, dim++, item), own + 1];
    else if (item.dtype === 'bool' && item.ndim === 0) {
      // Yes or no of a new dimension.
      view = view.unsqueeze(dim);
      selected.set(dim++, maskIndicesOf(item.reshape(1))[0]!);
    } else {
      for (const indices of item.dtype === 'bool' ? maskIndices(item, view, dim) : [item]) {
        selected.set(dim++, indices);
        own++;
      }
    }
  }
  return { view, selected };
}

function asSubscript(item: Subscript): Item | '...' {
  if (typeof item === 'boolean') return tensor(item);
  if (Array.isArray(item)) {
    const indices = tensor(item as readonly TensorData[]);
    return indices.dtype === 'bool' ? indices : indices.int();
  }
  if (typeof item === 'number' && !Number.isInteger(item)) {
    throw new IndexError(`only integers, slices, '...', null and index tensors are valid indices, got ${item}`);
  }
  if (item instanceof Tensor && item.dtype === 'float32') {
    throw new IndexError('tensors used as indices must be int32 or bool tensors, got float32');
  }
  const known =
    typeof item === 'number' || item === null || item === '...' || item instanceof Slice || item instanceof Tensor;
  if (!known)
    throw new IndexError(`only integers, slices, '...', null and index tensors are valid indices, got ${String(item)}`);
  return item as Item | '...';
}

type Item = Exclude<Subscript, boolean | '...' | readonly TensorData[]>;

/** As many whole slices as dimensions are left, in place of '...'. */
function expandEllipsis(self: Tensor, items: readonly (Item | '...')[]): Item[] {
  const consumes = (item: Item | '...') => {
    if (item === null || item === '...') return 0;
    return item instanceof Tensor && item.dtype === 'bool' ? item.ndim : 1;
  };
  const used = items.reduce<number>((sum, item) => sum + consumes(item), 0);
  if (used > self.ndim) {
    throw new IndexError(`too many indices for tensor of dimension ${self.ndim}`);
  }
  // As in PyTorch, a second one finds nothing left.
  const whole = new Array<Item>(self.ndim - used).fill(new Slice(null, null, 1));
  return items.flatMap((item) => (item === '...' ? whole.splice(0) : [item]));
}

function selectAt(x: Tensor, dim: number, at: number, own: number): Tensor {
  const size = x.shape[dim]!;
  if (at < -size || at >= size)
    throw new IndexError(`index ${at} is out of bounds for dimension ${own} with size ${size}`);
  return x.select(dim, at);
}

function sliceDim(x: Tensor, dim: number, bounds: Slice): Tensor {
  const size = x.shape[dim]!;
  const { first, count } = bounds.within(size);
  if (count === size) return x;
  if (bounds.step === 1) return asView(x, (t) => cropDim(t, dim, first, count, 'Slice'), sameStrides);
  const places = withGrad(false, () => arange(count).mul(bounds.step).add(first));
  return asView(x, (t) => take(t, dim, places), stepped(dim, bounds.step));
}

/** The places where a mask is true, one index tensor per dimension of it. */
function maskIndices(mask: Tensor, x: Tensor, dim: number): Tensor[] {
  mask.shape.forEach((size, i) => {
    if (size === x.shape[dim + i]) return;
    throw new IndexError(
      `The shape of the mask [${mask.shape.join(', ')}] at index ${i} does not match the shape of the indexed tensor ` +
        `[${x.shape.join(', ')}] at index ${dim + i}`,
    );
  });
  return maskIndicesOf(mask);
}

/**
 * x at index tensors that are broadcast together; their dimensions come first, or where they are if none of x's lies between.
 * A tensor without dimensions selects like a number: it has no place.
 */
function gatherSelected(x: Tensor, selected: Selected): Tensor {
  const dims = [...selected.keys()];
  const others = x.shape.map((_, i) => i).filter((i) => !selected.has(i));
  const sizes = dims.map((d) => x.shape[d]!);
  const shape = broadcastIndices([...selected.values()]);
  const places = withGrad(false, () => linearIndex([...selected.values()], dims, sizes));
  const rest = others.map((i) => x.shape[i]!);
  const front = reshapeTo(permuteTo(x, [...dims, ...others]), [sizes.reduce((a, b) => a * b, 1), ...rest]);
  const found = reshapeTo(take(front, 0, reshapeTo(places, [places._size])), [...shape, ...rest]);
  const placed = dims.filter((d) => selected.get(d)!.ndim > 0);
  const before = others.filter((i) => i < placed[0]!).length;
  const adjacent = others.slice(before).every((i) => i > placed.at(-1)!);
  return adjacent && before > 0 ? moveFront(found, shape.length, before) : found;
}

function broadcastIndices(indices: readonly Tensor[]): number[] {
  try {
    return indices.map((t) => t.shape).reduce<readonly number[]>(broadcastShape, []) as number[];
  } catch {
    const shapes = indices.map((t) => `[${t.shape.join(', ')}]`).join(', ');
    throw new IndexError(`shape mismatch: indexing tensors could not be broadcast together with shapes ${shapes}`);
  }
}

/** Positions in the selected dimensions read row by row; negative indices count from the end. */
function linearIndex(indices: readonly Tensor[], dims: readonly number[], sizes: readonly number[]): Tensor {
  let places: Tensor | null = null;
  indices.forEach((given, i) => {
    const size = sizes[i]!;
    const positive = wrapped(given, size);
    const outside = (at: number) => {
      const original = at < 0 ? at - size : at;
      return new IndexError(`index ${original} is out of bounds for dimension ${dims[i]} with size ${size}`);
    };
    const checked = unrecorded(runChecked('CheckIndex', { index: positive._value }, { size }, outside));
    places = places ? places.mul(size).add(checked) : checked;
  });
  return places!;
}

/** The first `count` dimensions moved behind the next `before`. */
function moveFront(x: Tensor, count: number, before: number): Tensor {
  const dims = x.shape.map((_, i) => i);
  const [front, passed, rest] = [dims.slice(0, count), dims.slice(count, count + before), dims.slice(count + before)];
  return permuteTo(x, [...passed, ...front, ...rest]);
}
