/** What a function with several results returns: an array that also has them by name, as PyTorch's named tuples. */
export interface Named<T> extends Iterable<T> {
  readonly [index: number]: T;
  readonly length: number;
}

/** `[values, indices]`, also as `.values` and `.indices`; so it has no `values()` method. */
export interface ValuesIndices<T> extends Named<T> {
  readonly 0: T;
  readonly 1: T;
  readonly length: 2;
  readonly values: T;
  readonly indices: T;
}

/** The array `items` with its elements as own properties of these names, hidden from printing and from Array's methods. */
export function named<N>(items: readonly unknown[], names: readonly string[]): N {
  const array = [...items];
  for (const [i, name] of names.entries()) Object.defineProperty(array, name, { value: array[i] });
  return array as unknown as N;
}
