import { setImmediate } from 'node:timers/promises';
import { isPlainObject, type Optional, readArgs } from '../args';
import { ValueError } from '../errors';
import { generatorOf } from '../tensor/context';
import { tensor } from '../tensor/creation';
import { Generator } from '../tensor/generator';
import { type Collated, defaultCollate } from './collate';
import { asDataset, type Dataset, type DatasetLike, readBatch, readItems } from './dataset';
import { BatchSampler, lengthOf, RandomSampler, SequentialSampler } from './sampler';

export interface DataLoaderOptions<T, B> {
  /** Samples per batch, default 1; null turns batching off: each sample comes alone, with `sampler`'s index. */
  batchSize?: number | null;
  /** A new random order each time; default false. */
  shuffle?: boolean | null;
  /** The order of the indices, instead of `shuffle`. */
  sampler?: Iterable<number> | null;
  /** The batches' indices, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<number[]> | null;
  /** Makes a batch of an array of samples; see {@link defaultCollate}. */
  collateFn?: ((samples: T[]) => B) | null;
  /** Leave out a last batch that is not full; default false. */
  dropLast?: boolean;
  /** Where the shuffle comes from; by default the default generator. */
  generator?: Generator | null;
  /** Only 0: batches are made in this thread. */
  numWorkers?: 0;
  pinMemory?: false;
  timeout?: 0;
  workerInitFn?: null;
  multiprocessingContext?: null;
  prefetchFactor?: null;
  persistentWorkers?: false;
  pinMemoryDevice?: '';
  inOrder?: true;
}

const OPTIONS = {
  batchSize: 1 as number | null,
  shuffle: null as boolean | null,
  sampler: null as Iterable<number> | null,
  batchSampler: null as Iterable<number[]> | null,
  collateFn: null as ((samples: unknown[]) => unknown) | null,
  dropLast: false,
  generator: null as Generator | null,
};

/** What has no meaning without worker processes. */
const WITHOUT_WORKERS = {
  numWorkers: 0,
  pinMemory: false,
  timeout: 0,
  workerInitFn: null,
  multiprocessingContext: null,
  prefetchFactor: null,
  persistentWorkers: false,
  pinMemoryDevice: '',
  inOrder: true,
};

/**
 * Batches of a dataset, in order or shuffled, as often as it is iterated: with `for … of`, or with `for await … of`, which
 * lets other work run between batches. Orders are PyTorch's for the same seed. See torch.utils.data.DataLoader.
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: DatasetLike<T>;
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  readonly sampler: Iterable<number>;
  readonly batchSampler: Iterable<number[]> | null;
  /** Makes a batch of its samples; without batching it is given one sample. */
  readonly collateFn: (samples: T[]) => B;
  readonly generator: Generator | null;
  private readonly _source: Dataset<T>;

  constructor(
    dataset: DatasetLike<T>,
    ...args: [options?: DataLoaderOptions<T, B>] | [batchSize: number | null, options?: DataLoaderOptions<T, B>]
  ) {
    const options = readArgs('DataLoader', args, { ...OPTIONS, ...WITHOUT_WORKERS });
    refuseWorkers(options);
    refuseConflicts(options);
    const { batchSize, shuffle, sampler, batchSampler, dropLast, generator, collateFn } = options;
    if (generator !== null && !(generator instanceof Generator)) {
      throw new TypeError(`DataLoader: generator must be a Generator, got ${typeof generator}`);
    }
    this.dataset = dataset;
    this._source = asDataset('DataLoader', dataset);
    this.generator = generator;
    this.sampler =
      sampler ?? (shuffle ? new RandomSampler(this._source, { generator }) : new SequentialSampler(this._source));
    this.batchSize = batchSampler ? null : batchSize;
    this.dropLast = dropLast;
    this.batchSampler =
      batchSampler ?? (batchSize === null ? null : new BatchSampler(this.sampler, batchSize, dropLast));
    this.collateFn = (collateFn ?? (this.batchSampler ? defaultCollate : defaultConvert)) as (samples: T[]) => B;
  }

  /** How many batches an iteration gives. */
  get length(): number {
    return lengthOf(this.batchSampler ?? this.sampler);
  }

  [Symbol.iterator](): IterableIterator<B> {
    // PyTorch draws this seed for its workers, whether it has any or not, and before the sampler draws.
    generatorOf(this.generator).drawSeed();
    return this.batchSampler ? this._batches(this.batchSampler) : this._samples();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<B> {
    return yielding(this[Symbol.iterator]());
  }

  private *_batches(batchSampler: Iterable<number[]>): IterableIterator<B> {
    for (const indices of batchSampler) yield this._batch(indices);
  }

  private _batch(indices: number[]): B {
    const whole = this.collateFn === (defaultCollate as unknown) ? readBatch(this._source, indices) : null;
    return (whole as B | null) ?? this.collateFn(readItems(this._source, indices));
  }

  private *_samples(): IterableIterator<B> {
    const convert = this.collateFn as unknown as (sample: T) => B;
    for (const index of this.sampler) yield convert(this._source.get(index));
  }
}

function refuseWorkers(options: typeof WITHOUT_WORKERS): void {
  for (const [name, only] of Object.entries(WITHOUT_WORKERS)) {
    const value = options[name as keyof typeof WITHOUT_WORKERS];
    if (value === only) continue;
    throw new ValueError(
      `DataLoader: batches are made in this thread, so ${name} is accepted only as ${JSON.stringify(only)}, got ${String(value)}`,
    );
  }
}

function refuseConflicts({ batchSize, shuffle, sampler, batchSampler, dropLast }: typeof OPTIONS): void {
  if (sampler && shuffle) throw new ValueError('sampler option is mutually exclusive with shuffle');
  if (batchSampler && (batchSize !== 1 || shuffle || sampler || dropLast)) {
    throw new ValueError('batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast');
  }
  if (batchSize === null && dropLast) {
    throw new ValueError('batchSize=null option disables auto-batching and is mutually exclusive with dropLast');
  }
}

async function* yielding<B>(batches: Iterable<B>): AsyncIterableIterator<B> {
  for (const batch of batches) {
    yield batch;
    await setImmediate();
  }
}

/** Without batching only typed arrays are converted, wherever they are nested. See torch.utils.data.default_convert. */
function defaultConvert(sample: unknown): unknown {
  if (ArrayBuffer.isView(sample)) return tensor(sample as Float32Array);
  if (Array.isArray(sample)) return sample.map(defaultConvert);
  if (!isPlainObject(sample)) return sample;
  return Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, defaultConvert(value)]));
}

/** Python's enumerate: `[0, first]`, `[1, second]` … of anything iterable; of a DataLoader with `for await`, too. */
export function enumerate<T>(items: Iterable<T>, ...rest: Optional<'start', number>): Enumerated<T> {
  const { start } = readArgs('enumerate', rest, { start: 0 });
  return {
    *[Symbol.iterator]() {
      let i = start;
      for (const item of items) yield [i++, item];
    },
    async *[Symbol.asyncIterator]() {
      let i = start;
      for await (const item of items) yield [i++, item];
    },
  };
}

/** What {@link enumerate} gives. */
export interface Enumerated<T> extends Iterable<[number, T]>, AsyncIterable<[number, T]> {}
