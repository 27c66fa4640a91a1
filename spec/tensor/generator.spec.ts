import { createHash } from 'node:crypto';
import { IndexError, RuntimeError, ValueError } from '../../lib/errors';
import { Generator } from '../../lib/tensor/generator';
import { multinomial } from '../../lib/tensor/multinomial';
import { elements, golden, type TensorJson } from '../data/fixtures';

interface Call {
  fn: string;
  on?: number[];
  args: unknown[];
  out: TensorJson | string;
}
interface Sequence {
  name: string;
  seed: number;
  initialSeed: string;
  calls: Call[];
}

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

/** How each PyTorch function of the fixture draws. */
const DRAWS: Record<string, (g: Generator, call: Call) => ArrayLike<number> | string> = {
  rand: (g, { args: [size] }) => g.uniform(sizeOf(size as number[])),
  randn: (g, { args: [size] }) => g.normal(sizeOf(size as number[])),
  randperm: (g, { args: [n] }) => g.permutation(n as number),
  randint: (g, { args: [low, high, size] }) => g.integers(sizeOf(size as number[]), low as number, high as number),
  normal: (g, { args: [mean, std, size] }) => g.normal(sizeOf(size as number[]), mean as number, std as number),
  normal_: (g, { on, args }) => g.normal(sizeOf(on!), ...(args as number[])),
  uniform_: (g, { on, args }) => g.uniform(sizeOf(on!), ...(args as number[])),
  bernoulli_: (g, { on, args: [p = 0.5] }) => g.bernoulli(sizeOf(on!), p as number),
  random_: (g, { on, args: [from, to] }) =>
    to === undefined
      ? g.integers(sizeOf(on!), 0, from as number)
      : g.integers(sizeOf(on!), from as number, to as number),
  bernoulli: (g, { args: [p] }) => {
    const chances = Float32Array.from(elements(p as TensorJson));
    return g.uniform(chances.length).map((u, i) => Number(u < chances[i]!));
  },
  dropout: (g, { args: [ones, p] }) => dropout(g, sizeOf((ones as TensorJson).shape), p as number),
  getRngState: (g) => Buffer.from(g.getState()).toString('base64'),
  seed64: (g) => String(g.drawSeed()),
};

function dropout(g: Generator, n: number, p: number): Float32Array {
  // functional.dropout draws nothing at either end.
  if (p === 0 || p === 1) return new Float32Array(n).fill(1 - p);
  return g.bernoulli(n, 1 - p, 1 / Math.fround(1 - p));
}

function check(g: Generator, call: Call): void {
  const drawn = DRAWS[call.fn]!(g, call);
  expect(typeof drawn === 'string' ? drawn : Array.from(drawn)).toEqual(
    typeof call.out === 'string' ? call.out : elements(call.out),
  );
}

const sequences = golden<Sequence>('rng').filter((row) => 'calls' in row);

describe('Generator', () => {
  it.each(sequences.map((row) => [row.name, row] as const))(
    'draws as PyTorch: %s',
    (_, { seed, initialSeed, calls }) => {
      const g = new Generator().manualSeed(seed);
      expect(g.initialSeed()).toBe(Number(initialSeed));
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) check(g, call);
    },
  );

  const withState = sequences.filter(
    ({ calls }) => calls[0]!.fn !== 'getRngState' && calls.some(({ fn }) => fn === 'getRngState'),
  );
  it.each(withState.map((row) => [row.name, row] as const))(
    "goes on from PyTorch's state: %s",
    (_, { initialSeed, calls }) => {
      const at = calls.findIndex(({ fn }) => fn === 'getRngState');
      const g = new Generator();
      g.normal(1); // a spare normal that the state has to replace
      g.setState(bytes(calls[at]!.out as string));
      expect(g.initialSeed()).toBe(Number(initialSeed));
      for (const call of calls.slice(at)) check(g, call);
    },
  );

  const LONG = 2 ** 20;
  const LONG_DRAWS: Record<string, (g: Generator) => Float32Array | Int32Array> = {
    normal: (g) => g.normal(LONG),
    'normal 0.1 0.02': (g) => g.normal(LONG, 0.1, 0.02),
    'uniform -0.3 0.7': (g) => g.uniform(LONG, -0.3, 0.7),
    'bernoulli 0.3': (g) => g.bernoulli(LONG, 0.3),
    permutation: (g) => g.permutation(LONG),
    integers: (g) => g.integers(LONG, -5, 1000),
  };
  const digests = golden<{ kind: string; name: string; sha256: string }>('data_loading').filter(
    ({ kind }) => kind === 'digests',
  );
  it.each(digests.map(({ name, sha256 }) => [name, sha256] as const))(
    'has every bit of a million draws: %s',
    (name, sha256) => {
      const drawn = LONG_DRAWS[name]!(new Generator().manualSeed(0));
      expect(createHash('sha256').update(new Uint8Array(drawn.buffer)).digest('hex')).toBe(sha256);
    },
  );

  it('is the mt19937 of the C++ standard', () => {
    const g = new Generator().manualSeed(5489);
    const draws = Array.from({ length: 10_000 }, () => g.next());
    expect([draws[0], draws[9_999]]).toEqual([3499211612, 4123659995]);
  });

  it("starts from PyTorch's default seed", () => {
    const fresh = new Generator();
    expect(fresh.initialSeed()).toBe(67280421310721);
    expect(fresh.uniform(3)).toEqual(new Generator().manualSeed(67280421310721).uniform(3));
    expect(fresh.device).toBe('cpu');
  });

  it.each([
    [-1, 2n ** 64n - 1n],
    [-(2n ** 63n), 2n ** 63n],
    [2 ** 40 + 5, 2n ** 40n + 5n],
  ])('takes seed %s as %s', (seed, same) => {
    const [a, b] = [new Generator().manualSeed(seed), new Generator().manualSeed(same)];
    expect(a.getState()).toEqual(b.getState());
    expect(a.initialSeed()).toBe(Number(same));
  });

  it('seed() gives a new seed that brings the same numbers again', () => {
    const g = new Generator();
    const seed = g.seed();
    const drawn = g.uniform(4);
    expect(Number.isSafeInteger(seed)).toBe(true);
    expect(new Generator().manualSeed(seed).uniform(4)).toEqual(drawn);
    expect(g.seed()).not.toBe(seed);
  });

  it('manualSeed forgets a spare normal', () => {
    const g = new Generator().manualSeed(0);
    const [first] = g.normal(1);
    expect(g.manualSeed(0).normal(1)[0]).toBe(first);
  });

  it('cloneState goes on alike, each on its own', () => {
    const g = new Generator().manualSeed(1);
    g.normal(1);
    const clone = g.cloneState();
    expect(clone.normal(5)).toEqual(g.normal(5));
    clone.next();
    expect(clone.uniform(2)).not.toEqual(g.uniform(2));
  });

  it('exponential is -log(1 - u) / lambd of 53-bit uniforms', () => {
    const [g, same] = [new Generator().manualSeed(3), new Generator().manualSeed(3)];
    const expected = Array.from({ length: 20 }, () => -Math.log(1 - same.uniform53()) / 2);
    g.exponential(20, 2).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });

  it('integers spends 64 bits from a range of 2^28 on', () => {
    const modulo = (range: bigint) => {
      const g = new Generator().manualSeed(9);
      return Array.from({ length: 50 }, () => Number(((BigInt(g.next()) << 32n) | BigInt(g.next())) % range));
    };
    const drawn = (range: number) =>
      Array.from(new Generator().manualSeed(9).integers(50, -5, range - 5), (x) => x + 5);
    expect(drawn(2 ** 28)).toEqual(modulo(2n ** 28n));
    expect(drawn(2 ** 31 - 19)).toEqual(modulo(2n ** 31n - 19n));
    const whole = Array.from(new Generator().manualSeed(9).integers(50, -(2 ** 31), 2 ** 31), (x) => x + 2 ** 31);
    expect(whole).toEqual(modulo(2n ** 32n));
    const narrow = new Generator().manualSeed(9);
    expect(drawn(2 ** 28 - 1)).toEqual(Array.from({ length: 50 }, () => narrow.next() % (2 ** 28 - 1)));
  });
});

describe('Generator refuses', () => {
  const g = new Generator();
  const changed = (offset: number, value: number) => {
    const state = g.getState();
    new DataView(state.buffer).setInt32(offset, value, true);
    return state;
  };
  const rows: [string, () => unknown, new (message: string) => Error, RegExp][] = [
    ['a fractional seed', () => g.manualSeed(1.5), RuntimeError, /manual_seed expected a long, but got 1.5/],
    ['a string', () => g.manualSeed('1' as never), RuntimeError, /manual_seed expected a long, but got string 1/],
    ['null', () => g.manualSeed(null as never), RuntimeError, /but got null/],
    ['2^64', () => g.manualSeed(2n ** 64n), ValueError, /^Overflow when unpacking long long.*got 18446744073709551616/],
    ['-2^63 - 1', () => g.manualSeed(-(2n ** 63n) - 1n), ValueError, /^Overflow when unpacking long long/],
    ['a state of 5 bytes', () => g.setState(new Uint8Array(5)), RuntimeError, /size 5056 but found .* to be 5$/],
    ['a state of zeros', () => g.setState(new Uint8Array(5056)), RuntimeError, /^Invalid mt19937 state$/],
    ['a state with left 625', () => g.setState(changed(8, 625)), RuntimeError, /^Invalid mt19937 state$/],
    ['a state with next 625', () => g.setState(changed(16, 625)), RuntimeError, /^Invalid mt19937 state$/],
    [
      'a state of floats',
      () => g.setState(new Float32Array(5056) as never),
      TypeError,
      /RNG state must be a torch.ByteTensor/,
    ],
    ['an empty range', () => g.integers(1, 5, 5), RuntimeError, /'from' to be less than 'to', but got from=5 >= to=5/],
    ['a bound beyond int32', () => g.integers(1, 0, 2 ** 31 + 1), ValueError, /int32 integers, got \[0, 2147483649\)/],
    ['a fractional bound', () => g.integers(1, 0, 2.5), ValueError, /int32 integers, got \[0, 2.5\)/],
    ['a negative permutation', () => g.permutation(-1), ValueError, /integer from 0 to 214748363, got -1/],
    ['a permutation that needs 64 bits', () => g.permutation(214748364), ValueError, /got 214748364/],
    ['too many categories', () => multinomial(g, new Float32Array(2 ** 24 + 1), 1, true), RuntimeError, /exceed 2\^24/],
    ['no samples', () => multinomial(g, new Float32Array([1]), 0, true), RuntimeError, /n_sample <= 0 samples, got 0/],
    [
      'an infinite weight',
      () => multinomial(g, new Float32Array([Infinity]), 1, true),
      RuntimeError,
      /element < 0 .*Infinity/,
    ],
    ['a NaN weight', () => multinomial(g, new Float32Array([NaN]), 1, true), RuntimeError, /element < 0 .*NaN/],
  ];

  it.each(rows)('%s', (_, act, type, message) => {
    expect(act).toThrow(type);
    expect(act).toThrow(message);
    expect(act).not.toThrow(IndexError);
  });

  it('and a refused state changes nothing', () => {
    const before = g.getState();
    expect(() => g.setState(changed(8, 0))).toThrow();
    expect(g.getState()).toEqual(before);
  });
});
