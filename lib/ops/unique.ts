import { readArgs } from '../args';
import { arrayOf } from '../backend/engine';
import { fromTypedArray } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { orderOf } from './order';

export interface UniqueOptions {
  /** Also where each element of `input` is among the unique ones, in the shape of `input`. */
  returnInverse?: boolean;
  /** Also how often each unique one occurs. */
  returnCounts?: boolean;
  /** Of the whole tensor only: null. */
  dim?: null;
}

/** A tensor, or an array if an option asks for more. */
export type Unique<O> = O extends { returnInverse: true } | { returnCounts: true } ? Tensor[] : Tensor;

const UNIQUE = { returnInverse: false, returnCounts: false, dim: null };

/**
 * The distinct elements, 1-d and always sorted; with `returnInverse`, `returnCounts` an array of them and those. No NaN equals
 * another. Reads the tensor. See torch.unique.
 */
export function unique<O extends UniqueOptions & { sorted?: boolean }>(input: Tensor, options?: O): Unique<O> {
  checkTensor('unique', input);
  const given = readArgs('unique', [options], { sorted: true, ...UNIQUE });
  const flat = input.detach().reshape(-1);
  const order = orderOf(flat, 0, flat._size, false).toTypedArray();
  return distinct('unique', input, order, given) as Unique<O>;
}

/** {@link unique} of runs: only equal neighbours count as one, and nothing is sorted. See torch.unique_consecutive. */
export function uniqueConsecutive<O extends UniqueOptions>(input: Tensor, options?: O): Unique<O> {
  checkTensor('uniqueConsecutive', input);
  const given = readArgs('uniqueConsecutive', [options], UNIQUE, 0);
  const order = Int32Array.from({ length: input._size }, (_, i) => i);
  return distinct('uniqueConsecutive', input, order, given) as Unique<O>;
}

function distinct(
  name: string,
  input: Tensor,
  order: ArrayLike<number>,
  { returnInverse, returnCounts, dim }: typeof UNIQUE,
): Tensor | Tensor[] {
  if (dim !== null) throw new TypeError(`${name}: takes dim null only, got ${String(dim)}`);
  const data = input.toTypedArray();
  const inverse = new Int32Array(data.length);
  const values: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const value = data[order[i]!]!;
    if (i === 0 || value !== data[order[i - 1]!]) {
      values.push(value);
      counts.push(0);
    }
    inverse[order[i]!] = values.length - 1;
    counts[values.length - 1]!++;
  }
  const found = fromTypedArray(arrayOf(input.dtype, values), [values.length], input.dtype);
  if (!returnInverse && !returnCounts) return found;
  return [
    found,
    ...(returnInverse ? [fromTypedArray(inverse, input.shape)] : []),
    ...(returnCounts ? [fromTypedArray(Int32Array.from(counts), [counts.length])] : []),
  ];
}
