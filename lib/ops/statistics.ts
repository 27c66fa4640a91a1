import { type Optional, readArgs } from '../args';
import { constant, run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { type Dims, reductionDims, spanOf } from './dims';
import { then, unreduced } from './layout';
import { where } from './pointwise';
import type { KeepdimOptions } from './reduce';

export interface VarianceOptions extends KeepdimOptions {
  /** How much less than the number of elements to divide by: 1 is the unbiased estimate, 0 the population's variance. */
  correction?: number | null;
  /** `false` is correction 0, `true` correction 1. */
  unbiased?: boolean | null;
}

/** `(dim, options)`, or `unbiased` first. */
export type VarianceArgs = Optional<'dim', Dims | null, VarianceOptions> | [unbiased: boolean];

const VARIANCE = {
  dim: null as Dims | null,
  correction: 1 as number | null,
  keepdim: false,
  unbiased: null as boolean | null,
};

/** Variance over `dim`, unbiased by default; NaN for a single element. See torch.var, whose name it also has. */
export function variance(input: Tensor, ...rest: VarianceArgs): Tensor {
  const { x, axes, divisor, keepdim } = readVariance('var', input, rest);
  const value = varianceValue(x, axes, divisor, keepdim);
  return record(value, { name: 'Var', inputs: [x], saves: [x] }, () => [
    (g) => varianceGradient(unreduced(g!, x.shape, axes, keepdim), x, axes, divisor),
  ]);
}

/** Standard deviation over `dim`, unbiased by default; its gradient at 0 is 0. See torch.std. */
export function std(input: Tensor, ...rest: VarianceArgs): Tensor {
  const { x, axes, divisor, keepdim } = readVariance('std', input, rest);
  const value = then(varianceValue(x, axes, divisor, keepdim), 'Sqrt');
  const node = { name: 'Std', inputs: [x], saves: [x] };
  return record(
    value,
    node,
    (y) => [
      (g) => {
        const slope = where(y.eq(0), 0, g!.div(y.mul(2)));
        return varianceGradient(unreduced(slope, x.shape, axes, keepdim), x, axes, divisor);
      },
    ],
    true,
  );
}

/** @internal */
export function readVariance(where: string, x: Tensor, rest: VarianceArgs) {
  checkTensor(where, x);
  const args = typeof rest[0] === 'boolean' ? [{ unbiased: rest[0] }, ...rest.slice(1)] : rest;
  const { dim, correction, keepdim, unbiased } = readArgs(where, args, VARIANCE);
  if (x.dtype !== 'float32') throw new RuntimeError('std and var only support floating point and complex dtypes');
  const axes = reductionDims(dim, x.ndim);
  const divisor = Math.max(0, spanOf(x.shape, axes) - (unbiased === null ? (correction ?? 1) : Number(unbiased)));
  return { x, axes, divisor, keepdim };
}

function varianceValue(x: Tensor, axes: readonly number[], divisor: number, keepDims: boolean): Value {
  const deviations = run('SquaredDeviations', { x: x._value }, { axes, keepDims });
  const value = run('RealDiv', { a: deviations, b: constant(divisor) });
  deviations.dispose();
  return value;
}

/** From `g` with the reduced dimensions kept as 1. */
function varianceGradient(g: Tensor, x: Tensor, axes: readonly number[], divisor: number): Tensor {
  return g.mul(2 / divisor).mul(x.sub(x.mean(axes, { keepdim: true })));
}
