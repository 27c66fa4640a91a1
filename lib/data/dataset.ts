import { noMore, readArgs } from '../args';
import { IndexError, RuntimeError, ValueError } from '../errors';
import { generatorOf } from '../tensor/context';
import type { Generator } from '../tensor/generator';
import type { Collated } from './collate';

/** Samples by number. A subclass gives `length` and `get(i)`. See torch.utils.data.Dataset. */
export abstract class Dataset<T> {
  /** The number of samples, Python's `len(dataset)`. */
  abstract readonly length: number;

  /** Sample `index`, Python's `dataset[index]`. */
  abstract get(index: number): T;

  /** Optional: many samples at once, PyTorch's `__getitems__`. */
  getItems?(indices: readonly number[]): T[];

  /**
   * Optional: what collating those samples gives, in one go. The DataLoader takes it when it would collate by default; null
   * means that it cannot be done. A subclass that overrides `get` alone is read through `get`.
   */
  getBatch?(indices: readonly number[]): Collated<T> | null;
}

/** Whatever has the form of a Dataset, or an array of samples. */
export type DatasetLike<T> = Pick<Dataset<T>, 'get' | 'getItems' | 'getBatch' | 'length'> | readonly T[];

class Items<T> extends Dataset<T> {
  private readonly _items: readonly T[];

  constructor(items: readonly T[]) {
    super();
    this._items = items;
  }

  override get length(): number {
    return this._items.length;
  }

  override get(index: number): T {
    return this._items[checkIndex(index, this.length)]!;
  }
}

/** Checks that `source` is a dataset; an array becomes one. */
export function asDataset<T>(where: string, source: DatasetLike<T>): Dataset<T> {
  if (Array.isArray(source)) return new Items<T>(source);
  const dataset = source as Dataset<T> | null;
  if (typeof dataset?.get === 'function' && typeof dataset.length === 'number') return dataset;
  throw new TypeError(
    `${where}: a dataset has get(i) and length (extend Dataset), or is an array; wrap tensors in new TensorDataset(x, y)`,
  );
}

/** The place of sample `index`, which may count from the end. */
export function checkIndex(index: number, length: number): number {
  if (!Number.isInteger(index)) throw new TypeError(`dataset: an index must be an integer, got ${String(index)}`);
  if (index >= -length && index < length) return index < 0 ? index + length : index;
  throw new IndexError(`index ${index} is out of bounds for dimension 0 with size ${length}`);
}

/** The collated batch if the dataset can make it itself, else null. */
export function readBatch<T>(dataset: Dataset<T>, indices: readonly number[]): Collated<T> | null {
  return answersFor(dataset, 'getBatch') ? dataset.getBatch!(indices) : null;
}

/** The samples, all at once if the dataset can. */
export function readItems<T>(dataset: Dataset<T>, indices: readonly number[]): T[] {
  return answersFor(dataset, 'getItems') ? dataset.getItems!(indices) : indices.map((i) => dataset.get(i));
}

/** True if `method` is there and no class further down gives `get` another meaning. */
function answersFor(dataset: object, method: 'getItems' | 'getBatch'): boolean {
  for (let at: object | null = dataset; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, method)) return true;
    if (Object.hasOwn(at, 'get')) return false;
  }
  return false;
}

/** The samples of `dataset` at `indices`. See torch.utils.data.Subset. */
export class Subset<T> extends Dataset<T> {
  readonly dataset: DatasetLike<T>;
  readonly indices: readonly number[];
  private readonly _source: Dataset<T>;

  constructor(dataset: DatasetLike<T>, indices: readonly number[]) {
    noMore('new Subset(dataset, indices)', arguments.length, 2);
    super();
    this.dataset = dataset;
    this._source = asDataset('Subset', dataset);
    this.indices = indices;
  }

  override get length(): number {
    return this.indices.length;
  }

  override get(index: number): T {
    return this._source.get(this._at(index));
  }

  override getItems(indices: readonly number[]): T[] {
    return readItems(this._source, this._all(indices));
  }

  override getBatch(indices: readonly number[]): Collated<T> | null {
    return readBatch(this._source, this._all(indices));
  }

  private _at(index: number): number {
    return this.indices[checkIndex(index, this.length)]!;
  }

  private _all(indices: readonly number[]): number[] {
    return indices.map((index) => this._at(index));
  }
}

/** One dataset after the other. See torch.utils.data.ConcatDataset. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly DatasetLike<T>[];
  /** For each dataset, where the next one begins. */
  readonly cumulativeSizes: readonly number[];
  private readonly _sources: readonly Dataset<T>[];

  constructor(datasets: readonly DatasetLike<T>[]) {
    noMore('new ConcatDataset(datasets)', arguments.length, 1);
    super();
    if (datasets.length === 0) throw new RuntimeError('ConcatDataset: datasets should not be an empty iterable');
    this.datasets = datasets;
    this._sources = datasets.map((dataset) => asDataset('ConcatDataset', dataset));
    this.cumulativeSizes = runningSums(this._sources.map(({ length }) => length));
  }

  override get length(): number {
    return this.cumulativeSizes.at(-1)!;
  }

  override get(index: number): T {
    const place = checkIndex(index, this.length);
    const which = this.cumulativeSizes.findIndex((end) => place < end);
    return this._sources[which]!.get(place - (this.cumulativeSizes[which - 1] ?? 0));
  }
}

function runningSums(values: readonly number[]): number[] {
  const sums: number[] = [];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

export interface SplitOptions {
  generator?: Generator | null;
}

/**
 * Splits a dataset at random into parts of the given lengths, or of the given fractions if they sum to 1 (what rounding
 * leaves over goes one by one to the first parts). See torch.utils.data.random_split.
 */
export function randomSplit<T>(
  dataset: DatasetLike<T>,
  lengths: readonly number[],
  ...args: [options?: SplitOptions] | [generator: Generator | null]
): Subset<T>[] {
  const { generator } = readArgs('randomSplit', args, { generator: null as Generator | null });
  const total = asDataset('randomSplit', dataset).length;
  if (!Array.isArray(lengths)) throw new TypeError(`randomSplit: lengths must be an array, got ${typeof lengths}`);
  const sizes = isFractions(lengths) ? shares(lengths, total) : lengths;
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 0);
  if (wrong !== undefined) {
    throw new ValueError(`randomSplit: lengths are non-negative integers, or fractions that sum to 1, got ${wrong}`);
  }
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum !== total) {
    throw new ValueError(
      `Sum of input lengths does not equal the length of the input dataset! [${sizes.join(', ')}] is ${sum}, not ${total}`,
    );
  }
  const order = Array.from(generatorOf(generator).permutation(total));
  return sizes.map((size) => new Subset(dataset, order.splice(0, size)));
}

/** Python's `math.isclose(sum(lengths), 1) and sum(lengths) <= 1`; that sum carries the rounding errors along. */
function isFractions(lengths: readonly number[]): boolean {
  let [sum, error] = [0, 0];
  for (const length of lengths) {
    const next = sum + length;
    error += Math.abs(sum) >= Math.abs(length) ? sum - next + length : length - next + sum;
    sum = next;
  }
  return sum + error <= 1 && 1 - (sum + error) <= 1e-9;
}

function shares(fractions: readonly number[], total: number): number[] {
  const sizes = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) throw new ValueError(`Fraction at index ${i} is not between 0 and 1`);
    return Math.floor(total * fraction);
  });
  const rest = total - sizes.reduce((a, b) => a + b, 0);
  for (let i = 0; i < rest; i++) sizes[i % sizes.length]! += 1;
  return sizes;
}
