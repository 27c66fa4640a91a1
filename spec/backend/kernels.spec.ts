import * as f from '../../lib';
import { fromArray, getBackend, run, runMulti, type Value } from '../../lib/backend/engine';
import { referenceOf } from '../../lib/backend/kernel';
import { expectNumbersClose } from '../support/fixtures';

const onNative = getBackend() === 'tensorflow';
/** Seeded values away from 0. */
const values = (shape: number[]): Value => {
  const n = shape.reduce((a, b) => a * b, 1);
  return fromArray(f.defaultGenerator().normal(n, 0, 1), shape, 'float32');
};
const labels = (n: number, classes: number, shape = [n]): Value =>
  fromArray(f.defaultGenerator().integers(n, 0, classes), shape, 'int32');
/** Rounded, so that some are equal, with some NaN and infinite ones. */
const holed = (shape: number[]): Value => {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  const n = shape.reduce((a, b) => a * b, 1);
  const data = f
    .defaultGenerator()
    .normal(n, 0, 1)
    .map((x, i) => (i % 7 === 3 ? special[(i >> 3) % 4]! : Math.round(4 * x) / 4));
  return fromArray(data, shape, 'float32');
};
/** Rows and columns with one infinity, with both, with nothing else, and with NaN. */
const infinite = (): Value => {
  const [up, down, nan] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const rows = [0, 1, up, 2].concat([down, 1, up, 3], [down, down, down, down], [nan, 1, up, down], [up, up, up, up]);
  return fromArray(Float32Array.from(rows), [5, 4], 'float32');
};
const entropy = (n: number, classes: number) => ({
  logits: values([n, classes]),
  labels: labels(n, classes),
  weight: fromArray(f.defaultGenerator().uniform(classes), [classes], 'float32'),
});
const sorted = (n: number): Value => fromArray(f.defaultGenerator().normal(n, 0, 1).sort(), [n], 'float32');
const numbers = (v: Value) => v.dataSync() as Float32Array;

beforeEach(() => void f.manualSeed(1));

/** Every fused kernel against its reference in tfjs' own kernels, on the same inputs. */
describe('fused kernels equal their references', () => {
  const rows: [string, () => Record<string, Value>, Record<string, unknown>, number][] = [
    ['MatMul', () => ({ a: values([3, 4]), b: values([4, 5]) }), { transposeA: false, transposeB: false }, 1],
    ['MatMul', () => ({ a: values([4, 3]), b: values([5, 4]) }), { transposeA: true, transposeB: true }, 1],
    ['Linear', () => ({ x: values([3, 4]), w: values([5, 4]), bias: values([5]) }), {}, 1],
    ['Reduce', () => ({ x: values([300, 5]) }), { op: 'Sum', axes: [0], keepDims: false }, 1],
    ['Reduce', () => ({ x: values([2, 5, 7, 130]) }), { op: 'Mean', axes: [1, 2], keepDims: true }, 1],
    ['Reduce', () => ({ x: values([2, 70, 3]) }), { op: 'Max', axes: [1], keepDims: false }, 1],
    ['Reduce', () => ({ x: holed([70, 40]) }), { op: 'Min', axes: [0], keepDims: false }, 1],
    ['Reduce', () => ({ x: values([3, 70_000]) }), { op: 'SumSquares', axes: [1], keepDims: true }, 1],
    ['Reduce', () => ({ x: values([3, 711]) }), { op: 'Sum', axes: [1], keepDims: true }, 1],
    ['Reduce', () => ({ x: values([2, 70, 37]) }), { op: 'SumSquares', axes: [1, 2], keepDims: false }, 1],
    ['Reduce', () => ({ x: values([30, 70]) }), { op: 'SumSquares', axes: [0], keepDims: false }, 1],
    ['Reduce', () => ({ x: holed([5, 7, 30]) }), { op: 'Max', axes: [2], keepDims: false }, 1],
    ['SoftmaxAlong', () => ({ x: values([30, 700]) }), { dim: 1, log: false }, 1],
    ['SoftmaxAlong', () => ({ x: values([3, 20, 70]) }), { dim: 1, log: false }, 1],
    ['SoftmaxAlong', () => ({ x: values([3, 20, 70]) }), { dim: 1, log: true }, 1],
    ['SoftmaxAlong', () => ({ x: holed([9, 20]) }), { dim: 1, log: true }, 1],
    ['SoftmaxAlong', () => ({ x: holed([9, 20]) }), { dim: 0, log: false }, 1],
    ['LogSumExp', () => ({ x: values([3, 20, 70]) }), { axes: [1, 2], keepDims: false }, 1],
    ['LogSumExp', () => ({ x: values([3, 20, 70]) }), { axes: [0, 2], keepDims: true }, 1],
    ['LogSumExp', () => ({ x: infinite() }), { axes: [1], keepDims: false }, 1],
    ['LogSumExp', () => ({ x: infinite() }), { axes: [0], keepDims: false }, 1],
    ['Extreme', () => ({ x: holed([40, 33]) }), { op: 'Max', axis: 1, keepDims: false }, 2],
    ['Extreme', () => ({ x: holed([40, 33]) }), { op: 'Min', axis: 0, keepDims: true }, 2],
    ['ExtremeSoFar', () => ({ x: holed([3, 20, 2]) }), { op: 'Min', axis: 1 }, 2],
    ['Cumulate', () => ({ x: values([3, 20, 2]) }), { axis: 1, reverse: true }, 1],
    ['Cumulate', () => ({ x: values([3, 20]) }), { axis: 1, reverse: false }, 1],
    ['Order', () => ({ x: holed([3, 700]) }), { axis: 1, k: 700, descending: false }, 2],
    ['Order', () => ({ x: holed([100, 3]) }), { axis: 0, k: 5, descending: true }, 2],
    ['Search', () => ({ sequence: sorted(9), values: holed([4, 5]) }), { right: false }, 1],
    ['Search', () => ({ sequence: sorted(9), values: holed([4, 5]) }), { right: true }, 1],
    [
      'Clamp',
      () => ({
        x: holed([9, 5]),
        low: fromArray(Float32Array.of(-0.5), [], 'float32'),
        high: fromArray(Float32Array.of(1), [], 'float32'),
      }),
      {},
      1,
    ],
    ['CrossEntropy', () => entropy(6, 5), { reduction: 'none', ignoreIndex: -100, fromLog: false }, 3],
    ['CrossEntropy', () => entropy(9, 50), { reduction: 'mean', ignoreIndex: 1, fromLog: false }, 3],
    ['CrossEntropy', () => entropy(3, 1), { reduction: 'sum', ignoreIndex: -100, fromLog: false }, 3],
    ['CrossEntropy', () => entropy(6, 5), { reduction: 'mean', ignoreIndex: 1, fromLog: true }, 3],
    ['Take', () => ({ x: values([3, 6, 2]), index: labels(4, 6) }), { dim: 1 }, 1],
    ['Take', () => ({ x: values([3, 6]), index: labels(4, 6) }), { dim: 1 }, 1],
    ['AddSlices', () => ({ src: values([3, 4, 2]), index: labels(4, 6) }), { dim: 1, size: 6 }, 1],
    ['TakeAlong', () => ({ x: values([6, 5, 2]), index: labels(8, 5, [2, 4, 1]) }), { dim: 1 }, 1],
    [
      'AddAlong',
      () => ({ x: values([5, 3, 2]), index: labels(8, 5, [4, 2, 1]), src: values([4, 2, 1]) }),
      { dim: 0, shape: [5, 3, 2] },
      1,
    ],
    ['MatrixExponential', () => ({ x: values([3, 4, 4]) }), {}, 1],
    ['CholeskySolve', () => ({ l: values([2, 3, 3]), b: values([2, 3, 4]) }), { lower: true }, 1],
    ['CholeskySolve', () => ({ l: values([2, 3, 3]), b: values([2, 3, 4]) }), { lower: false }, 1],
    ['RoundToBfloat16', () => ({ x: values([3, 700]) }), {}, 1],
    ['ReluGrad', () => ({ dy: values([3, 4]), y: values([3, 4]) }), {}, 1],
    ['TotalNorm', () => ({ 0: values([3, 4]), 1: values([]), 2: values([3, 4]), 3: values([70]) }), {}, 1],
    ['ScaleEach', () => ({ 0: values([3, 4]), 1: values([]), 2: values([3, 4]), factor: values([]) }), {}, 3],
  ];

  it.each(rows)('%s', (kernel, inputs, attrs, outputs) => {
    const given = inputs();
    const expected = [referenceOf(kernel)(given, attrs)].flat();
    const actual = outputs === 1 ? [run(kernel, given, attrs)] : runMulti(kernel, given, attrs);
    expect(actual).toHaveLength(outputs);
    actual.forEach((value, i) => expectNumbersClose(numbers(value), numbers(expected[i]!), { rtol: 1e-5, atol: 1e-6 }));
    for (const value of new Set([...Object.values(given), ...actual, ...expected])) value.dispose();
  });
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('CheckRoot refuses %d, and passes what has a root', (bad) => {
  const [good, wrong] = [Float32Array.of(0, 4), Float32Array.of(1, bad)].map((x) => fromArray(x, [2], 'float32'));
  for (const check of [
    run,
    (kernel: string, inputs: Record<string, Value>) => referenceOf(kernel)(inputs, {}) as Value,
  ]) {
    const root = check('CheckRoot', { x: good! });
    expect([...numbers(root)]).toEqual([0, 2]);
    root.dispose();
    expect(() => check('CheckRoot', { x: wrong! })).toThrow();
  }
  for (const value of [good!, wrong!]) value.dispose();
});

it('runs on the backend that was asked for', () => {
  expect(f.getBackend()).toBe(process.env.FLAMBEAU_BACKEND ?? (onNative ? 'tensorflow' : 'cpu'));
  expect(f.libtensorflowVersion() === null).toBe(!onNative);
});
