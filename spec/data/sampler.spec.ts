import * as f from '../../lib';
import { camel, elements, golden, isTensorJson, type TensorJson } from './fixtures';

const { tensor, utils } = f;
const {
  BatchSampler,
  DataLoader,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} = utils.data;
const { defaultCollate, randomSplit, TensorDataset } = utils.data;

const TEN = Array.from({ length: 10 }, (_, i) => i);
const WEIGHTS = [0.1, 0.9, 0.4, 0.7, 3, 0.6];
const explicit = (seed: number) => new f.Generator().manualSeed(seed);
/** A batch as PyTorch's fixture has it: tensors as lists. */
const plain = (item: unknown) => (item instanceof f.Tensor ? item.tolist() : item);
const epoch = (iterable: Iterable<unknown>) => Array.from(iterable, plain);

describe('orders are PyTorch’s', () => {
  interface Shuffle {
    name: string;
    kind: string;
    seed: number;
    shuffles: unknown[][];
    randBetween?: TensorJson;
    randAfter: TensorJson;
  }
  const MADE: Record<string, (seed: number) => Iterable<unknown>> = {
    RandomSampler: () => new RandomSampler(TEN),
    'RandomSampler, numSamples 25': () => new RandomSampler(TEN, { numSamples: 25 }),
    'RandomSampler, replacement': () => new RandomSampler(TEN, true),
    'RandomSampler, replacement, numSamples 70': () => new RandomSampler(TEN, { replacement: true, numSamples: 70 }),
    'RandomSampler, generator': (seed) => new RandomSampler(TEN, { generator: explicit(seed) }),
    'RandomSampler of 1': () => new RandomSampler([0]),
    SubsetRandomSampler: () => new SubsetRandomSampler([3, 1, 4, 1, 5, 9]),
    'DataLoader, shuffle': () => new DataLoader(TEN, { batchSize: 3, shuffle: true }),
    'DataLoader, shuffle, dropLast': () => new DataLoader(TEN, 4, { shuffle: true, dropLast: true }),
    'DataLoader, shuffle, generator': (seed) =>
      new DataLoader(TEN, { batchSize: 3, shuffle: true, generator: explicit(seed) }),
    'DataLoader, sampler': () => new DataLoader(TEN, { batchSize: 3, sampler: new RandomSampler(TEN) }),
    'DataLoader in order': () => new DataLoader(TEN, { batchSize: 4 }),
  };
  const cases = golden<Shuffle>('rng').filter(({ shuffles }) => shuffles !== undefined);

  it.each(Object.keys(MADE))('%s', (kind) => {
    const rows = cases.filter((row) => row.kind === kind);
    expect(rows.length).toBeGreaterThan(0);
    for (const { seed, shuffles, randAfter } of rows) {
      f.manualSeed(seed);
      const iterable = MADE[kind]!(seed);
      expect(shuffles.map(() => epoch(iterable))).toEqual(shuffles);
      expect(f.rand(1).tolist()).toEqual(elements(randAfter));
    }
  });

  it('two loaders in turn', () => {
    const { seed, shuffles, randBetween, randAfter } = cases.find(({ name }) => name === 'two loaders in turn')!;
    f.manualSeed(seed);
    const first = new DataLoader(TEN, 5, { shuffle: true });
    const second = new DataLoader(TEN, 2, { shuffle: true });
    expect([epoch(first), epoch(second)]).toEqual(shuffles.slice(0, 2));
    expect(f.rand(1).tolist()).toEqual(elements(randBetween!));
    expect(epoch(first)).toEqual(shuffles[2]);
    expect(f.rand(1).tolist()).toEqual(elements(randAfter));
  });
});

describe('draws happen when PyTorch makes them', () => {
  interface Stream {
    kind: string;
    name: string;
    steps: unknown[];
  }
  const decoded = (value: unknown) => (isTensorJson(value) ? elements(value) : value);
  const stepsOf = (name: string) => {
    const row = golden<Stream>('data_loading').find((each) => each.kind === 'streams' && each.name === name)!;
    return row.steps.map(decoded);
  };
  const next = (iterator: Iterator<unknown>) => plain(iterator.next().value);
  const rest = (iterator: Iterator<unknown>) => epoch({ [Symbol.iterator]: () => iterator });

  it('with two iterators of one loader', () => {
    f.manualSeed(5);
    const draw = () => f.rand(1).tolist();
    const loader = new DataLoader(TEN, 4, { shuffle: true });
    const first = loader[Symbol.iterator]();
    const steps = [draw(), next(first), draw(), next(first), draw()];
    const second = loader[Symbol.iterator]();
    steps.push(next(second), draw(), rest(first), draw(), rest(second), draw());
    expect(steps).toEqual(stepsOf('two iterators of one loader'));
  });

  const OWN: Record<string, (generator: f.Generator) => Iterable<unknown>> = {
    RandomSampler: (generator) => new RandomSampler(TEN, { generator }),
    'RandomSampler 20': (generator) => new RandomSampler(TEN, { numSamples: 20, generator }),
    'RandomSampler 7': (generator) => new RandomSampler(TEN, { numSamples: 7, generator }),
    'RandomSampler replacement 64': (generator) => new RandomSampler(TEN, true, { numSamples: 64, generator }),
    'DataLoader 5': (generator) => new DataLoader(TEN, 5, { shuffle: true, generator }),
    'DataLoader 5 drop': (generator) => new DataLoader(TEN, 5, { shuffle: true, dropLast: true, generator }),
    'DataLoader 4': (generator) => new DataLoader(TEN, 4, { shuffle: true, generator }),
    'DataLoader unbatched': (generator) => new DataLoader(TEN, null, { shuffle: true, generator }),
    'DataLoader in order': (generator) => new DataLoader(TEN, 3, { generator }),
    'DataLoader batchSampler': (generator) =>
      new DataLoader(TEN, {
        batchSampler: new BatchSampler(new RandomSampler(TEN, { generator }), 3, true),
        generator,
      }),
  };
  it.each(Object.keys(OWN))('with a generator of its own: %s', (name) => {
    const generator = explicit(11);
    const draw = () => f.rand(1, { generator }).tolist();
    const iterable = OWN[name]!(generator);
    const steps = [draw(), epoch(iterable), draw()];
    const one = iterable[Symbol.iterator]();
    steps.push(next(one) as never, draw(), rest(one), draw());
    expect(steps).toEqual(stepsOf(name));
  });
});

describe('WeightedRandomSampler', () => {
  interface Weighted {
    kind: string;
    name: string;
    weights: number[];
    n: number;
    replacement: boolean;
    seed: number;
    orders: number[][];
    after: TensorJson;
  }
  const rows = golden<Weighted>('data_loading').filter(({ kind }) => kind === 'weighted');
  it.each(rows.map((row) => [row.name, row] as const))('draws as PyTorch: %s', (_, row) => {
    f.manualSeed(row.seed);
    const sampler = new WeightedRandomSampler(row.weights, row.n, { replacement: row.replacement });
    expect(sampler.length).toBe(row.n);
    expect([[...sampler], [...sampler]]).toEqual(row.orders);
    expect(f.rand(1).tolist()).toEqual(elements(row.after));
  });

  it('takes weights of any kind', () => {
    const draw = (weights: ConstructorParameters<typeof WeightedRandomSampler>[0]) => [
      ...new WeightedRandomSampler(weights, 20, { generator: explicit(1) }),
    ];
    expect(draw(tensor([1, 2, 3]))).toEqual(draw([1, 2, 3]));
    expect(draw(new Float32Array([1, 2, 3]))).toEqual(draw(new Float64Array([1, 2, 3])));
  });
});

describe('samplers', () => {
  it('know their lengths', () => {
    const sequential = new SequentialSampler(TEN);
    const lengths = [
      sequential,
      new RandomSampler(TEN, { numSamples: 7 }),
      new SubsetRandomSampler([5, 6]),
      new BatchSampler(sequential, 4, false),
      new BatchSampler(sequential, 4, true),
      new BatchSampler(TEN, 5, true),
    ].map((sampler) => [sampler.length, [...sampler].length]);
    expect(lengths).toEqual([10, 7, 2, 3, 2, 2].map((n) => [n, n]));
  });

  it('batch whatever they are given', () => {
    expect([...new BatchSampler('abcde', 2, false)]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect([...new BatchSampler(new Set([1, 2, 3]), 2, true)]).toEqual([[1, 2]]);
  });

  it('can be your own', () => {
    class Evens extends Sampler {
      override get length() {
        return 5;
      }
      override *[Symbol.iterator]() {
        for (let i = 0; i < 10; i += 2) yield i;
      }
    }
    const loader = new DataLoader(TEN, 2, { sampler: new Evens() });
    expect([loader.length, epoch(loader)]).toEqual([3, [[0, 2], [4, 6], [8]]]);
  });
});

describe('errors are PyTorch’s', () => {
  interface ErrorRow {
    kind: string;
    name: string;
    throws: string;
    raises: string;
  }
  const X = () => tensor([[0, 1], [2, 3], [4, 5]]); // biome-ignore format: a matrix
  const REFUSED: Record<string, () => unknown> = {
    'tensors of different length': () => new TensorDataset(X(), f.zeros(2)),
    'index too high': () => new TensorDataset(X()).get(3),
    'index too low': () => new TensorDataset(X()).get(-4),
    'collate unequal tensors': () => defaultCollate([f.zeros(2), f.zeros(3)]),
    'collate unequal lists': () => defaultCollate([[1, 2], [3]]),
    'split with a wrong sum': () => randomSplit(TEN, [3, 3]),
    'split with a fraction above 1': () => randomSplit(TEN, [1.5, -0.5]),
    'BatchSampler batchSize 0': () => new BatchSampler(TEN, 0, false),
    'BatchSampler dropLast 1': () => new BatchSampler(TEN, 2, 1 as never),
    'RandomSampler of nothing': () => new RandomSampler([]),
    'RandomSampler numSamples 0': () => new RandomSampler(TEN, { numSamples: 0 }),
    'RandomSampler replacement 1': () => new RandomSampler(TEN, { replacement: 1 as never }),
    'WeightedRandomSampler numSamples 0': () => new WeightedRandomSampler(WEIGHTS, 0),
    'WeightedRandomSampler replacement 1': () => new WeightedRandomSampler(WEIGHTS, 2, 1 as never),
    'weights of 2 dimensions': () => new WeightedRandomSampler(f.ones(2, 3), 2),
    'too many without replacement': () => [...new WeightedRandomSampler([1, 1], 3, false)],
    'negative weight': () => [...new WeightedRandomSampler([1, -1], 1)],
    'weights of sum 0': () => [...new WeightedRandomSampler([0, 0], 1)],
    'sampler and shuffle': () => new DataLoader(TEN, { shuffle: true, sampler: new SequentialSampler(TEN) }),
    'batchSampler and batchSize': () => new DataLoader(TEN, { batchSize: 2, batchSampler: [[0]] }),
    'no batches and dropLast': () => new DataLoader(TEN, { batchSize: null, dropLast: true }),
    'shuffle of nothing': () => new DataLoader([], { shuffle: true }),
    'batchSize 0': () => new DataLoader(TEN, { batchSize: 0 }),
  };
  // An assertion is a RuntimeError here.
  const CLASSES: Record<string, string> = { AssertionError: 'RuntimeError' };
  const rows = golden<ErrorRow>('data_loading').filter(({ kind }) => kind === 'errors');

  it.each(rows.map((row) => [row.name, row] as const))('%s', (name, { throws, raises }) => {
    const thrown = (() => {
      try {
        return REFUSED[name]!();
      } catch (error) {
        return error as Error;
      }
    })();
    // Names as ours are; those of PyTorch's arguments inside a message stay.
    const expected = throws.includes('n_sample') ? throws : camel(throws);
    expect(thrown).toMatchObject({ name: CLASSES[raises] ?? raises, message: expect.stringContaining(expected) });
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'nested weights',
      () => new WeightedRandomSampler([[1], [2]] as never, 1),
      /weights should be a 1d sequence .* \(2, …\)/,
    ],
    [
      'an empty source with numSamples',
      () => [...new RandomSampler([], { numSamples: 3 })],
      /cannot draw 3 of no samples/,
    ],
    [
      'half a batch',
      () => new BatchSampler(TEN, 2.5, false),
      /batchSize should be a positive integer value, but got batchSize=2.5/,
    ],
    ['a length that nobody knows', () => new BatchSampler(new Map().keys(), 2, false).length, /has no length/],
    ['an option by position', () => new RandomSampler(TEN, false, 5 as never), /takes these as options by name/],
    ['an unknown option', () => new RandomSampler(TEN, { numsamples: 5 } as never), /did you mean 'numSamples'/],
  ])('refuses %s', (_, act, message) => expect(act).toThrow(message));
});
