import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim } from './define';
import { show } from './dims';
import { take } from './gatherScatter';
import { orderOf } from './order';
import { movedim } from './shape';

export interface UniqueOptions {
  /** Also where each element of `input` is among the unique ones, in the shape of `input`. */
  returnInverse?: boolean;
  /** Also how often each unique one occurs. */
  returnCounts?: boolean;
  /** Compare the slices along this dimension; null compares the elements. */
  dim?: number | null;
}

/** A tensor, or an array if an option asks for more. */
export type Unique<O> = O extends { returnInverse: true } | { returnCounts: true } ? Tensor[] : Tensor;

const UNIQUE = { returnInverse: false, returnCounts: false, dim: null as number | null };

/**
 * The distinct elements, 1-d, or slices along `dim`, always sorted; with `returnInverse`, `returnCounts` an array of them and
 * those. No NaN equals another. Reads the tensor. See torch.unique.
 */
export function unique<O extends UniqueOptions & { sorted?: boolean }>(
  input: Tensor,
  ...rest: [options?: O]
): Unique<O> {
  const given = readArgs('unique', rest, { sorted: true, ...UNIQUE });
  const items = itemsOf('unique', input, given.dim);
  return distinct(items, sortedOrder(items), input, given) as Unique<O>;
}

/** {@link unique} of runs: only equal neighbours count as one, and nothing is sorted. See torch.unique_consecutive. */
export function uniqueConsecutive<O extends UniqueOptions>(input: Tensor, ...rest: [options?: O]): Unique<O> {
  const given = readArgs('uniqueConsecutive', rest, UNIQUE, 0);
  const items = itemsOf('uniqueConsecutive', input, given.dim);
  return distinct(
    items,
    Array.from({ length: items.count }, (_, i) => i),
    input,
    given,
  ) as Unique<O>;
}

/** What is compared: `count` items of `width` elements each, one after the other in `data`. */
interface Items {
  tensor: Tensor;
  data: ArrayLike<number>;
  count: number;
  width: number;
}

function itemsOf(name: string, input: Tensor, dim: number | null): Items {
  checkTensor(name, input);
  const axis = dim === null ? 0 : normalDim(dim, input.ndim);
  const whole = dim === null || input.ndim === 0;
  if (!whole && input._size === 0 && input.shape.some((n, i) => n === 0 && i !== axis)) {
    throw new RuntimeError(
      `${name}: There are 0 sized dimensions, and they aren't selected, so unique cannot be applied to ${show(input.shape)}`,
    );
  }
  const tensor = whole ? input.detach().reshape(-1) : movedim(input.detach(), axis, 0).contiguous();
  const count = tensor.shape[0]!;
  return { tensor, data: tensor.toTypedArray(), count, width: count === 0 ? 0 : tensor._size / count };
}

function sortedOrder({ tensor, data, count, width }: Items): ArrayLike<number> {
  if (tensor.ndim === 1) return orderOf(tensor, 0, count, false).toTypedArray();
  const compare = (a: number, b: number) => {
    for (let k = 0; k < width; k++) {
      const [x, y] = [data[a * width + k]!, data[b * width + k]!];
      // NaN is the largest.
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return x < y || Number.isNaN(y) ? -1 : 1;
    }
    return a - b;
  };
  return Array.from({ length: count }, (_, i) => i).sort(compare);
}

function distinct(
  { tensor, data, count, width }: Items,
  order: ArrayLike<number>,
  input: Tensor,
  { returnInverse, returnCounts, dim }: typeof UNIQUE,
): Tensor | Tensor[] {
  const same = (a: number, b: number) => {
    for (let k = 0; k < width; k++) if (data[a * width + k] !== data[b * width + k]) return false;
    return true;
  };
  const inverse = new Int32Array(count);
  const firsts: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i === 0 || !same(order[i]!, order[i - 1]!)) {
      firsts.push(order[i]!);
      counts.push(0);
    }
    inverse[order[i]!] = firsts.length - 1;
    counts[firsts.length - 1]!++;
  }
  const chosen = take(tensor, 0, fromTypedArray(Int32Array.from(firsts), [firsts.length]));
  const found = dim === null || input.ndim < 2 ? chosen : movedim(chosen, 0, dim);
  if (!returnInverse && !returnCounts) return found;
  return [
    found,
    ...(returnInverse ? [fromTypedArray(inverse, dim === null ? input.shape : [count])] : []),
    ...(returnCounts ? [fromTypedArray(Int32Array.from(counts), [counts.length])] : []),
  ];
}
