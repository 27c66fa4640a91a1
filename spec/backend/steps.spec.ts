import * as tf from '@tensorflow/tfjs';
import * as f from '../../lib';
import { fromArray, getBackend, native, type Value } from '../../lib/backend/engine';
import { hasOwnOps } from '../../lib/backend/native';
import { type Flags, runStep, stepReference } from '../../lib/backend/step';
import { Storage } from '../../lib/backend/storage';
import { expectNumbersClose } from '../support/fixtures';

const own = getBackend() === 'tensorflow' && hasOwnOps();
const numbers = (v: Value) => v.dataSync() as Float32Array;
const normal = (n: number) => f.defaultGenerator().normal(n, 0, 1);
const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
const PLAIN = { sign: 1, l2: 0, decay: 1 };
/** NaN, what overflows, and what its square does. */
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, -3e38, 0, -0];
const MOMENTS = { weight1: 0.1, beta2: 0.99, weight2: 0.01 };

const RULES = [
  'SGD',
  'Adam',
  'AdamW',
  'Adamax',
  'NAdam',
  'RAdam',
  'RMSprop',
  'Rprop',
  'Adagrad',
  'Adadelta',
  'ASGD',
  'Lion',
  'Adafactor',
] as const;

beforeEach(() => void f.manualSeed(1));

function storageOf(data: Float32Array, shape: number[]): Storage {
  const storage = new Storage(fromArray(data.slice(), shape, 'float32'));
  storage.retain();
  return storage;
}

/** p ← p − g, for each. */
function descend(
  storages: Storage[],
  gradients = storages.map(({ shape }) => new Float32Array(size([...shape])).fill(1)),
) {
  const held = storages.map(({ shape }, i) => storageOf(gradients[i]!, [...shape]));
  runStep(
    'Sgd',
    storages.map((storage, i) => ({ targets: [storage], gradient: held[i]! })),
    () => ({ ...PLAIN, lr: 1 }),
  );
  for (const storage of held) storage.release();
}

/** Every step against its reference in tfjs' own kernels, from the same start. */
describe('steps equal their references', () => {
  type Row = [kernel: string, slots: number, numbers: Record<string, number>, flags: Flags];
  const rms = { lr: 0.1, alpha: 0.9, weight: 0.1, eps: 1e-4, momentum: 0.9 };
  const momentum = { lr: 0.1, momentum: 0.9, weight: 0.8 };
  const adam = { ...MOMENTS, lr: 0.1, root: 0.3, eps: 1e-3 };
  const radam = { ...MOMENTS, lr: 0.1, correction: 0.2, root: 0.3, factor: 0.7, eps: 1e-3 };
  const rows: Row[] = [
    ['Sgd', 0, { lr: 0.1 }, {}],
    ['Momentum', 1, momentum, { nesterov: false, first: false }],
    ['Momentum', 1, momentum, { nesterov: true, first: false }],
    ['Momentum', 1, momentum, { nesterov: false, first: true }],
    ['Momentum', 1, momentum, { nesterov: true, first: true }],
    ['Average', 0, { weight: 0.3 }, {}],
    ['Average', 0, { weight: 0.8 }, {}],
    ['Adam', 2, adam, { amsgrad: false }],
    ['Adam', 3, adam, { amsgrad: true }],
    ['Adam', 2, { ...adam, weight1: 1, beta2: 0, weight2: 1 }, { amsgrad: false }],
    ['Adamax', 2, { lr: 0.1, weight1: 0.1, beta2: 0.9, eps: 0.1 }, {}],
    ['NAdam', 2, { ...MOMENTS, lr: 0.1, plain: 0.05, correction: 0.2, eps: 1e-3 }, {}],
    ['RAdam', 2, radam, { rectified: true }],
    ['RAdam', 2, radam, { rectified: false }],
    ['RMSprop', 1, rms, { centered: false, momentum: false }],
    ['RMSprop', 2, rms, { centered: true, momentum: false }],
    ['RMSprop', 2, rms, { centered: false, momentum: true }],
    ['RMSprop', 3, rms, { centered: true, momentum: true }],
    ['Rprop', 2, { minus: 0.5, plus: 1.2, low: 0.1, high: 2 }, {}],
    ['Adagrad', 1, { lr: 0.1, eps: 1e-3 }, {}],
    ['Adadelta', 2, { lr: 0.1, rho: 0.9, weight: 0.1, eps: 1e-3 }, {}],
    ['Asgd', 1, { eta: 0.1, shrinking: 0.9, mu: 0.25 }, { averaging: true }],
    ['Asgd', 1, { eta: 0.1, shrinking: 0.9, mu: 1 }, { averaging: false }],
    ['Lion', 1, { lr: 0.1, beta1: 0.9, weight1: 0.1, beta2: 0.8, weight2: 0.2 }, {}],
  ];
  // Neither one of lines of memory nor within one thread's share.
  const shapes = [[5], [], [0, 3], [123, 457], [2, 3]];

  /** Takes some steps both ways; `slotsOf` gives the shapes of a parameter's slots. */
  function follow(
    [kernel, given, flags]: [string, Record<string, number>, Flags],
    slotsOf: (shape: number[]) => number[][],
    spoil = false,
  ) {
    const all = shapes.map((shape) => [shape, ...slotsOf(shape)]);
    const starts = all.map((each) => each.map((shape) => normal(size(shape)).map(Math.abs)));
    const calls = all.map((each, i) => ({
      targets: each.map((shape, j) => storageOf(starts[i]![j]!, shape)),
      gradient: storageOf(new Float32Array(size(each[0]!)), each[0]!),
    }));
    const expected = all.map((each, i) => each.map((shape, j) => fromArray(starts[i]![j]!.slice(), shape, 'float32')));
    for (let step = 0; step < 4; step++) {
      calls.forEach(({ gradient }, i) => {
        const data = normal(size(shapes[i]!));
        if (spoil) SPECIAL.slice(0, data.length - step).forEach((x, j) => void (data[j + step] = x));
        gradient.replace(fromArray(data, shapes[i]!, 'float32'));
        const next = stepReference(kernel, expected[i]!, gradient.value, given, flags);
        for (const value of expected[i]!) value.dispose();
        expected[i] = next;
      });
      for (const group of byLength(calls)) runStep(kernel, group, () => given, flags);
    }
    calls.forEach(({ targets, gradient }, i) => {
      targets.forEach((target, j) =>
        expectNumbersClose(numbers(target.value), numbers(expected[i]![j]!), { rtol: 2e-5, atol: 2e-6 }),
      );
      for (const storage of [...targets, gradient]) storage.release();
    });
    for (const value of expected.flat()) value.dispose();
  }

  const usual: [string, Record<string, number>][] = [
    ['plain', PLAIN],
    ['maximizing, with an L2 penalty', { sign: -1, l2: 0.1, decay: 1 }],
    ['decaying', { sign: 1, l2: 0, decay: 0.9 }],
  ];
  describe.each(usual)('%s', (_name, prefix) => {
    it.each(rows)('%s with %d slots, %j %j', (kernel, slots, given, flags) => {
      follow([kernel, { ...prefix, ...given }, flags], (shape) => Array<number[]>(slots).fill(shape));
    });

    it('Adafactor', () => {
      const given = { ...prefix, l2: 0, weight: 0.3, rho: 0.1, eps1: 1e-7, eps2: 1e-3, limit: 1.5 };
      const means = (shape: number[]) => [
        [...shape.slice(0, -1), 1],
        [...shape.slice(0, -2), 1, shape.at(-1)!],
      ];
      follow(['Adafactor', given, {}], (shape) => (shape.length < 2 ? [shape] : means(shape)));
    });
  });

  it.each(rows)('%s with %d slots, where gradients are not finite, or huge: %j %j', (kernel, slots, given, flags) => {
    follow([kernel, { ...PLAIN, ...given }, flags], (shape) => Array<number[]>(slots).fill(shape), true);
  });
});

/** As many targets in one call as in the others. */
function byLength<C extends { targets: unknown[] }>(calls: C[]): C[][] {
  const lengths = [...new Set(calls.map(({ targets }) => targets.length))];
  return lengths.map((length) => calls.filter(({ targets }) => targets.length === length));
}

describe('storage', () => {
  it('keeps its value through steps, replacement and reads in between', () => {
    const storage = storageOf(Float32Array.of(1, 2), [2]);
    descend([storage]);
    expect([...numbers(storage.value)]).toEqual([0, 1]);
    descend([storage]);
    storage.replace(fromArray(Float32Array.of(7, 8), [2], 'float32'));
    expect([[...numbers(storage.value)], storage.version]).toEqual([[7, 8], 3]);
    descend([storage]);
    expect([...numbers(storage.value)]).toEqual([6, 7]);
    const wrong = fromArray(Float32Array.of(1), [1], 'float32');
    expect(() => storage.replace(wrong)).toThrow(/float32 \[2\] cannot take a float32 \[1\]/);
    wrong.dispose();
    storage.release();
    expect(() => storage.value).toThrow(/freed/);
  });

  it('what shares its memory stays as it was, however often it changes', () => {
    const storage = storageOf(Float32Array.of(1, 2), [2]);
    const held: tf.Tensor[] = [];
    for (let step = 0; step < 3; step++) {
      descend([storage]);
      // Both have no memory of their own.
      held.push(tf.reshape(storage.value as never, [2, 1]), tf.clone(storage.value as never));
    }
    descend([storage]);
    storage.release();
    expect(held.map((x) => [...x.dataSync()])).toEqual([0, 0, -1, -1, -2, -2].map((x) => [x, x + 1]));
    for (const value of held) value.dispose();
  });

  it('a step with its own gradient', () => {
    const storage = storageOf(Float32Array.of(3), [1]);
    descend([storage]);
    runStep('Sgd', [{ targets: [storage], gradient: storage }], () => ({ ...PLAIN, lr: 0.5 }));
    expect(numbers(storage.value)[0]).toEqual(1);
    storage.release();
  });
});

(own ? describe : describe.skip)('native steps', () => {
  it('refuse what is no variable, another shape, and another number of slots', () => {
    const [p, g] = [storageOf(Float32Array.of(1, 2), [2]), storageOf(Float32Array.of(1), [1])];
    const step = (targets: Storage[], gradient: Storage) => () =>
      runStep('Adagrad', [{ targets, gradient }], () => ({ ...PLAIN, lr: 1, eps: 0 }));
    expect(step([p, p], g)).toThrow(/another shape than its parameter/);
    expect(step([p, g], p)).toThrow(/another size than its parameter/);
    expect(step([p], p)).toThrow(/another number of slots/);
    const other = fromArray(new Int32Array(16), [16], 'int32');
    expect(() => native()!.executeSingleOutput('FlambeauRead', [], [other])).toThrow(/is not a variable/);
    expect([...numbers(p.value)]).toEqual([1, 2]);
    other.dispose();
    for (const storage of [p, g]) storage.release();
  });

  it.each(RULES)('%s takes the steps of all parameters of a kind in one call', (rule) => {
    const params = Array.from({ length: 9 }, () => f.randn(3, 2).requiresGrad_());
    const optimizer = new f.optim[rule](params);
    const step = () => {
      for (const p of params) p.grad = f.ones(3, 2);
      const spies = (['executeSingleOutput', 'executeMultipleOutputs'] as const).map((way) =>
        jest.spyOn(native()!, way),
      );
      optimizer.step();
      const names = spies.flatMap((spy) => spy.mock.calls.map(([op]) => op));
      for (const spy of spies) spy.mockRestore();
      return names;
    };
    step();
    expect(step()).toHaveLength(1);
  });

  it('a thousand steps, with reads that are held for a while, keep no memory', () => {
    const bytes = 2 ** 22;
    const storage = storageOf(new Float32Array(bytes / 4), [bytes / 4]);
    const gradient = storageOf(new Float32Array(bytes / 4), [bytes / 4]);
    let held: tf.Tensor | null = null;
    const steps = (n: number) => {
      for (let i = 0; i < n; i++) {
        runStep('Sgd', [{ targets: [storage], gradient }], () => ({ ...PLAIN, lr: 1 }));
        if (i % 10 > 0) continue;
        held?.dispose();
        held = tf.reshape(storage.value as never, [-1, 4]);
      }
    };
    steps(100);
    const before = process.memoryUsage().rss;
    steps(1000);
    // One lost copy in a hundred would be more.
    expect(process.memoryUsage().rss - before).toBeLessThan(10 * bytes);
    for (const x of [storage, gradient]) x.release();
    held!.dispose();
  });
});
