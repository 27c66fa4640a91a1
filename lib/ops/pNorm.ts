import { constant, run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { asDtype } from '../tensor/dtype';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { type Dims, reductionDims, spanOf } from './dims';
import { expandTo, then, unreduced } from './layout';
import { where } from './pointwise';
import type { ReduceOptions } from './reduce';

/** How a norm is computed and differentiated; in the rule `g` and the norm `y` have the reduced dimensions kept as 1. */
interface Norm {
  value(x: Value, reduce: (x: Value, op: 'Sum' | 'SumSquares' | 'Max' | 'Min') => Value): Value;
  gradient(g: Tensor, x: Tensor, y: Tensor, axes: readonly number[]): Tensor;
}

/** The p-norm over `dim` (null: all); its gradient where it is 0 is 0. */
export function pNorm(
  input: Tensor,
  p: number,
  dim: Dims | null,
  { keepdim = false, dtype = null }: ReduceOptions = {},
): Tensor {
  const x = dtype === null ? input : input.to(asDtype('norm', dtype));
  if (x.dtype !== 'float32') {
    throw new RuntimeError(`linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${x.dtype}`);
  }
  if (Number.isNaN(p)) throw new RuntimeError('linalg.vector_norm: the order of the norm must not be NaN');
  const axes = reductionDims(dim, x.ndim);
  checkHasIdentity(p, x, axes);
  const { gradient } = normOf(p);
  // Of one element every norm is its magnitude, also where a power would overflow.
  const { value } = spanOf(x.shape, axes) === 1 && p !== 0 ? SUM : normOf(p);
  const reduced = value(x._value, (v, op) => {
    const attrs = { op, axes, keepDims: keepdim };
    return v === x._value ? run('Reduce', { x: v }, attrs) : then(v, 'Reduce', attrs);
  });
  const full = (t: Tensor) => unreduced(t, x.shape, axes, keepdim);
  const node = { name: 'LinalgVectorNorm', inputs: [x], saves: [x] };
  return record(reduced, node, (y) => [(g) => gradient(full(g!), x, full(y), axes)], true);
}

function checkHasIdentity(p: number, x: Tensor, axes: readonly number[]): void {
  if (spanOf(x.shape, axes) > 0 || (p >= 0 && p !== Infinity)) return;
  throw new RuntimeError(
    `linalg.vector_norm cannot compute the ${p === Infinity ? 'inf' : p} norm on an empty tensor because the operation does ` +
      'not have an identity',
  );
}

function normOf(p: number): Norm {
  if (Math.abs(p) === Infinity) return p > 0 ? LARGEST : SMALLEST;
  return { 0: COUNT, 1: SUM, 2: EUCLIDEAN }[p] ?? general(p);
}

const magnitude = (x: Value) => run('Abs', { x });

const COUNT: Norm = {
  value: (x, reduce) => reduce(then(run('NotEqual', { a: x, b: constant(0) }), 'Cast', { dtype: 'float32' }), 'Sum'),
  gradient: (g, x) => expandTo(g.mul(0), x.shape),
};

const SUM: Norm = {
  value: (x, reduce) => reduce(magnitude(x), 'Sum'),
  gradient: (g, x) => g.mul(x.sign()),
};

const EUCLIDEAN: Norm = {
  value: (x, reduce) => then(reduce(x, 'SumSquares'), 'Sqrt'),
  gradient: (g, x, y) => where(y.eq(0), 0, x.div(y)).mul(g),
};

const LARGEST = extreme('Max');
const SMALLEST = extreme('Min');

/** All elements of that magnitude share the gradient. */
function extreme(op: 'Max' | 'Min'): Norm {
  return {
    value: (x, reduce) => reduce(magnitude(x), op),
    gradient(g, x, y, axes) {
      const hits = x.abs().eq(y).logicalOr(x.isnan().logicalAnd(y.isnan()));
      return g
        .div(hits.sum(axes, { keepdim: true }))
        .mul(hits)
        .mul(x.sign());
    },
  };
}

function general(p: number): Norm {
  const power = (x: Value, exponent: number) => {
    const value = run('Pow', { a: x, b: constant(exponent) });
    x.dispose();
    return value;
  };
  return {
    value: (x, reduce) => power(reduce(power(magnitude(x), p), 'Sum'), 1 / p),
    gradient(g, x, y) {
      const slope = where(
        x.eq(0),
        0,
        x
          .abs()
          .pow(p - 1)
          .mul(x.sign()),
      );
      return where(y.eq(0), 0, g.mul(y.pow(1 - p))).mul(slope);
    },
  };
}
