import { run } from '../backend/engine';
import { IndexError } from '../errors';
import { arange, zeros } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { take } from './gatherScatter';
import { reshapeTo } from './layout';
import { where } from './pointwise';

/**
 * `x` with `values` at `places`, of the same shape, which are positions in x read row by row; or added there. With places that
 * repeat and no `accumulate`, any one of their values stays.
 */
export function putFlat(x: Tensor, places: Tensor, values: Tensor, accumulate = false): Tensor {
  if (accumulate && x.dtype === 'bool') return putFlat(x.int(), places, values.int(), true).bool();
  const value = run('PutFlat', { x: x._value, places: places._value, values: values._value }, { accumulate });
  const { shape } = values;
  const how = { name: accumulate ? 'IndexPut' : 'CopySlices', inputs: [x, values], saves: [places] };
  return record(value, how, () => [
    (g) => (accumulate ? g! : putFlat(g!, places, zeros(shape))),
    (g) => takeFlat(g!, places),
  ]);
}

/** The elements of `x` at `places`, which are positions in x read row by row. */
export function takeFlat(x: Tensor, places: Tensor): Tensor {
  return reshapeTo(take(reshapeTo(x, [x._size]), 0, reshapeTo(places, [places._size])), places.shape);
}

/** The numbers 0, 1, 2 … in the shape of `x`: what a movement or a lookup makes of them are places for {@link putFlat}. */
export function positions(x: Tensor): Tensor {
  return reshapeTo(arange(x._size), x.shape);
}

/** `index` with the negative ones counted from the end of `size` elements. */
export function wrapped(index: Tensor, size: number): Tensor {
  return where(index.lt(0), index.add(size), index);
}

/** PyTorch's refusal of a {@link wrapped} index into `size` elements read row by row. */
export function outsideOf(size: number): (at: number) => IndexError {
  return (at) => {
    const given = at < 0 ? at - size : at;
    return new IndexError(`out of range: tried to access index ${given} on a tensor of ${size} elements.`);
  };
}
