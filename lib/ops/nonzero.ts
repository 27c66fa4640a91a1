import { readArgs } from '../args';
import { run } from '../backend/engine';
import { unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';

/**
 * The indices of all elements that are not 0, [n, ndim], int32; with `asTuple`, one tensor [n] per dimension, to index with.
 * How many there are depends on the data. See torch.nonzero.
 */
export function nonzero(input: Tensor, options: { asTuple: true }): Tensor[];
export function nonzero(input: Tensor, options?: { asTuple?: false }): Tensor;
export function nonzero(input: Tensor, ...rest: [options?: { asTuple?: boolean }]): Tensor | Tensor[] {
  checkTensor('nonzero', input);
  const { asTuple } = readArgs('nonzero', rest, { asTuple: false }, 0);
  return asTuple ? maskIndicesOf(input.ndim === 0 ? input.reshape(1) : input) : nonzeroPlaces(input);
}

/** The places where a mask is true, one index tensor per dimension. */
export function maskIndicesOf(mask: Tensor): Tensor[] {
  const places = nonzeroPlaces(mask);
  return mask.shape.map((_, i) => places.select(1, i));
}

function nonzeroPlaces(input: Tensor): Tensor {
  const mask = input.dtype === 'bool' ? input : input.ne(0);
  const flat = mask.ndim === 0 ? mask.reshape(1) : mask;
  const places = unrecorded(run('Nonzero', { x: flat._value }));
  return mask.ndim === 0 ? places.narrow(1, 0, 0) : places;
}
