import * as f from '../../lib';
import { IndexError, RuntimeError, ValueError } from '../../lib/errors';
import { golden } from './fixtures';

const { tensor, utils } = f;
const { ConcatDataset, Dataset, DataLoader, randomSplit, Subset, TensorDataset } = utils.data;
const letters = ['a', 'b', 'c', 'd', 'e'];
const X = () => tensor([[0, 1], [2, 3], [4, 5]]); // biome-ignore format: a matrix
const lists = (tensors: readonly f.Tensor[]) => tensors.map((t) => t.tolist());

describe('TensorDataset', () => {
  it('gives rows, counted from either end', () => {
    const dataset = new TensorDataset(X(), tensor(new Int32Array([7, 8, 9])), tensor([true, false, true]));
    expect(dataset.length).toBe(3);
    expect(lists(dataset.get(1))).toEqual([[2, 3], 8, false]);
    expect(lists(dataset.get(-1))).toEqual([[4, 5], 9, true]);
    expect(dataset.get(0).map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ['float32', [2]],
      ['int32', []],
      ['bool', []],
    ]);
  });

  it('gives a batch that equals its stacked rows, in the order asked', () => {
    const dataset = new TensorDataset(X(), tensor([1, 2, 3]));
    const batch = dataset.getBatch([2, 0, 2, -2]);
    expect(lists(batch)).toEqual([
      [
        [4, 5],
        [0, 1],
        [4, 5],
        [2, 3],
      ],
      [3, 1, 3, 2],
    ]);
  });

  it('sees what was changed in place since', () => {
    const x = X();
    const dataset = new TensorDataset(x);
    expect(lists(dataset.get(0))).toEqual([[0, 1]]);
    x.data.add_(10);
    expect(lists(dataset.get(0))).toEqual([[10, 11]]);
    expect(lists(dataset.getBatch([0]))).toEqual([[[10, 11]]]);
  });

  it('hands out copies: neither a batch nor its source changes with the other', () => {
    const x = X();
    const dataset = new TensorDataset(x);
    const [first] = dataset.getBatch([0, 1]);
    first.add_(100);
    expect(lists(dataset.getBatch([0, 1]))).toEqual([[[0, 1], [2, 3]]]); // biome-ignore format: a matrix
    expect(x.tolist()).toEqual(X().tolist());
  });

  it('lets gradients through to a tensor that requires grad', () => {
    const x = tensor([[1, 2], [3, 4]], { requiresGrad: true }); // biome-ignore format: a matrix
    const dataset = new TensorDataset(x);
    dataset.get(1)[0].sum().backward();
    const [[batch]] = [...new DataLoader(dataset, 2)] as [[f.Tensor]];
    batch.mul(10).sum().backward();
    expect(x.grad!.tolist()).toEqual([
      [10, 10],
      [11, 11],
    ]);
  });
});

describe('Subset and ConcatDataset', () => {
  it('reads through its indices, at any depth', () => {
    const subset = new Subset(new Subset(letters, [4, 2, 0]), [0, 2, -1]);
    expect(subset.length).toBe(3);
    expect([subset.get(0), subset.get(1), subset.get(-1)]).toEqual(['e', 'a', 'a']);
    expect(subset.getItems([1, 0])).toEqual(['a', 'e']);
  });

  it('passes batches on to what can make them, else says that it cannot', () => {
    const rows = new Subset(new TensorDataset(X()), [2, 0]);
    expect(lists(rows.getBatch([0, 1, 0])!)).toEqual([[[4, 5], [0, 1], [4, 5]]]); // biome-ignore format: a matrix
    expect(new Subset(letters, [1]).getBatch([0])).toBeNull();
  });

  it('goes from one dataset to the next', () => {
    const all = new ConcatDataset([letters, [], ['x'], new Subset(letters, [1])]);
    expect(all.cumulativeSizes).toEqual([5, 5, 6, 7]);
    expect(Array.from({ length: all.length }, (_, i) => all.get(i))).toEqual([...letters, 'x', 'b']);
    expect([all.get(-1), all.get(-7)]).toEqual(['b', 'a']);
  });
});

describe('a subclass that overrides get', () => {
  class Doubled extends TensorDataset<[f.Tensor]> {
    override get(index: number): [f.Tensor] {
      return [super.get(index)[0].mul(2)];
    }
  }

  it('is read through it, and so is a Subset', () => {
    const loaded = (dataset: InstanceType<typeof Dataset<[f.Tensor]>>) =>
      [...new DataLoader(dataset, 2)].map(([x]) => x.tolist());
    expect(loaded(new Doubled(X()))).toEqual([[[0, 2], [4, 6]], [[8, 10]]]); // biome-ignore format: matrices
    expect(loaded(new Subset(new Doubled(X()), [2]))).toEqual([[[8, 10]]]);
  });

  it('unless it overrides getBatch as well', () => {
    class Both extends Doubled {
      override getBatch(): [f.Tensor] {
        return [tensor([42])];
      }
    }
    expect([...new DataLoader(new Both(X()), 3)].map(([x]) => x.tolist())).toEqual([[42]]);
  });
});

describe('randomSplit', () => {
  interface Split {
    kind: string;
    name: string;
    n: number;
    lengths: number[];
    indices: number[][];
  }
  interface Shuffle {
    name: string;
    kind: string;
    seed: number;
    shuffles: number[][][];
  }

  const splits = golden<Split>('data_loading').filter(({ kind }) => kind === 'splits');
  it.each(splits.map((row) => [row.name, row] as const))('splits as PyTorch: %s', (_, { n, lengths, indices }) => {
    const generator = new f.Generator().manualSeed(3);
    const parts = randomSplit(
      Array.from({ length: n }, (_, i) => i),
      lengths,
      { generator },
    );
    expect(parts.map((part) => part.indices)).toEqual(indices);
    expect(parts.map((part) => part.getItems(part.indices.map((_, i) => i)))).toEqual(indices);
  });

  const seeded = golden<Shuffle>('rng').filter(({ kind }) => kind?.startsWith('randomSplit'));
  it.each(seeded.map((row) => [row.name, row] as const))('draws from the default generator: %s', (_, row) => {
    f.manualSeed(row.seed);
    const lengths = JSON.parse(
      `[${/\[(.*)\]/.exec(row.kind)?.[1]?.replaceAll(' .', ' 0.').replace(/^\./, '0.') ?? '5, 5'}]`,
    );
    const n = row.kind.includes('.5') ? 11 : 10;
    const generator = row.kind.includes('generator') ? new f.Generator().manualSeed(row.seed) : null;
    const parts = randomSplit(new Array(n).fill(0), lengths, { generator });
    expect([parts.map((part) => part.indices)]).toEqual(row.shuffles);
  });

  it('adds fractions as Python 3.12 does, without rounding errors', () => {
    const fractions = [0.8, 0.05, 0.05, 0.1];
    expect(fractions.reduce((a, b) => a + b)).toBeGreaterThan(1);
    expect(randomSplit(new Array(100).fill(0), fractions).map(({ length }) => length)).toEqual([80, 5, 5, 10]);
  });

  it('takes a generator by position', () => {
    const split = () => randomSplit(letters, [2, 3], new f.Generator().manualSeed(1)).map(({ indices }) => indices);
    expect(split()).toEqual(
      randomSplit(letters, [2, 3], { generator: new f.Generator().manualSeed(1) }).map(({ indices }) => indices),
    );
  });
});

describe('refuses', () => {
  const rows: [string, () => unknown, new (message: string) => Error, RegExp][] = [
    [
      'what is no dataset',
      () => new DataLoader({} as never),
      TypeError,
      /DataLoader: a dataset has get\(i\) and length/,
    ],
    ['a bare tensor', () => new Subset(X() as never, [0]), TypeError, /Subset: .*new TensorDataset/],
    ['null', () => new ConcatDataset([null as never]), TypeError, /ConcatDataset: a dataset has get/],
    ['no tensors', () => new TensorDataset(), IndexError, /takes at least one tensor/],
    ['an array for a tensor', () => new TensorDataset([1] as never), TypeError, /argument 1 is not a tensor/],
    ['a scalar tensor', () => new TensorDataset(X(), tensor(1)), IndexError, /argument 2 has no dimensions/],
    [
      'lengths that differ',
      () => new TensorDataset(X(), tensor([1, 2])),
      RuntimeError,
      /^Size mismatch between tensors: \[3,2\], \[2\]/,
    ],
    ['a fraction as index', () => new TensorDataset(X()).get(0.5), TypeError, /index must be an integer, got 0.5/],
    [
      'an index past the end',
      () => new TensorDataset(X()).get(3),
      IndexError,
      /index 3 is out of bounds for dimension 0 with size 3/,
    ],
    ['one before the start', () => new TensorDataset(X()).getBatch([-4]), IndexError, /index -4 is out of bounds/],
    ['an index of a Subset', () => new Subset(letters, [1]).get(1), IndexError, /index 1 is out of bounds .* size 1/],
    ['an index of its source', () => new Subset(letters, [9]).get(0), IndexError, /index 9 is out of bounds .* size 5/],
    ['an index of all', () => new ConcatDataset([letters]).get(5), IndexError, /index 5 is out of bounds/],
    ['nothing to concatenate', () => new ConcatDataset([]), RuntimeError, /datasets should not be an empty iterable/],
    ['a wrong sum', () => randomSplit(letters, [2, 2]), ValueError, /\[2, 2\] is 4, not 5/],
    ['half a sample', () => randomSplit(letters, [2.5, 2.5]), ValueError, /non-negative integers.* got 2.5/],
    ['a negative length', () => randomSplit(letters, [6, -1]), ValueError, /got -1/],
    [
      'an unknown option',
      () => randomSplit(letters, [5], { generater: null } as never),
      TypeError,
      /did you mean 'generator'/,
    ],
  ];
  it.each(rows)('%s', (_, act, type, message) => {
    expect(act).toThrow(type);
    expect(act).toThrow(message);
  });
});
