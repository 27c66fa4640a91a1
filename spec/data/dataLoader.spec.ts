import * as f from '../../lib';
import { ValueError } from '../../lib/errors';
import { elements, golden, isTensorJson } from './fixtures';

const { tensor, utils } = f;
const { DataLoader, Dataset, defaultCollate, enumerate, TensorDataset } = utils.data;
const TEN = Array.from({ length: 10 }, (_, i) => i);

/** Tensors as [dtype, values], inside whatever holds them. */
function shown(value: unknown): unknown {
  if (value instanceof f.Tensor) return [value.dtype, value.tolist()];
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, shown(item)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

describe('defaultCollate', () => {
  interface Row {
    kind: string;
    name: string;
    samples: unknown[];
    out: unknown;
  }
  function decode(value: unknown): unknown {
    if (isTensorJson(value)) {
      const flat = elements(value);
      const data = value.dtype === 'bool' ? flat.map(Boolean) : flat;
      return tensor(data, { dtype: value.dtype as f.DType }).reshape(value.shape);
    }
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
  }
  const rows = golden<Row>('data_loading').filter(({ kind }) => kind === 'collate');
  it.each(rows.map((row) => [row.name, row] as const))('collates as PyTorch: %s', (_, { samples, out }) => {
    expect(shown(defaultCollate(decode(samples) as unknown[]))).toEqual(shown(decode(out)));
  });

  it('knows typed arrays and Maps', () => {
    expect(shown(defaultCollate([new Float32Array([1, 2]), new Float32Array([3, 4])]))).toEqual(['float32', [[1, 2], [3, 4]]]); // biome-ignore format: a matrix
    expect(shown(defaultCollate([new Int32Array([1]), new Int32Array([3])]))).toEqual(['int32', [[1], [3]]]);
    expect(shown(defaultCollate([new Map([['a', 1]]), new Map([['a', 2]])]))).toEqual(
      new Map([['a', ['int32', [1, 2]]]]),
    );
  });

  it('numbers are int32 only if the whole batch is integral', () => {
    expect(shown(defaultCollate([1, 2.5]))).toEqual(['float32', [1, 2.5]]);
    expect(shown(defaultCollate([1, Number.NaN]))).toEqual(['float32', [1, Number.NaN]]);
  });

  it('keeps gradients', () => {
    const [a, b] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 4])];
    defaultCollate([a, b]).mul(3).sum().backward();
    expect(a.grad!.tolist()).toEqual([3, 3]);
  });

  it('does not share memory with its samples', () => {
    const sample = tensor([1, 2]);
    const batch = defaultCollate([sample]);
    sample.add_(1);
    expect(batch.tolist()).toEqual([[1, 2]]);
  });

  it.each<[string, unknown[], RegExp]>([
    ['nothing', [], /the batch is empty/],
    ['null', [null], /found null/],
    ['a function', [() => 1], /found function/],
    ['a Date', [new Date()], /batch must contain tensors, numbers, .*; found Date/],
    ['a bigint', [1n], /found bigint/],
    ['an image', [new f.vision.Image(new Uint8Array(1), 1, 1)], /found Image .*new transforms.ToTensor\(\)/],
    ['samples that differ', [1, 'a'], /the samples differ: number, string/],
    ['a missing key', [{ a: 1 }, { b: 1 }], /the samples differ: number, undefined/],
    ['a label beyond int32', [2 ** 31], /int32 takes integers .* got 2147483648/],
    ['64-bit floats', [new Float64Array(1)], /Float64Array has no dtype here/],
  ])('refuses %s', (_, batch, message) => expect(() => defaultCollate(batch)).toThrow(message));
});

describe('DataLoader', () => {
  const pairs = () => new TensorDataset(f.arange(10).reshape(5, 2).float(), f.arange(5));

  it('gives typed batches of a TensorDataset, as often as it is iterated', () => {
    const loader = new DataLoader(pairs(), { batchSize: 2 });
    expect(loader.length).toBe(3);
    for (let epoch = 0; epoch < 2; epoch++) {
      const shapes: unknown[] = [];
      for (const [x, y] of loader) shapes.push([x.shape, x.dtype, y.tolist()]);
      expect(shapes).toEqual([
        [[2, 2], 'float32', [0, 1]],
        [[2, 2], 'float32', [2, 3]],
        [[1, 2], 'float32', [4]],
      ]);
    }
  });

  it('knows its defaults and its options', () => {
    const loader = new DataLoader(TEN);
    expect([loader.batchSize, loader.dropLast, loader.length, loader.collateFn, loader.generator]).toEqual([
      1,
      false,
      10,
      defaultCollate,
      null,
    ]);
    const sized = new DataLoader(TEN, 4, { dropLast: true });
    expect([sized.batchSize, sized.length, shown([...sized])]).toEqual([
      4,
      2,
      [
        ['int32', [0, 1, 2, 3]],
        ['int32', [4, 5, 6, 7]],
      ],
    ]);
    expect(new DataLoader(TEN, { numWorkers: 0, pinMemory: false, prefetchFactor: null, inOrder: true }).length).toBe(
      10,
    );
  });

  it('makes the same batches one by one as all at once', () => {
    const dataset = pairs();
    const singly = { length: dataset.length, get: (i: number) => dataset.get(i) };
    f.manualSeed(1);
    const fast = shown([...new DataLoader(dataset, 2, { shuffle: true })]);
    f.manualSeed(1);
    expect(shown([...new DataLoader(singly, 2, { shuffle: true })])).toEqual(fast);
  });

  it('reads many samples at once through getItems', () => {
    class Squares extends Dataset<number> {
      asked: (readonly number[])[] = [];
      readonly length = 4;
      override get(i: number): number {
        return i * i;
      }
      override getItems(indices: readonly number[]): number[] {
        this.asked.push(indices);
        return indices.map((i) => i * i);
      }
    }
    const dataset = new Squares();
    expect(shown([...new DataLoader(dataset, 3)])).toEqual([
      ['int32', [0, 1, 4]],
      ['int32', [9]],
    ]);
    expect(dataset.asked).toEqual([[0, 1, 2], [3]]);
  });

  it('uses a collateFn on samples', () => {
    const loader = new DataLoader(pairs(), { batchSize: 2, collateFn: (samples) => samples.map(([x]) => x.tolist()) });
    expect([...loader]).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8, 9]],
    ]);
  });

  it('without batches gives samples, with typed arrays as tensors', () => {
    const sample = { a: [new Float32Array([1]), 'x'], b: 2 };
    expect(shown([...new DataLoader([sample], { batchSize: null })])).toEqual([{ a: [['float32', [1]], 'x'], b: 2 }]);
    const doubled = new DataLoader([1, 2], { batchSize: null, collateFn: ((sample: number) => sample * 2) as never });
    expect([doubled.length, ...doubled]).toEqual([2, 2, 4]);
  });

  it('takes a batchSampler', () => {
    const loader = new DataLoader(TEN, { batchSampler: [[3, 1], [4]] });
    expect([loader.length, loader.batchSize, shown([...loader])]).toEqual([
      2,
      null,
      [
        ['int32', [3, 1]],
        ['int32', [4]],
      ],
    ]);
  });

  it('for await gives the same batches and lets others run in between', async () => {
    f.manualSeed(4);
    const sync = shown([...new DataLoader(TEN, 4, { shuffle: true })]);
    f.manualSeed(4);
    const log: unknown[] = [];
    let ticks = 0;
    const tick = () => {
      ticks++;
      handle = setImmediate(tick);
    };
    let handle = setImmediate(tick);
    const seen: number[] = [];
    for await (const batch of new DataLoader(TEN, 4, { shuffle: true })) {
      log.push(shown(batch));
      seen.push(ticks);
    }
    clearImmediate(handle);
    expect(log).toEqual(sync);
    expect(seen[1]).toBeGreaterThan(seen[0]!);
    expect(seen[2]).toBeGreaterThan(seen[1]!);
  });

  it('is left in the middle without a trace', async () => {
    const loader = new DataLoader(TEN, 4);
    for (const _ of loader) break;
    for await (const _ of loader) break;
    expect([...loader]).toHaveLength(3);
  });

  it('enumerate numbers batches, also asynchronously', async () => {
    const loader = new DataLoader(TEN, 4);
    const sync: [number, f.NestedList][] = [];
    for (const [i, batch] of enumerate(loader)) sync.push([i, batch.tolist()]);
    const async: unknown[] = [];
    for await (const [i, batch] of enumerate(loader, 5)) async.push([i, batch.tolist()]);
    expect(sync).toEqual([
      [0, [0, 1, 2, 3]],
      [1, [4, 5, 6, 7]],
      [2, [8, 9]],
    ]);
    expect(async).toEqual(sync.map(([i, batch]) => [i + 5, batch]));
    expect([...enumerate('ab', 1)]).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    for await (const [i, letter] of enumerate('a')) expect([i, letter]).toEqual([0, 'a']);
  });

  it('enumerate of a loader lets others run, too', async () => {
    let ran = false;
    setImmediate(() => {
      ran = true;
    });
    for await (const [i] of enumerate(new DataLoader(TEN, 4))) if (i === 1) break;
    expect(ran).toBe(true);
  });

  it('a batch lives on after the next one came', () => {
    const batches = [...new DataLoader(pairs(), 2)].map(([x]) => x);
    expect(batches.map((x) => x.tolist())).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8, 9]],
    ]);
  });

  it.each<[string, object]>([
    ['numWorkers', { numWorkers: 2 }],
    ['pinMemory', { pinMemory: true }],
    ['timeout', { timeout: 5 }],
    ['workerInitFn', { workerInitFn: () => {} }],
    ['multiprocessingContext', { multiprocessingContext: 'fork' }],
    ['prefetchFactor', { prefetchFactor: 2 }],
    ['persistentWorkers', { persistentWorkers: true }],
    ['pinMemoryDevice', { pinMemoryDevice: 'cuda' }],
    ['inOrder', { inOrder: false }],
  ])('refuses %s', (name, options) => {
    const make = () => new DataLoader(TEN, options as never);
    expect(make).toThrow(ValueError);
    expect(make).toThrow(new RegExp(`made in this thread, so ${name} is accepted only as`));
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'an unknown option',
      () => new DataLoader(TEN, { batchsize: 4 } as never),
      /unknown option 'batchsize'; did you mean 'batchSize'/,
    ],
    ['shuffle by position', () => new DataLoader(TEN, 4, true as never), /takes these as options by name/],
    [
      'a seed for a generator',
      () => new DataLoader(TEN, { generator: 3 as never }),
      /generator must be a Generator, got number/,
    ],
  ])('refuses %s', (_, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });
});
