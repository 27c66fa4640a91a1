import { noMore, type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { IndexError, RuntimeError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { record, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { checkOperand, checkTensor, dtypeOf, withValues } from './define';
import { takeAlong } from './gatherScatter';
import { reshapeTo } from './layout';
import { named, type ValuesIndices } from './named';
import { chosen, orderOf, pick, pickedAlong, readAlong, sliceAt } from './order';
import { where } from './pointwise';
import type { KeepdimOptions } from './reduce';

export interface SortOptions {
  /** Largest first. */
  descending?: boolean;
  /** Keep equal elements in their order: here they always are. */
  stable?: boolean;
}

const SORT = { dim: -1, descending: false, stable: false };
const NAMES = ['values', 'indices'];

/**
 * The elements along `dim` in ascending order, and where they were, as `[values, indices]` with these names. Equal elements
 * keep their order; NaN counts as the largest. See torch.sort.
 */
export function sort(input: Tensor, ...rest: Optional<'dim', number, SortOptions>): ValuesIndices<Tensor> {
  const { dim, descending } = readArgs('sort', rest, SORT);
  const { x, axis } = readAlong('sort', input, dim);
  return named(pickedAlong('Order', input, x, { axis, k: x.shape[axis]!, descending }, 'Sort'), NAMES);
}

/** The indices that {@link sort} gives. See torch.argsort. */
export function argsort(input: Tensor, ...rest: Optional<'dim', number, SortOptions>): Tensor {
  const { dim, descending } = readArgs('argsort', rest, SORT);
  const { x, axis } = readAlong('argsort', input, dim);
  return reshapeTo(orderOf(x, axis, x.shape[axis]!, descending), input.shape);
}

/** Sorted along the first dimension. See torch.msort. */
export function msort(input: Tensor): Tensor {
  noMore('msort(input)', arguments.length, 1);
  return sort(input, 0).values;
}

export interface TopkOptions {
  /** The smallest ones if false. */
  largest?: boolean;
  /** In order, as they are here in any case. */
  sorted?: boolean;
}

/**
 * The `k` largest elements along `dim`, in descending order, and where they are, as `[values, indices]` with these names. NaN
 * counts as the largest. See torch.topk.
 */
export function topk(input: Tensor, k: number, ...rest: Optional<'dim', number, TopkOptions>): ValuesIndices<Tensor> {
  const { dim, largest } = readArgs('topk', rest, { dim: -1, largest: true, sorted: true });
  const { x, axis } = readAlong('topk', input, dim);
  if (!Number.isInteger(k) || k < 0 || k > x.shape[axis]!) {
    throw new RuntimeError(`selected index k out of range: ${k} of ${x.shape[axis]}`);
  }
  if (x.dtype === 'bool') throw new RuntimeError('topk does not support bool dtypes on CPU');
  const attrs = { axis, k: input.ndim === 0 ? 1 : k, descending: largest };
  return named(pickedAlong('Order', input, x, attrs, 'Topk'), NAMES);
}

const ONE = { dim: -1, keepdim: false };

function checkFilled(name: string, x: Tensor, axis: number): void {
  if (x.shape[axis] === 0) throw new IndexError(`${name}(): Expected reduction dim ${axis} to have non-zero size.`);
}

/** The `k`-th smallest element along `dim`, counted from 1, as `[values, indices]` with these names. See torch.kthvalue. */
export function kthvalue(
  input: Tensor,
  k: number,
  ...rest: Optional<'dim', number, KeepdimOptions>
): ValuesIndices<Tensor> {
  const { dim, keepdim } = readArgs('kthvalue', rest, ONE);
  const { x, axis } = readAlong('kthvalue', input, dim);
  checkFilled('kthvalue', x, axis);
  refuseBool('kthvalue', x);
  if (!Number.isInteger(k) || k < 1 || k > x.shape[axis]!) {
    throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${axis}: got ${k}`);
  }
  const index = sliceAt(orderOf(x, axis, k, false), axis, k - 1);
  return named(pick(input, x, axis, index, 'Kthvalue', keepdim), NAMES);
}

function refuseBool(name: string, x: Tensor): void {
  if (x.dtype === 'bool') throw new RuntimeError(`"${name}_cpu" not implemented for 'Bool'`);
}

/** What follows `input` in median and nanmedian. */
type MedianArgs = [first?: number | (KeepdimOptions & { dim: number }), keepdim?: boolean | KeepdimOptions];
const MEDIAN = { dim: null as number | null, keepdim: false };

/** The middle element, the lower one of two; NaN if there is any, or none at all. Equal ones share the gradient. See torch.median. */
export function median(input: Tensor): Tensor;
/** The middle element along `dim` and where it is, as `[values, indices]` with these names. */
export function median(input: Tensor, dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
export function median(input: Tensor, options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
export function median(input: Tensor, ...rest: MedianArgs): Tensor | ValuesIndices<Tensor> {
  return middle('median', input, medianIndex, rest);
}

/** {@link median} of what is not NaN. See torch.nanmedian. */
export function nanmedian(input: Tensor): Tensor;
export function nanmedian(input: Tensor, dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
export function nanmedian(input: Tensor, options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
export function nanmedian(input: Tensor, ...rest: MedianArgs): Tensor | ValuesIndices<Tensor> {
  return middle('nanmedian', input, nanmedianIndex, rest);
}

type IndexOf = (x: Tensor, axis: number) => Tensor;

function middle(name: string, input: Tensor, indexOf: IndexOf, rest: MedianArgs): Tensor | ValuesIndices<Tensor> {
  checkTensor(name, input);
  const { dim, keepdim } = readArgs(name, rest, MEDIAN, 2);
  refuseBool('median', input);
  const node = name === 'median' ? 'Median' : 'Nanmedian';
  if (dim === null) return middleOfAll(name, node, input, indexOf);
  const { x, axis } = readAlong(name, input, dim);
  checkFilled(name, x, axis);
  return named(pick(input, x, axis, indexOf(x.detach(), axis), `${node}Backward1`, keepdim), NAMES);
}

function middleOfAll(name: string, node: string, input: Tensor, indexOf: IndexOf): Tensor {
  if (input._size === 0 && input.dtype !== 'float32') {
    throw new RuntimeError(`${name}(): an empty int32 tensor has none, and no NaN`);
  }
  const flat = reshapeTo(input.detach(), [input._size]);
  const none = () => fromTypedArray(Float32Array.of(Number.NaN), []);
  const value = input._size === 0 ? none()._value : chosen(flat, 0, indexOf(flat, 0), node, [])._value;
  const how = { name: node, inputs: [input], saves: [input] };
  return record(
    value,
    how,
    (y) => [(g) => share(g!, input.eq(y).logicalOr(input.isnan().logicalAnd(y.isnan())))],
    true,
  );
}

/** `g` spread evenly over the elements in `mask`. */
function share(g: Tensor, mask: Tensor): Tensor {
  return g.div(mask.sum()).mul(mask);
}

/** Of the first NaN, where there is one: from the largest down it comes first. */
function medianIndex(x: Tensor, axis: number): Tensor {
  const half = x.shape[axis]! >> 1;
  const order = orderOf(x, axis, half + 1, true);
  const index = sliceAt(order, axis, half);
  if (x.dtype !== 'float32') return index;
  const first = sliceAt(order, axis, 0);
  return where(takeAlong(x, axis, first).isnan(), first, index);
}

function nanmedianIndex(x: Tensor, axis: number): Tensor {
  const order = orderOf(x, axis, x.shape[axis]!, false);
  const count = x.isnan().logicalNot().sum(axis, { keepdim: true });
  return takeAlong(order, axis, count.sub(1).div(2, { roundingMode: 'floor' }).clamp(0).int());
}

/**
 * The most frequent element along `dim`, the smallest of equally frequent ones, and where it is last, as `[values, indices]`
 * with these names. See torch.mode.
 */
export function mode(input: Tensor, ...rest: Optional<'dim', number, KeepdimOptions>): ValuesIndices<Tensor> {
  const { dim, keepdim } = readArgs('mode', rest, ONE);
  const { x, axis } = readAlong('mode', input, dim);
  checkFilled('mode', x, axis);
  const order = orderOf(x, axis, x.shape[axis]!, false);
  const sorted = takeAlong(x.detach(), axis, order);
  const ends = alongRows(sorted, axis, lastOfLongestRun);
  return named(pick(input, x, axis, takeAlong(order, axis, ends), 'Mode', keepdim), NAMES);
}

function lastOfLongestRun(row: (i: number) => number, size: number): number {
  let [best, longest, start] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    if (i + 1 < size && row(i) === row(i + 1)) continue;
    if (i + 1 - start > longest) [best, longest] = [i, i + 1 - start];
    start = i + 1;
  }
  return best;
}

/** An int32 number for each row of `x` along `dim`, computed here. */
function alongRows(x: Tensor, dim: number, fn: (row: (i: number) => number, size: number) => number): Tensor {
  const data = x.toTypedArray();
  const size = x.shape[dim]!;
  const step = x.shape.slice(dim + 1).reduce((a, b) => a * b, 1);
  const out = new Int32Array(data.length / size);
  for (let i = 0; i < out.length; i++) {
    const start = Math.floor(i / step) * step * size + (i % step);
    out[i] = fn((j) => data[start + j * step]!, size);
  }
  return fromTypedArray(out, x.shape.with(dim, 1));
}

export interface SearchOptions {
  /** The place behind equal elements rather than before them. */
  right?: boolean;
  /** Indices are int32 in any case. */
  outInt32?: boolean;
}

const SEARCH = { outInt32: false, right: false, side: null as string | null, sorter: null as Tensor | null };

/**
 * Where each of `values` would go into the sorted last dimension of `sortedSequence`, which is 1-d or agrees with `values` in
 * all other dimensions; int32. `sorter` gives the order of an unsorted one. See torch.searchsorted.
 */
export function searchsorted(
  sortedSequence: Tensor,
  values: Tensor | number,
  ...rest: [options?: SearchOptions & { side?: 'left' | 'right' | null; sorter?: Tensor | null }]
): Tensor {
  checkTensor('searchsorted', sortedSequence, 'sorted_sequence');
  checkOperand('searchsorted', values, 'values');
  const { right, side, sorter } = readArgs('searchsorted', rest, SEARCH, 0);
  if (sorter !== null) checkTensor('searchsorted', sorter, 'sorter');
  if (side !== null && side !== 'left' && side !== 'right') {
    throw new RuntimeError(`torch.searchsorted(): side can only be 'left' or 'right' but got ${side}`);
  }
  if (side === 'left' && right) {
    throw new RuntimeError(
      "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True",
    );
  }
  const sequence = sorter === null ? sortedSequence : takeAlong(sortedSequence, sortedSequence.ndim - 1, sorter);
  checkSearch(sequence, values);
  return search(sequence, values, right || side === 'right');
}

function checkSearch(sequence: Tensor, values: Tensor | number): void {
  const shape = values instanceof Tensor ? values.shape : [];
  if (sequence.ndim === 1) return;
  if (shape.length === 0) {
    throw new RuntimeError(
      'torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1, but we got boundaries ' +
        `tensor dim(${sequence.ndim}) and input value's dim(0) numel(1)`,
    );
  }
  if (String(shape.slice(0, -1)) !== String(sequence.shape.slice(0, -1)) || sequence.ndim === 0) {
    throw new RuntimeError(
      'torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and ' +
        `input value tensor must match, but we got boundaries tensor [${sequence.shape}] and input value tensor [${shape}]`,
    );
  }
}

/** Which of the intervals between sorted 1-d `boundaries` each element is in; int32. See torch.bucketize. */
export function bucketize(input: Tensor | number, boundaries: Tensor, ...rest: [options?: SearchOptions]): Tensor {
  checkTensor('bucketize', boundaries, 'boundaries');
  const { right } = readArgs('bucketize', rest, { outInt32: false, right: false }, 0);
  if (boundaries.ndim !== 1) {
    throw new RuntimeError(`boundaries tensor must be 1 dimension, but got dim(${boundaries.ndim})`);
  }
  return search(boundaries, input, right);
}

function search(sequence: Tensor, values: Tensor | number, right: boolean): Tensor {
  const dtype = promoteTypes(dtypeOf(sequence), dtypeOf(values));
  if (dtype === 'bool') throw new RuntimeError('"searchsorted_out_cpu" not implemented for \'Bool\'');
  return unrecorded(
    withValues([sequence, values], dtype, (rows, wanted) =>
      run('Search', { sequence: rows, values: wanted }, { right }),
    ),
  );
}
