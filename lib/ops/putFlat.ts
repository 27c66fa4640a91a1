import { run } from '../backend/engine';
import { zeros } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { take } from './gatherScatter';
import { reshapeTo } from './layout';

/**
 * `x` with `values` at `places`, of the same shape, which are positions in x read row by row; or added there. With places that
 * repeat and no `accumulate`, any one of their values stays.
 */
export function putFlat(x: Tensor, places: Tensor, values: Tensor, accumulate = false): Tensor {
  const value = run('PutFlat', { x: x._value, places: places._value, values: values._value }, { accumulate });
  const { shape } = values;
  const how = { name: accumulate ? 'IndexPut' : 'CopySlices', inputs: [x, values], saves: [places] };
  return record(value, how, () => [
    (g) => (accumulate ? g! : putFlat(g!, places, zeros(shape))),
    (g) => reshapeTo(take(reshapeTo(g!, [g!._size]), 0, reshapeTo(places, [places._size])), shape),
  ]);
}
