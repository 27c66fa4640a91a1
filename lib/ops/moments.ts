import { type Optional, readArgs } from '../args';
import { IndexError, RuntimeError } from '../errors';
import { fromTypedArray, tensor } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim } from './define';
import { type Dims, show } from './dims';
import { amax, amin } from './extremes';
import { takeAlong } from './gatherScatter';
import { expandTo, permuteTo, reshapeTo } from './layout';
import { type Named, named } from './named';
import { chosen, orderOf } from './order';
import { where } from './pointwise';
import { type KeepdimOptions, mean, nansum, type ReduceOptions } from './reduce';
import { readVariance, std, type VarianceArgs, variance } from './statistics';

/** `[variance, mean]` over `dim`. See torch.var_mean. */
export function varMean(input: Tensor, ...rest: VarianceArgs): [variance: Tensor, mean: Tensor] {
  return [variance(input, ...rest), meanAs('varMean', input, rest)];
}

/** `[standard deviation, mean]` over `dim`. See torch.std_mean. */
export function stdMean(input: Tensor, ...rest: VarianceArgs): [std: Tensor, mean: Tensor] {
  return [std(input, ...rest), meanAs('stdMean', input, rest)];
}

function meanAs(name: string, input: Tensor, rest: VarianceArgs): Tensor {
  const { axes, keepdim } = readVariance(name, input, rest);
  return mean(input, axes, { keepdim });
}

/** Mean over `dim` of all that is not NaN; NaN of nothing. See torch.nanmean. */
export function nanmean(input: Tensor, ...rest: Optional<'dim', Dims | null, ReduceOptions>): Tensor {
  checkTensor('nanmean', input);
  if (input.dtype !== 'float32') {
    throw new RuntimeError(`nanmean(): expected input to have floating point or complex dtype but got ${input.dtype}`);
  }
  const defaults = { dim: null as Dims | null, keepdim: false, dtype: null as string | null };
  const { dim, keepdim } = readArgs('nanmean', rest, defaults);
  return nansum(input, ...rest).div(input.isnan().logicalNot().sum(dim, { keepdim }));
}

/** `[min, max]`, also by these names. */
export interface MinMax extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly min: Tensor;
  readonly max: Tensor;
}

/** The smallest and the largest element, of all or along `dim`, as `[min, max]` with these names. See torch.aminmax. */
export function aminmax(input: Tensor, ...rest: [options?: KeepdimOptions & { dim?: number | null }]): MinMax {
  checkTensor('aminmax', input);
  const { dim, keepdim } = readArgs('aminmax', rest, { dim: null as number | null, keepdim: false }, 0);
  if (dim === null && input._size === 0) {
    throw new RuntimeError(
      'aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.',
    );
  }
  const axis = dim === null ? null : normalDim(dim, input.ndim);
  if (axis !== null && input.shape[axis] === 0) {
    throw new IndexError(`aminmax: Expected reduction dim ${axis} to have non-zero size.`);
  }
  return named([amin(input, axis, { keepdim }), amax(input, axis, { keepdim })], ['min', 'max']);
}

const INTERPOLATIONS = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;

export interface QuantileOptions {
  dim?: number | null;
  keepdim?: boolean;
  /** What to do where the quantile lies between two elements. */
  interpolation?: (typeof INTERPOLATIONS)[number];
}

type QuantileArgs = Optional<'dim', number | null, QuantileOptions>;

/**
 * The `q`-th quantiles, 0 ≤ q ≤ 1, of all elements or along `dim`; a 1-d `q` makes a new first dimension. NaN where there is
 * one. See torch.quantile.
 */
export function quantile(input: Tensor, q: number | Tensor, ...rest: QuantileArgs): Tensor {
  return quantiles('quantile', input, q, false, rest);
}

/** {@link quantile} of what is not NaN. See torch.nanquantile. */
export function nanquantile(input: Tensor, q: number | Tensor, ...rest: QuantileArgs): Tensor {
  return quantiles('nanquantile', input, q, true, rest);
}

const QUANTILE = { dim: null as number | null, keepdim: false, interpolation: 'linear' as string };

function quantiles(name: string, input: Tensor, q: number | Tensor, ignoreNan: boolean, rest: QuantileArgs): Tensor {
  checkTensor(name, input);
  const { dim, keepdim, interpolation } = readArgs(name, rest, QUANTILE);
  const points = q instanceof Tensor ? q : tensor(q);
  checkQuantile(input, points, interpolation);
  const axis = dim === null ? null : normalDim(dim, input.ndim);
  const rows = axis === null || input.ndim === 0 ? reshapeTo(input, [input._size]) : moved(input, axis);
  const last = rows.ndim - 1;
  const order = orderOf(rows, last, rows.shape[last]!, false);
  const values = interpolate(
    chosen(rows, last, order, 'Sort'),
    reshapeTo(points, [points._size]),
    ignoreNan,
    interpolation,
  );
  const others = rows.shape.slice(0, -1);
  const kept = axis === null ? input.shape.map(() => 1) : input.ndim === 0 ? [] : input.shape.with(axis, 1);
  const front = permuteTo(values, [last, ...others.map((_, i) => i)]);
  return reshapeTo(front, [...points.shape, ...(keepdim ? kept : others)]);
}

const moved = (x: Tensor, axis: number): Tensor =>
  permuteTo(x, [...x.shape.map((_, i) => i).filter((i) => i !== axis), axis]);

function checkQuantile(input: Tensor, q: Tensor, interpolation: string): void {
  if (input._size === 0) throw new RuntimeError('quantile() input tensor must be non-empty');
  if (q.ndim > 1) throw new RuntimeError(`quantile() q must be a scalar or 1D tensor, got ${q.ndim} dimensions`);
  if (input.dtype !== 'float32') {
    throw new RuntimeError(`quantile() input tensor must be either float or double dtype, got ${input.dtype}`);
  }
  if (q.dtype !== 'float32') throw new RuntimeError('quantile() q tensor must be same dtype as the input tensor');
  if (!(INTERPOLATIONS as readonly string[]).includes(interpolation)) {
    throw new RuntimeError(
      `quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`,
    );
  }
  const wrong = [...q.toTypedArray()].find((point) => !(point >= 0 && point <= 1));
  if (wrong !== undefined) throw new RuntimeError(`quantile() q must be in the range [0, 1] but got ${wrong}`);
}

/** At the ranks `q` [m] of sorted rows [… n]: [… m]. */
function interpolate(sorted: Tensor, q: Tensor, ignoreNan: boolean, interpolation: string): Tensor {
  const dim = sorted.ndim - 1;
  const shape = sorted.shape.with(dim, q._size);
  const nan = sorted.detach().isnan();
  const end = sorted.shape[dim]! - 1;
  const lastOf = ignoreNan ? nan.logicalNot().sum(-1, { keepdim: true }).float().sub(1).clamp(0) : null;
  const wanted = lastOf ? q.mul(lastOf) : where(nan.any(-1, { keepdim: true }), end, q.mul(end));
  const ranks = expandTo(rounded(wanted, interpolation), shape);
  const below = ranks.detach().int();
  const low = takeAlong(sorted, dim, below);
  if (interpolation !== 'linear' && interpolation !== 'midpoint') return low;
  const high = takeAlong(sorted, dim, ranks.detach().ceil().int());
  const weight = interpolation === 'midpoint' ? tensor(0.5) : ranks.sub(below);
  const span = high.sub(low);
  return where(weight.lt(0.5), low.add(weight.mul(span)), high.sub(span.mul(weight.rsub(1))));
}

function rounded(ranks: Tensor, interpolation: string): Tensor {
  if (interpolation === 'lower') return ranks.floor();
  if (interpolation === 'higher') return ranks.ceil();
  return interpolation === 'nearest' ? ranks.round() : ranks;
}

/**
 * How often each integer from 0 up occurs in 1-d `input`, or the sums of their `weights` (float32); at least `minlength` long.
 * See torch.bincount.
 */
export function bincount(input: Tensor, ...rest: Optional<'weights', Tensor | null, { minlength?: number }>): Tensor {
  checkTensor('bincount', input);
  const { weights, minlength } = readArgs('bincount', rest, { weights: null as Tensor | null, minlength: 0 });
  if (weights !== null) checkTensor('bincount', weights, 'weights');
  if (input.dtype === 'float32') throw new RuntimeError(`"bincount_cpu" not implemented for 'Float'`);
  if (!(minlength >= 0)) throw new RuntimeError(`minlength should be >= 0, got ${minlength}`);
  const data = input.toTypedArray();
  if (input.ndim !== 1 || data.some((i) => i < 0)) {
    throw new RuntimeError(`bincount only supports 1-d non-negative integral inputs, got shape ${show(input.shape)}`);
  }
  if (weights !== null && (weights.ndim !== 1 || weights._size !== data.length)) {
    throw new RuntimeError(`weights should be 1-d and have the same length as input, got shape ${show(weights.shape)}`);
  }
  const size = (data as Int32Array).reduce((most, i) => Math.max(most, i + 1), minlength);
  const out = weights === null ? new Int32Array(size) : new Float32Array(size);
  const amounts = weights?.toTypedArray();
  data.forEach((i, at) => {
    out[i]! += amounts?.[at] ?? 1;
  });
  return fromTypedArray(out, [size]);
}

/**
 * How many elements fall into each of `bins` equal intervals from `min` to `max`, by default from the smallest to the largest;
 * float32. See torch.histc.
 */
export function histc(input: Tensor, ...rest: Optional<'bins', number, { min?: number; max?: number }>): Tensor {
  checkTensor('histc', input);
  const { bins, ...given } = readArgs('histc', rest, { bins: 100, min: 0, max: 0 });
  if (input.dtype !== 'float32') throw new RuntimeError(`"histogram_cpu" not implemented for '${input.dtype}'`);
  if (!(bins > 0)) throw new RuntimeError(`torch.histogram(): bins must be > 0, but got ${bins} for dimension 0`);
  if (given.min > given.max) throw new RuntimeError('torch.histc: max must be larger than min');
  const data = input.toTypedArray() as Float32Array;
  const [min, max] = rangeOf(data, Math.fround(given.min), Math.fround(given.max));
  const out = new Float32Array(bins);
  for (const value of data) {
    if (!(value >= min && value <= max)) continue;
    const place = Math.fround(Math.fround(Math.fround(value - min) * bins) / Math.fround(max - min));
    out[Math.min(Math.trunc(place), bins - 1)]!++;
  }
  return fromTypedArray(out, [bins]);
}

function rangeOf(data: Float32Array, min: number, max: number): [number, number] {
  let [low, high] = [min, max];
  if (low === high && data.length > 0) {
    // NaN wins, as in min and max.
    low = data.reduce((a, b) => Math.min(a, b));
    high = data.reduce((a, b) => Math.max(a, b));
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new RuntimeError(`torch.histc: range of [${low}, ${high}] is not finite`.replaceAll('NaN', 'nan'));
  }
  return [low, high];
}
