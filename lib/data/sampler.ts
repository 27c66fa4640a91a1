import { noMore, readArgs } from '../args';
import { ValueError } from '../errors';
import { defaultGenerator, generatorOf } from '../tensor/context';
import { Generator } from '../tensor/generator';
import { multinomial } from '../tensor/multinomial';
import { Tensor } from '../tensor/tensor';

/** What has a length: a dataset, an array. */
export interface Sized {
  readonly length: number;
}

/** The order in which samples are read: an iterable of indices, or of arrays of them. See torch.utils.data.Sampler. */
export abstract class Sampler<T = number> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;
  /** How many items an iteration gives. */
  abstract readonly length: number;
}

/** 0, 1, 2 … See torch.utils.data.SequentialSampler. */
export class SequentialSampler extends Sampler {
  readonly dataSource: Sized;

  constructor(dataSource: Sized) {
    noMore('new SequentialSampler(dataSource)', arguments.length, 1);
    super();
    this.dataSource = dataSource;
  }

  override get length(): number {
    return this.dataSource.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const { length } = this;
    for (let i = 0; i < length; i++) yield i;
  }
}

export interface RandomSamplerOptions {
  /** Draw each index anew instead of going through a permutation; default false. */
  replacement?: boolean;
  /** How many to draw; by default as many as there are. */
  numSamples?: number | null;
  generator?: Generator | null;
}

/**
 * All indices in random order, or `numSamples` drawn ones. Without a generator each iteration takes one seed from the
 * default generator for a generator of its own. See torch.utils.data.RandomSampler.
 */
export class RandomSampler extends Sampler {
  readonly dataSource: Sized;
  readonly replacement: boolean;
  readonly generator: Generator | null;
  private readonly _numSamples: number | null;

  constructor(
    dataSource: Sized,
    ...args: [options?: RandomSamplerOptions] | [replacement: boolean, options?: RandomSamplerOptions]
  ) {
    super();
    const defaults = { replacement: false, numSamples: null as number | null, generator: null as Generator | null };
    const { replacement, numSamples, generator } = readArgs('RandomSampler', args, defaults);
    this.dataSource = dataSource;
    this.replacement = replacement;
    this.generator = generator;
    this._numSamples = numSamples;
    checkPositive('numSamples', this.numSamples);
  }

  get numSamples(): number {
    return this._numSamples ?? this.dataSource.length;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const n = this.dataSource.length;
    if (n === 0) throw new ValueError(`RandomSampler: cannot draw ${this.numSamples} of no samples`);
    const generator = this.generator ?? new Generator().manualSeed(defaultGenerator().drawSeed());
    // The draws come in these portions so that a generator shared with others is left where PyTorch leaves it.
    const portion = this.replacement ? 32 : n;
    const draw = (size: number) => (this.replacement ? generator.integers(size, 0, n) : generator.permutation(n));
    for (let left = this.numSamples; left >= portion; left -= portion) yield* draw(portion);
    const rest = this.numSamples % portion;
    yield* draw(rest).subarray(0, rest);
  }
}

/** The given indices in random order. See torch.utils.data.SubsetRandomSampler. */
export class SubsetRandomSampler extends Sampler {
  readonly indices: readonly number[];
  readonly generator: Generator | null;

  constructor(indices: readonly number[], ...args: [options?: GeneratorOption] | [generator: Generator | null]) {
    super();
    this.indices = indices;
    this.generator = readArgs('SubsetRandomSampler', args, { generator: null as Generator | null }).generator;
  }

  override get length(): number {
    return this.indices.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    for (const i of generatorOf(this.generator).permutation(this.length)) yield this.indices[i]!;
  }
}

export interface GeneratorOption {
  generator?: Generator | null;
}

export interface WeightedRandomSamplerOptions extends GeneratorOption {
  /** Whether an index may be drawn again; default true. */
  replacement?: boolean;
}

/** `numSamples` indices drawn in proportion to `weights`, which need not sum to 1. See torch.utils.data.WeightedRandomSampler. */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Float64Array;
  readonly numSamples: number;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  constructor(
    weights: readonly number[] | Float64Array | Float32Array | Tensor,
    numSamples: number,
    ...args: [options?: WeightedRandomSamplerOptions] | [replacement: boolean, options?: GeneratorOption]
  ) {
    super();
    // Without a default that is a boolean: what is none is a ValueError here.
    const defaults = { replacement: undefined as boolean | undefined, generator: null as Generator | null };
    const { replacement = true, generator } = readArgs('WeightedRandomSampler', args, defaults);
    checkPositive('numSamples', numSamples);
    if (typeof replacement !== 'boolean') {
      throw new ValueError(`replacement should be a boolean value, but got replacement=${String(replacement)}`);
    }
    this.weights = asWeights(weights);
    this.numSamples = numSamples;
    this.replacement = replacement;
    this.generator = generator;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *[Symbol.iterator](): Iterator<number> {
    yield* multinomial(generatorOf(this.generator), this.weights, this.numSamples, this.replacement);
  }
}

function asWeights(weights: readonly number[] | Float64Array | Float32Array | Tensor): Float64Array {
  const flat = weights instanceof Tensor ? weights.toTypedArray() : weights;
  const isFlat = weights instanceof Tensor ? weights.shape.length === 1 : !Array.isArray(weights[0]);
  if (isFlat) return Float64Array.from(flat);
  const shape = weights instanceof Tensor ? weights.shape.join(', ') : `${weights.length}, …`;
  throw new ValueError(`weights should be a 1d sequence but given weights have shape (${shape})`);
}

/** Arrays of `batchSize` items of another sampler (or any iterable). See torch.utils.data.BatchSampler. */
export class BatchSampler<T = number> extends Sampler<T[]> {
  readonly sampler: Iterable<T>;
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(sampler: Iterable<T>, batchSize: number, dropLast: boolean) {
    noMore('new BatchSampler(sampler, batchSize, dropLast)', arguments.length, 3);
    super();
    checkPositive('batchSize', batchSize);
    if (typeof dropLast !== 'boolean') {
      throw new ValueError(`dropLast should be a boolean value, but got dropLast=${String(dropLast)}`);
    }
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  override get length(): number {
    const batches = lengthOf(this.sampler) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  override *[Symbol.iterator](): Iterator<T[]> {
    let batch: T[] = [];
    for (const item of this.sampler) {
      batch.push(item);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}

/** Python's len() of a sampler that may be any iterable. */
export function lengthOf(iterable: Iterable<unknown>): number {
  const { length } = iterable as unknown as Partial<Sized>;
  if (typeof length === 'number') return length;
  throw new TypeError(`object of type '${iterable.constructor.name}' has no length`);
}

function checkPositive(name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) > 0) return;
  throw new ValueError(`${name} should be a positive integer value, but got ${name}=${String(value)}`);
}
