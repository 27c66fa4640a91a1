import { fromArray, runMulti, type Value } from '../../lib/backend/engine';
import { referenceOf } from '../../lib/backend/kernel';
import { expectNumbersClose } from '../support/fixtures';
import '../../lib';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const X = [
  -inf,
  -1e4,
  -100,
  -88.5,
  -20,
  -3,
  -1,
  -0.5,
  -1e-8,
  -0,
  0,
  1e-30,
  1e-8,
  0.5,
  1,
  3,
  20,
  88.5,
  100,
  1e4,
  inf,
  nan,
];
const P = [0, 1e-40, 1e-30, 1e-9, 0.1, 0.25, 0.5, 0.7, 0.75, 0.9999999, 1];
const S = [1, -1];

/** All pairs, which are no multiple of what vector code takes at once. */
const pairs = (xs: number[], ts: number[]): [number, number][] =>
  xs.flatMap((x) => ts.map((t) => [x, t] as [number, number]));

const CASES: [kind: string, bound: number, scale: number, pairs: [number, number][]][] = [
  ['squared', 0, 1, pairs(X, X)],
  ['absolute', 0, 1, pairs(X, X)],
  ['huber', 1, 1, pairs(X, [0, 1, -2, nan])],
  ['huber', 0.3, 1 / 0.3, pairs(X, [0, 1, -2, nan])],
  ['logistic', 0, 1, pairs(X, P)],
  ['entropy', 0, 1, pairs(P, P)],
  ['poisson', 0, 1, pairs(X, [0, 1, 2.5, nan])],
  ['softMargin', 0, 1, pairs(X, [...S, 0.5])],
  ['divergence', 0, 1, pairs(X, [...P, -1, 1e-42, 2e5, inf, nan])],
  ['twoSided', 0, 1, pairs(X, [...P, 2, nan])],
  ['ranking', 0.5, 1, pairs(X, [...S, 0, nan])],
  ['hinge', 1, 1, pairs(X, [...S, 0, nan])],
  ['cosine', 0.5, 1, pairs(X, [...S, 0, nan])],
  ['excess', 0.5, 1, pairs(X, [0, 1, -20, nan])],
];
const value = (numbers: number[]): Value => fromArray(Float32Array.from(numbers), [numbers.length], 'float32');

describe.each(['none', 'sum', 'mean'])('PointLoss %s, native and reference', (reduction) => {
  it.each(CASES)('%s %d %d', (kind, bound, scale, all) => {
    // A sum over numbers that are not finite says little.
    const used = reduction === 'none' ? all : all.filter(([x, t]) => Math.abs(x) < 80 && Math.abs(t) < 80);
    const inputs = { x: value(used.map(([x]) => x)), t: value(used.map(([, t]) => t)) };
    const attrs = { kind, reduction, bound, scale };
    const expected = referenceOf('PointLoss')(inputs, attrs) as Value[];
    const actual = runMulti('PointLoss', inputs, attrs);
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    actual.forEach((out, i) => {
      expectNumbersClose(out.dataSync(), expected[i]!.dataSync(), { rtol: 2e-6, atol: 1e-6 });
    });
    for (const made of [...Object.values(inputs), ...actual, ...expected]) made.dispose();
  });
});

it('says where there is no probability', () => {
  const [x, t] = [value([0.5, 0.25, 1.5]), value([1, 0, nan])];
  const attrs = { kind: 'entropy', reduction: 'mean', bound: 0, scale: 1 };
  expect(() => runMulti('PointLoss', { x, t }, attrs)).toThrow('input should be between 0 and 1, got 1.5');
  expect(() => runMulti('PointLoss', { x: t, t: x }, attrs)).toThrow('at index 2');
  for (const made of [x, t]) made.dispose();
});
