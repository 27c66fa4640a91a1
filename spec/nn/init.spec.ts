import * as f from '../../lib';
import { nn, type Tensor } from '../../lib';
import { erf } from '../../lib/nn/initNumeric';
import { expectClose, expectNumbersClose, readGolden, type TensorJson, type Tolerance } from '../support/fixtures';

type Init = Exclude<keyof typeof nn.init, 'calculateGain'>;
type Options = Record<string, unknown>;
interface Case {
  fn: Init | 'calculateGain';
  module?: 'Linear';
  name: string;
  shape: number[];
  args: unknown[];
  options: Options;
  seed: number;
  generatorSeed?: number;
  out: TensorJson;
  randAfter: TensorJson;
  stateDict?: Record<string, TensorJson>;
  warning?: string;
  throws?: string;
  raises?: string;
}

const { cases } = readGolden<Case>('init');
const fills = cases.filter((c) => c.shape && c.throws === undefined);
const gains = cases.filter((c) => c.fn === 'calculateGain' && c.throws === undefined);
const linears = cases.filter((c) => c.module);
const refused = cases.filter((c) => c.throws !== undefined);
const named = (rows: Case[]) => rows.map((c) => [`${c.fn ?? c.module} ${c.name}`, c] as const);

const EXACT = { rtol: 0, atol: 0 };
/** PyTorch's QR is LAPACK's in float32; everything else is equal to the last bit. */
const toleranceOf = (fn: Init): Tolerance => (fn === 'orthogonal_' ? { rtol: 0, atol: 2e-6 } : EXACT);

type AnyFunction = (...args: unknown[]) => unknown;
const call = (fn: keyof typeof nn.init, ...args: unknown[]) => (nn.init[fn] as AnyFunction)(...args);
/** The options object only where there is something in it. */
const trailing = (options: Options) => (Object.keys(options).length > 0 ? [options] : []);

let warnings: string[];

beforeEach(() => {
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
});

afterEach(() => jest.restoreAllMocks());

describe("PyTorch's values", () => {
  it.each(named(fills))('%s', (_, c) => {
    const generator = c.generatorSeed === undefined ? {} : { generator: new f.Generator().manualSeed(c.generatorSeed) };
    const fn = c.fn as Init;
    f.tidy(() => {
      f.manualSeed(c.seed);
      const tensor = f.zeros(c.shape);
      expect(call(fn, tensor, ...c.args, ...trailing({ ...c.options, ...generator }))).toBe(tensor);
      expectClose(tensor, c.out, toleranceOf(fn));
      expectClose(f.rand(1), c.randAfter, EXACT);
    });
    expect(warnings).toEqual(c.warning === undefined ? [] : [c.warning]);
  });

  it.each(named(gains))('%s', (_, { args, out }) => {
    expect(call('calculateGain', ...args)).toBe(out);
  });

  it.each(named(linears))('%s', (_, { args, seed, stateDict, randAfter }) => {
    f.tidy(() => {
      f.manualSeed(seed);
      const [inFeatures, outFeatures, bias] = args as [number, number, boolean];
      const actual = new nn.Linear(inFeatures, outFeatures, bias).stateDict();
      expect(Object.keys(actual)).toEqual(Object.keys(stateDict!));
      for (const [name, expected] of Object.entries(stateDict!)) expectClose(actual[name]!, expected, EXACT);
      expectClose(f.rand(1), randAfter, EXACT);
    });
  });
});

describe('errors', () => {
  it.each(named(refused))('%s', (_, { fn, shape, args, options, throws }) => {
    f.tidy(() => {
      const refuse = () => call(fn, ...(shape ? [f.zeros(shape)] : []), ...args, ...trailing(options ?? {}));
      // Python's True is true here.
      expect(refuse).toThrow(new f.ValueError(throws!.replace('True', 'true')));
    });
  });

  const matrix = () => f.zeros(2, 3);
  const integers = () => f.zeros(2, 3, { dtype: 'int32' });
  it.each<[string, () => unknown, string]>([
    ['not a tensor', () => call('ones_', [1]), "ones_(): argument 'tensor' must be Tensor"],
    ['a third positional', () => call('uniform_', matrix(), 0, 1, 2), 'uniform_(…, a, b, { generator })'],
    ['a misspelt option', () => call('normal_', matrix(), { sdt: 1 }), "did you mean 'std'"],
    ['a mode by position', () => call('kaimingNormal_', matrix(), 0, 'fan_out'), '{ mode, nonlinearity, generator }'],
    ['reversed bounds', () => nn.init.uniform_(matrix(), 1, 0), 'found from=1 > to=0'],
    ['reversed cutoffs', () => nn.init.truncNormal_(matrix(), 0, 1, 2, -2), 'found from=2 > to=-2'],
    ['a negative std', () => nn.init.normal_(matrix(), 0, -1), 'expects std >= 0.0, but found std -1'],
    ['a negative std', () => nn.init.sparse_(matrix(), 0.5, -1), 'expects std >= 0.0, but found std -1'],
    ['no spread', () => nn.init.truncNormal_(matrix(), 0, 0), 'std must not be 0'],
    ['no groups', () => nn.init.dirac_(f.zeros(2, 2, 3), 0), 'dim 0 must be divisible by groups'],
    ['integers', () => nn.init.normal_(integers()), 'only for float32'],
    ['integers', () => nn.init.truncNormal_(integers()), 'truncNormal_: not implemented for int32'],
    ['integers', () => nn.init.orthogonal_(integers()), 'orthogonal_: not implemented for int32'],
  ])('%s: %#', (_, refuse, message) => {
    f.tidy(() => expect(refuse).toThrow(message));
  });
});

describe('the forms of a call', () => {
  const drawn = (fill: (t: Tensor) => Tensor) => {
    f.manualSeed(3);
    return Array.from(fill(f.zeros(4, 5)).toTypedArray());
  };
  it.each<[string, (t: Tensor) => Tensor, (t: Tensor) => Tensor]>([
    ['uniform_', (t) => nn.init.uniform_(t, -1, 2), (t) => nn.init.uniform_(t, { a: -1, b: 2 })],
    ['uniform_', (t) => nn.init.uniform_(t, -1), (t) => nn.init.uniform_(t, { a: -1 })],
    ['normal_', (t) => nn.init.normal_(t, 0, 0.02), (t) => nn.init.normal_(t, { std: 0.02 })],
    [
      'truncNormal_',
      (t) => nn.init.truncNormal_(t, 0, 1, -1, 1),
      (t) => nn.init.truncNormal_(t, 0, 1, { a: -1, b: 1 }),
    ],
    ['xavierUniform_', (t) => nn.init.xavierUniform_(t, 2), (t) => nn.init.xavierUniform_(t, { gain: 2 })],
    ['kaimingUniform_', (t) => nn.init.kaimingUniform_(t, 2), (t) => nn.init.kaimingUniform_(t, { a: 2 })],
    ['orthogonal_', (t) => nn.init.orthogonal_(t, 2), (t) => nn.init.orthogonal_(t, { gain: 2 })],
    ['sparse_', (t) => nn.init.sparse_(t, 0.5, 2), (t) => nn.init.sparse_(t, 0.5, { std: 2 })],
    ['generator', (t) => nn.init.normal_(t), (t) => nn.init.normal_(t, { generator: new f.Generator().manualSeed(3) })],
    ['mode', (t) => nn.init.kaimingNormal_(t), (t) => call('kaimingNormal_', t, { mode: 'FAN_IN' }) as Tensor],
  ])('%s: %#', (_, one, other) => {
    f.tidy(() => expect(drawn(one)).toEqual(drawn(other)));
  });
});

const inits = Object.keys(nn.init).filter((name) => name !== 'calculateGain') as Init[];

it.each(inits)('%s fills a Parameter in place, unrecorded', (fn) => {
  const weight = new nn.Parameter(f.zeros(fn === 'dirac_' ? [2, 2, 1] : [3, 3]));
  expect(call(fn, weight, ...(fn === 'constant_' || fn === 'sparse_' ? [0.5] : []))).toBe(weight);
  expect([weight.requiresGrad, weight.isLeaf]).toEqual([true, true]);
  expect(Array.from(weight.toTypedArray()).some((x) => x !== 0)).toBe(fn !== 'zeros_');
  weight.dispose();
});

it('leaves nothing behind', () => {
  const before = f.memory().numTensors;
  const weight = f.zeros(4, 4);
  for (const fn of ['uniform_', 'truncNormal_', 'orthogonal_', 'eye_', 'kaimingNormal_'] as const) call(fn, weight);
  nn.init.sparse_(weight, 0.5);
  expect(f.memory().numTensors).toBe(before + 1);
  weight.dispose();
});

it.each([[[6, 4]], [[4, 6]], [[5, 5]], [[100, 60]], [[3, 2, 2, 2]]])('orthogonal_ is orthonormal for %j', (shape) => {
  f.tidy(() => {
    const w = nn.init.orthogonal_(f.zeros(shape), 3).reshape(shape[0]!, -1);
    const [rows, cols] = w.shape as [number, number];
    const gram = rows < cols ? w.matmul(w.t()) : w.t().matmul(w);
    expectClose(gram, f.eye(Math.min(rows, cols)).mul(9), { rtol: 0, atol: 1e-5 });
  });
});

it('erf is exact to 1e-15', () => {
  const points = [0, 1e-10, 0.1, -0.5, 1, -2, 3, 4.5, 5.9, 6, -40, Number.POSITIVE_INFINITY];
  const exact = [
    0, 1.1283791670955126e-10, 0.1124629160182849, -0.5204998778130465, 0.8427007929497149, -0.9953222650189527,
    0.9999779095030014, 0.9999999998033839, 0.9999999999999999, 1, -1, 1,
  ];
  expectNumbersClose(points.map(erf), exact, { rtol: 1e-15 });
  expect(erf(Number.NaN)).toBeNaN();
});
