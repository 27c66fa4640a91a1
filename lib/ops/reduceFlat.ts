/** Reductions of values into places of a tensor: what scatterReduce and indexReduce are made of, on checked arguments. */
import { run } from '../backend/engine';
import type { FlatReduction } from '../backend/kernels/reduceFlat';
import { RuntimeError } from '../errors';
import { fullLike, onesLike, zerosLike } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { where } from './pointwise';
import { putFlat, takeFlat } from './putFlat';

/** How values that meet in a place become one. */
export type Reduction = 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

const INT32 = { lowest: -(2 ** 31), largest: 2 ** 31 - 1 };

/** What changes nothing when it is combined. */
function neutral(reduce: Reduction, { dtype }: Tensor): number {
  if (reduce === 'prod') return 1;
  if (reduce === 'sum' || reduce === 'mean') return 0;
  const limits = dtype === 'float32' ? { lowest: -Infinity, largest: Infinity } : INT32;
  return reduce === 'amax' ? limits.lowest : limits.largest;
}

/**
 * `x` with `values` combined into it at `places`, of the same shape, which are positions in x read row by row; without
 * `includeSelf` what x has in those places does not count.
 */
export function reduceFlat(x: Tensor, places: Tensor, values: Tensor, reduce: Reduction, includeSelf: boolean): Tensor {
  if (x.dtype === 'bool') return reduceFlat(x.int(), places, values.int(), reduce, includeSelf).bool();
  const start = includeSelf ? x : putFlat(x, places, fullLike(values, neutral(reduce, x)));
  if (reduce === 'prod') return product(start, places, values);
  if (reduce === 'amax') return extreme('Max', x, start, places, values);
  if (reduce === 'amin') return extreme('Min', x, start, places, values);
  const sum = putFlat(start, places, values, true);
  if (reduce === 'sum') return sum;
  const own = includeSelf ? onesLike(x) : putFlat(onesLike(x), places, zerosLike(values));
  const count = putFlat(own, places, onesLike(values), true);
  const divisor = includeSelf ? count : where(count.eq(0), onesLike(count), count);
  return x.dtype === 'float32' ? sum.div(divisor) : sum.div(divisor, { roundingMode: 'floor' });
}

function combined(op: FlatReduction, x: Tensor, places: Tensor, values: Tensor) {
  return run('ReduceFlat', { x: x._value, places: places._value, values: values._value }, { op });
}

/**
 * All that equal the result share its gradient. As in PyTorch, an element of `x` counts as one of them even where `start`, x
 * without what does not count, has none of it.
 */
function extreme(op: 'Max' | 'Min', x: Tensor, start: Tensor, places: Tensor, values: Tensor): Tensor {
  const how = { name: 'ScatterReduce', inputs: [start, values], saves: [x, places, values] };
  const rules = (y: Tensor) => {
    const own = () => x.eq(y).float();
    const other = () => values.eq(takeFlat(y, places)).float();
    const share = (g: Tensor) => g.div(putFlat(own(), places, other(), true));
    return [(g: Tensor | null) => own().mul(share(g!)), (g: Tensor | null) => other().mul(takeFlat(share(g!), places))];
  };
  return record(combined(op, start, places, values), how, rules, true);
}

/** A factor that is 0 has the product of the others as its slope, all other slopes are the product divided by the factor. */
function product(x: Tensor, places: Tensor, values: Tensor): Tensor {
  const how = { name: 'ScatterReduce', inputs: [x, values], saves: [x, places, values] };
  const rules = (y: Tensor) => [
    (g: Tensor | null) => {
      const factor = where(x.eq(0), 1, x);
      return g!.mul(product(factor, places, values)).div(factor);
    },
    (g: Tensor | null) => valuesSlope(g!, x, places, values, y),
  ];
  return record(combined('Prod', x, places, values), how, rules, true);
}

function valuesSlope(g: Tensor, x: Tensor, places: Tensor, values: Tensor, y: Tensor): Tensor {
  const zero = values.eq(0);
  const zeros = takeFlat(putFlat(zerosLike(x), places, zero.float(), true), places);
  const alone = zero.logicalAnd(zeros.eq(1));
  const others = product(x, places, where(alone, 1, values));
  const slope = where(alone, takeFlat(g.mul(others), places), takeFlat(g.mul(y), places).div(where(zero, 1, values)));
  return oneZeroEach(slope, zeros);
}

/** With several zeros in a place the slope is right and its own derivative would not be: that is refused, as in PyTorch. */
function oneZeroEach(slope: Tensor, zeros: Tensor): Tensor {
  const value = run('Identity', { x: slope._value });
  return record(value, { name: 'DelayedError', inputs: [slope], saves: [zeros] }, () => [
    (g) => {
      if (!zeros.gt(1).any().item()) return g!;
      throw new RuntimeError(
        'scatter_reduce(): Double backward is unsupported for src when >1 zeros in src are scattered to the same position in self',
      );
    },
  ]);
}
