import { noMore, type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { asDtype } from '../tensor/dtype';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { cat } from './join';
import { cropDim, reshapeTo, runExact, uncrop } from './layout';
import { named, type ValuesIndices } from './named';
import { pickedAlong, readAlong } from './order';
import { where } from './pointwise';

/** Product of the elements so far along `dim`; its gradient is right at zeros, too. See torch.cumprod. */
export function cumprod(input: Tensor, dim: number, ...rest: [options?: { dtype?: string | null }]): Tensor {
  checkTensor('cumprod', input);
  const { dtype } = readArgs('cumprod', rest, { dtype: null as string | null }, 0);
  const wanted = dtype === null ? input.dtype : asDtype('cumprod', dtype);
  const { x, axis } = readAlong('cumprod', input.to(wanted === 'bool' ? 'int32' : wanted), dim);
  if (input.ndim === 0) return reshapeTo(x, []);
  const value = runExact('cumprod', 'CumulateProduct', x, { axis });
  return record(value, { name: 'Cumprod', inputs: [x], saves: [x] }, () => [(g) => cumprodGradient(g!, x, axis)]);
}

/**
 * Without division: the products are made again in steps, each of which multiplies what lies 1, 2, 4 … apart, and those are
 * differentiated one by one.
 */
function cumprodGradient(g: Tensor, x: Tensor, dim: number): Tensor {
  const size = x.shape[dim]!;
  const back: ((g: Tensor) => Tensor)[] = [];
  let y = x;
  for (let apart = 1; apart < size; apart *= 2) {
    const [s, rest] = [apart, size - apart];
    const [low, high] = [cropDim(y, dim, 0, rest), cropDim(y, dim, s, rest)];
    back.push((outer) => {
      const tail = cropDim(outer, dim, s, rest);
      const after = x.shape.map((_, i) => (i === dim ? s : 0));
      const toLow = uncrop(tail.mul(high), new Array(x.ndim).fill(0), after);
      return cat([cropDim(outer, dim, 0, s), tail.mul(low)], dim).add(toLow);
    });
    y = cat([cropDim(y, dim, 0, s), low.mul(high)], dim);
  }
  return back.reduceRight((outer, rule) => rule(outer), g);
}

const NAMES = ['values', 'indices'];

/** The largest element so far along `dim` and where it is, the last of equals, as `[values, indices]`. See torch.cummax. */
export function cummax(input: Tensor, dim: number): ValuesIndices<Tensor> {
  noMore('cummax(input, dim)', arguments.length, 2);
  return extremesSoFar('cummax', 'Max', input, dim);
}

/** The smallest element so far along `dim` and where it is, the last of equals, as `[values, indices]`. See torch.cummin. */
export function cummin(input: Tensor, dim: number): ValuesIndices<Tensor> {
  noMore('cummin(input, dim)', arguments.length, 2);
  return extremesSoFar('cummin', 'Min', input, dim);
}

function extremesSoFar(name: string, op: 'Max' | 'Min', input: Tensor, dim: number): ValuesIndices<Tensor> {
  const { x, axis } = readAlong(name, input, dim);
  return named(pickedAlong('ExtremeSoFar', input, x, { op, axis }, name === 'cummax' ? 'Cummax' : 'Cummin'), NAMES);
}

/** ln Σ exp of the elements so far along `dim`, without overflow. See torch.logcumsumexp. */
export function logcumsumexp(input: Tensor, dim: number): Tensor {
  noMore('logcumsumexp(input, dim)', arguments.length, 2);
  checkTensor('logcumsumexp', input);
  if (input.dtype !== 'float32') throw new RuntimeError(`"logcumsumexp_out_cpu" not implemented for '${input.dtype}'`);
  const { x, axis } = readAlong('logcumsumexp', input, dim);
  return reshapeTo(logCumulate(x, axis, false), input.shape);
}

function logCumulate(x: Tensor, axis: number, reverse: boolean): Tensor {
  const value = run('CumulateLogSumExp', { x: x._value }, { axis, reverse });
  const how = { name: 'Logcumsumexp', inputs: [x], saves: [x] };
  // Positive and negative gradients apart: each has a logarithm.
  const part = (log: Tensor, y: Tensor) => logCumulate(log.sub(y), axis, !reverse).add(x).exp();
  return record(
    value,
    how,
    (y) => [
      (g) => {
        const log = g!.abs().log();
        const logOf = (sign: Tensor) => where(sign, log, -3.4028234663852886e38);
        return part(logOf(g!.gt(0)), y).sub(part(logOf(g!.lt(0)), y));
      },
    ],
    true,
  );
}

export interface DiffOptions {
  dim?: number;
  /** Put in front, and behind, of `input` along `dim` before. */
  prepend?: Tensor | null;
  append?: Tensor | null;
}

const DIFF = { n: 1, dim: -1, prepend: null as Tensor | null, append: null as Tensor | null };

/** The differences of neighbours along `dim`, `n` times over; of bools where they differ. See torch.diff. */
export function diff(input: Tensor, ...rest: Optional<'n', number, DiffOptions>): Tensor {
  checkTensor('diff', input);
  const { n, dim, prepend, append } = readArgs('diff', rest, DIFF);
  if (input.ndim === 0) throw new RuntimeError('diff expects input to be at least one-dimensional');
  const { axis } = readAlong('diff', input, dim);
  if (!(n >= 0)) throw new RuntimeError(`order must be non-negative but got ${n}`);
  if (n === 0) return input.clone();
  const parts = [prepend, input, append].filter((part) => part !== null);
  let x = parts.length > 1 ? cat(parts, axis) : input;
  for (let i = 0; i < n && x.shape[axis]! > 0; i++) {
    const rest = x.shape[axis]! - 1;
    const [before, after] = [cropDim(x, axis, 0, rest), cropDim(x, axis, 1, rest)];
    x = x.dtype === 'bool' ? after.ne(before) : after.sub(before);
  }
  return x;
}
