import { type Optional, readArgs } from '../args';
import { run, runMulti, type Value } from '../backend/engine';
import { IndexError, RuntimeError } from '../errors';
import { record, recordMulti, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { maximum, minimum } from './arithmetic';
import { checkTensor, normalDim, withValues } from './define';
import { type Dims, keptShape, reductionDims } from './dims';
import { addAlong } from './gatherScatter';
import { refit, reshapeTo, unreduced } from './layout';
import { named, type ValuesIndices } from './named';
import { picked } from './order';
import { where } from './pointwise';
import type { KeepdimOptions } from './reduce';

type Op = 'Max' | 'Min';
type ByDims = { dim: Dims | null; keepdim: boolean };
type ByDim = { dim: number | null; keepdim: boolean };
const DEFAULTS = { dim: null, keepdim: false };

/** Largest over `dim`; equal ones share the gradient. See torch.amax. */
export function amax(input: Tensor, ...rest: Optional<'dim', Dims | null, KeepdimOptions>): Tensor {
  return sharedExtreme('Max', 'amax', input, readArgs<ByDims>('amax', rest, DEFAULTS));
}

/** Smallest over `dim`; equal ones share the gradient. See torch.amin. */
export function amin(input: Tensor, ...rest: Optional<'dim', Dims | null, KeepdimOptions>): Tensor {
  return sharedExtreme('Min', 'amin', input, readArgs<ByDims>('amin', rest, DEFAULTS));
}

function sharedExtreme(op: Op, name: string, x: Tensor, { dim, keepdim }: ByDims): Tensor {
  const nodes = { max: 'MaxBackward1', min: 'MinBackward1', amax: 'Amax', amin: 'Amin' };
  checkTensor(name, x);
  const axes = reductionDims(dim, x.ndim);
  checkNotEmpty(name, x, dim === null ? null : axes);
  const full = (t: Tensor) => unreduced(t, x.shape, axes, keepdim);
  const node = { name: nodes[name as keyof typeof nodes], inputs: [x], saves: [x] };
  return record(extremeValue(op, x, axes, keepdim), node, (y) => [(g) => share(full(g!), x.eq(full(y)), axes)], true);
}

/** `g` spread evenly over the elements in `mask`. */
function share(g: Tensor, mask: Tensor, axes: readonly number[]): Tensor {
  return g.div(mask.sum(axes, { keepdim: true })).mul(mask);
}

function extremeValue(op: Op, x: Tensor, axes: readonly number[], keepDims: boolean): Value {
  const reduced = (v: Value) => run('Reduce', { x: v }, { op, axes, keepDims });
  return x.dtype === 'bool' ? throughInt32(x, reduced) : reduced(x._value);
}

/** Bools have no extremes in TensorFlow. */
function throughInt32(x: Tensor, fn: (v: Value) => Value): Value {
  const result = withValues([x], 'int32', fn);
  const truth = run('Cast', { x: result }, { dtype: 'bool' });
  result.dispose();
  return truth;
}

function checkNotEmpty(name: string, x: Tensor, axes: readonly number[] | null): void {
  if (axes === null && x._size === 0) {
    const ErrorClass = name.startsWith('arg') ? IndexError : RuntimeError;
    throw new ErrorClass(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  }
  const empty = axes?.find((dim) => x.shape[dim] === 0);
  if (empty !== undefined) throw new IndexError(`${name}(): Expected reduction dim ${empty} to have non-zero size.`);
}

/** What follows `input` in max and min. */
type MaxArgs = [first?: Tensor | number | (KeepdimOptions & { dim: number }), keepdim?: boolean | KeepdimOptions];

/** The largest element, NaN if there is one; equal ones share the gradient. See torch.max. */
export function max(input: Tensor): Tensor;
/** The larger of two, element by element: {@link maximum}. */
export function max(input: Tensor, other: Tensor): Tensor;
/**
 * The largest over `dim`, and the index of the first of them, as `[values, indices]` with these names. The gradient goes to
 * that one only. NaN counts as the largest.
 */
export function max(input: Tensor, dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
export function max(input: Tensor, options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
export function max(input: Tensor, ...rest: MaxArgs): Tensor | ValuesIndices<Tensor> {
  if (rest[0] instanceof Tensor) return maximum(input, rest[0]);
  return extreme('Max', 'max', input, readArgs<ByDim>('max', rest, DEFAULTS, 2));
}

/** The smallest element, NaN if there is one; equal ones share the gradient. See torch.min. */
export function min(input: Tensor): Tensor;
/** The smaller of two, element by element: {@link minimum}. */
export function min(input: Tensor, other: Tensor): Tensor;
/** The smallest over `dim` with the index of the first of them, as {@link max}. */
export function min(input: Tensor, dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
export function min(input: Tensor, options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
export function min(input: Tensor, ...rest: MaxArgs): Tensor | ValuesIndices<Tensor> {
  if (rest[0] instanceof Tensor) return minimum(input, rest[0]);
  return extreme('Min', 'min', input, readArgs<ByDim>('min', rest, DEFAULTS, 2));
}

function extreme(op: Op, name: string, x: Tensor, { dim, keepdim }: ByDim): Tensor | ValuesIndices<Tensor> {
  checkTensor(name, x);
  if (dim === null) return extremeOfAll(op, name, x);
  const axis = normalDim(dim, x.ndim);
  return x.ndim === 0 ? extremeAlong(op, name, reshapeTo(x, [1]), 0, false) : extremeAlong(op, name, x, axis, keepdim);
}

function extremeOfAll(op: Op, name: string, x: Tensor): Tensor {
  checkNotEmpty(name, x, null);
  const axes = reductionDims(null, x.ndim);
  return record(
    extremeValue(op, x, axes, false),
    { name: op, inputs: [x], saves: [x] },
    (y) => [(g) => shareAll(g!, x.eq(y).logicalOr(x.isnan()))],
    true,
  );
}

/** As {@link share}, but zero elsewhere whatever `g` is, as in PyTorch. */
function shareAll(g: Tensor, mask: Tensor): Tensor {
  return where(mask, g.div(mask.sum()), 0);
}

function extremeAlong(op: Op, name: string, x: Tensor, axis: number, keepdim: boolean): ValuesIndices<Tensor> {
  checkNotEmpty(name, x, [axis]);
  const { shape } = x;
  const kept = keptShape(shape, [axis]);
  const outs = recordMulti(
    picked('Extreme', x, { op, axis, keepDims: keepdim }),
    { name: op, inputs: [x] },
    ([, indices]) =>
      ([g]) => [addAlong(reshapeTo(indices!, kept), reshapeTo(g!, kept), axis, shape)],
    ([, indices]) => [indices!],
  );
  return named(outs, ['values', 'indices']);
}

/** Where the largest element is: along `dim`, or counted through all. The first of equals; NaN counts as the largest. See torch.argmax. */
export function argmax(input: Tensor, ...rest: Optional<'dim', number | null, KeepdimOptions>): Tensor {
  return argExtreme('Max', 'argmax', input, readArgs<ByDim>('argmax', rest, DEFAULTS));
}

/** Where the smallest element is, as {@link argmax}. See torch.argmin. */
export function argmin(input: Tensor, ...rest: Optional<'dim', number | null, KeepdimOptions>): Tensor {
  return argExtreme('Min', 'argmin', input, readArgs<ByDim>('argmin', rest, DEFAULTS));
}

function argExtreme(op: Op, name: string, x: Tensor, { dim, keepdim }: ByDim): Tensor {
  checkTensor(name, x);
  if (x.dtype === 'bool') throw new RuntimeError(`${name}(): does not support bool input`);
  const axis = dim === null ? 0 : normalDim(dim, x.ndim);
  if (dim !== null && x.ndim > 0) {
    checkNotEmpty(name, x, [axis]);
    return unrecorded(indexOf(op, x._value, axis, keepdim));
  }
  checkNotEmpty(name, x, null);
  const flat = run('View', { x: x._value }, { shape: [x._size] });
  const index = indexOf(op, flat, 0, false);
  flat.dispose();
  return unrecorded(keepdim ? refit(index, new Array(x.ndim).fill(1)) : index);
}

function indexOf(op: Op, x: Value, axis: number, keepDims: boolean): Value {
  const [values, indices] = runMulti('Extreme', { x }, { op, axis, keepDims });
  values!.dispose();
  return indices!;
}
