import { type Optional, readArgs } from '../args';
import { run, type Value } from '../backend/engine';
import type { Reduction } from '../backend/kernels/reduce';
import { RuntimeError } from '../errors';
import { asDtype } from '../tensor/dtype';
import { record, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim, withValues } from './define';
import { type Dims, readDims, readStar, reductionDims, type Star, sameShape, show, spanOf } from './dims';
import { runExact, spread, sumTo, unreduced } from './layout';
import { where } from './pointwise';
import { prodGradient } from './prod';

export interface KeepdimOptions {
  /** Leave the reduced dimensions in the result, with size 1. */
  keepdim?: boolean;
}

export interface ReduceOptions extends KeepdimOptions {
  /** Convert to this dtype first. */
  dtype?: string | null;
}

const DEFAULTS = { dim: null as Dims | null, keepdim: false };
const WITH_DTYPE = { ...DEFAULTS, dtype: null as string | null };

function reduceValue(op: Reduction, x: Value, axes: readonly number[], keepDims: boolean): Value {
  return run('Reduce', { x }, { op, axes, keepDims });
}

/** `x` ready for sums and products: of the wanted dtype, bools counted as integers. */
function summable(where: string, x: Tensor, dtype: string | null): Tensor {
  checkTensor(where, x);
  const wanted = dtype === null ? x.dtype : asDtype(where, dtype);
  return x.to(wanted === 'bool' ? 'int32' : wanted);
}

/** Sum or product; of integers it is exact, or a RangeError. */
function exactValue(op: 'Sum' | 'Prod', x: Tensor, axes: readonly number[], keepDims: boolean): Value {
  if (x.dtype === 'int32') return runExact(op.toLowerCase(), 'ReduceExact', x, { op, axes, keepDims });
  return reduceValue(op, x._value, axes, keepDims);
}

/**
 * Sum over `dim` (a number, an array; all by default). Bools are counted; integers give int32, and leaving its range is a
 * RangeError. See torch.sum.
 */
export function sum(input: Tensor, ...rest: Optional<'dim', Dims | null, ReduceOptions>): Tensor {
  const { dim, keepdim, dtype } = readArgs('sum', rest, WITH_DTYPE);
  const x = counted(input, dtype) ?? summable('sum', input, dtype);
  const axes = reductionDims(dim, x.ndim);
  const { shape } = x;
  return record(sumValue(x, axes, keepdim), { name: nodeOf('Sum', dim), inputs: [x] }, () => [
    (g) => spread(g!, shape, axes, keepdim),
  ]);
}

/** PyTorch's names: reducing all and reducing some dimensions are two nodes. */
const nodeOf = (name: string, dim: unknown) => `${name}Backward${dim === null ? 0 : 1}`;

/** Bools that are to be counted: they need no conversion of their own. */
function counted(input: Tensor, dtype: string | null): Tensor | null {
  return input instanceof Tensor && input.dtype === 'bool' && dtype === null ? input : null;
}

function sumValue(x: Tensor, axes: readonly number[], keepdim: boolean): Value {
  // So few as fit into memory cannot overflow.
  if (x.dtype === 'bool') return withValues([x], 'int32', (v) => reduceValue('Sum', v, axes, keepdim));
  return exactValue('Sum', x, axes, keepdim);
}

/** Sum over `dim` of all that is not NaN. See torch.nansum. */
export function nansum(input: Tensor, ...rest: Optional<'dim', Dims | null, ReduceOptions>): Tensor {
  checkTensor('nansum', input);
  return sum(input.dtype === 'float32' ? where(input.isnan(), 0, input) : input, ...rest);
}

/** Mean over `dim` of float32; integers need `{ dtype: 'float32' }`. The mean of nothing is NaN. See torch.mean. */
export function mean(input: Tensor, ...rest: Optional<'dim', Dims | null, ReduceOptions>): Tensor {
  checkTensor('mean', input);
  const { dim, keepdim, dtype } = readArgs('mean', rest, WITH_DTYPE);
  const x = dtype === null ? input : input.to(asDtype('mean', dtype));
  if (x.dtype !== 'float32') {
    throw new RuntimeError(
      'mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. ' +
        `Got: ${x.dtype}; give { dtype: 'float32' }`,
    );
  }
  const axes = reductionDims(dim, x.ndim);
  const { shape } = x;
  const count = spanOf(shape, axes);
  const value = reduceValue('Mean', x._value, axes, keepdim);
  return record(value, { name: nodeOf('Mean', dim), inputs: [x] }, () => [
    (g) => spread(g!.div(count), shape, axes, keepdim),
  ]);
}

/** Product over one dimension `dim`, by default over all. Its gradient is right at zeros, too. See torch.prod. */
export function prod(input: Tensor, ...rest: Optional<'dim', number | null, ReduceOptions>): Tensor {
  const { dim, keepdim, dtype } = readArgs('prod', rest, { ...WITH_DTYPE, dim: null as number | null });
  const x = summable('prod', input, dtype);
  const axes = reductionDims(dim, x.ndim);
  if (dtype === 'bool') return truth('All', 'prod', input, { dim, keepdim });
  const value = exactValue('Prod', x, axes, keepdim);
  return record(value, { name: nodeOf('Prod', dim), inputs: [x], saves: [x] }, () => [
    (g) => prodGradient(unreduced(g!, x.shape, axes, keepdim), x, axes),
  ]);
}

/** True where all elements over `dim` are non-zero; NaN is. See torch.all. */
export function all(input: Tensor, ...rest: Optional<'dim', Dims | null, KeepdimOptions>): Tensor {
  return truth('All', 'all', input, readArgs('all', rest, DEFAULTS));
}

/** True where any element over `dim` is non-zero; NaN is. See torch.any. */
export function any(input: Tensor, ...rest: Optional<'dim', Dims | null, KeepdimOptions>): Tensor {
  return truth('Any', 'any', input, readArgs('any', rest, DEFAULTS));
}

function truth(op: 'All' | 'Any', name: string, x: Tensor, { dim, keepdim }: typeof DEFAULTS): Tensor {
  checkTensor(name, x);
  // Here no dimensions are none, not all.
  const axes = Array.isArray(dim) ? readDims(dim, x.ndim) : reductionDims(dim, x.ndim);
  return unrecorded(withValues([x], 'bool', (v) => reduceValue(op, v, axes, keepdim)));
}

/** How many elements over `dim` are not zero. See torch.count_nonzero. */
export function countNonzero(input: Tensor, ...rest: Optional<'dim', Dims | null>): Tensor {
  checkTensor('countNonzero', input);
  const { dim } = readArgs('countNonzero', rest, { dim: null as Dims | null });
  return sum(input.bool(), dim);
}

/** Sum of the elements so far along `dim`; for integers as {@link sum}. See torch.cumsum. */
export function cumsum(input: Tensor, dim: number, ...rest: [options?: { dtype?: string | null }]): Tensor {
  const { dtype } = readArgs('cumsum', rest, { dtype: null as string | null }, 0);
  const x = summable('cumsum', input, dtype);
  const axis = normalDim(dim, x.ndim);
  return x.ndim === 0 ? x.clone() : cumulate(x, axis, false);
}

function cumulate(x: Tensor, axis: number, reverse: boolean): Tensor {
  const value = runExact('cumsum', 'Cumulate', x, { axis, reverse });
  return record(value, { name: 'Cumsum', inputs: [x] }, () => [(g) => cumulate(g!, axis, !reverse)]);
}

/**
 * The sum down to a shape, as sizes or one array, that broadcasts to input's: what undoes broadcasting. It is `input` itself
 * if that has the shape. See torch.Tensor.sum_to_size.
 */
export function sumToSize(input: Tensor, ...size: Star): Tensor {
  const shape = readStar('sumToSize', size);
  const added = input.ndim - shape.length;
  if (added < 0 || shape.some((n, i) => n !== 1 && n !== input.shape[added + i])) {
    throw new RuntimeError(`size {${show(shape)}} is not expandable to size {${show(input.shape)}}.`);
  }
  const summed = shape.length === 0 || !sameShape(shape, input.shape);
  return sumTo(input.dtype === 'bool' && summed ? input.int() : input, shape);
}
