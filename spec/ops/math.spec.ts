import * as flambeau from 'flambeau';
import { RuntimeError, type Tensor, tensor } from 'flambeau';
import { fromArray, run, type Value } from '../../lib/backend/engine';
import { referenceOf } from '../../lib/backend/kernel';
import { expectClose, expectNumbersClose } from '../support/fixtures';
import { describeGolden } from '../support/golden';
import { describeInPlace } from '../support/inPlace';

const ZERO_DIVISION = "PyTorch's message is the single word ZeroDivisionError";

const ADDCDIV = 'PyTorch tells the history of its change over five lines';

describeGolden(
  'ops_math',
  {},
  {
    'remainder int([1, 2]) int([1, 0])': ZERO_DIVISION,
    'fmod int([1, 2]) int([1, 0])': ZERO_DIVISION,
    'floorDivide int([1, 2]) int([1, 0])': ZERO_DIVISION,
    'addcdiv int[3] int[3] int[3]': ADDCDIV,
    'addcdiv [3] int[3] int[3]': ADDCDIV,
  },
);

describeInPlace('ops_math_inplace');

type Operand = Tensor | number;
type AnyFunction = (...args: unknown[]) => Tensor;
const functions = flambeau as unknown as Record<string, AnyFunction>;
const floats = () => tensor([0.5, -1.5, 2, 0.25]);
const positives = () => tensor([0.5, 1.5, 2, 0.25]);

describe('a number on either side is a 0-d tensor', () => {
  const names = [
    ...['atan2', 'hypot', 'logaddexp', 'logaddexp2', 'xlogy', 'copysign', 'remainder', 'fmod', 'floorDivide'],
    ...['fmax', 'fmin', 'divide', 'multiply', 'subtract', 'rsub', 'trueDivide', 'heaviside'],
  ];
  it.each(names)('%s', (name) => {
    const fn = functions[name] as unknown as (a: Operand, b: Operand) => Tensor;
    const differentiable = !['floorDivide', 'heaviside'].includes(name);
    const gradient = (call: (x: Tensor) => Tensor) => {
      const x = positives().requiresGrad_(differentiable);
      const y = call(x);
      if (differentiable) y.sum().backward();
      return [y, ...(x.grad ? [x.grad] : [])];
    };
    for (const [given, wanted] of [
      [gradient((x) => fn(x, 0.75)), gradient((x) => fn(x, tensor(0.75)))],
      [gradient((x) => fn(0.75, x)), gradient((x) => fn(tensor(0.75), x))],
    ] as const) {
      expect(given).toHaveLength(differentiable ? 2 : 1);
      given.forEach((t, i) => void expectClose(t, wanted[i]!, {}));
    }
  });
});

describe('in-place forms have the values and gradients of their functions', () => {
  const rows: [string, Tensor[]][] = [
    ...['tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'asinh', 'atanh', 'sinc', 'deg2rad', 'rad2deg', 'exp2', 'erfc'],
    ...['erfinv', 'lgamma', 'digamma', 'logit', 'nanToNum', 'frac', 'log2', 'log10', 'sgn', 'negative'],
    ...['arcsin', 'arccos', 'arctan', 'arcsinh', 'arctanh'],
  ].map((name) => [name, []]);
  for (const name of ['atan2', 'arctan2', 'hypot', 'xlogy', 'copysign', 'remainder', 'fmod', 'clampMin', 'clampMax']) {
    rows.push([name, [positives()]]);
  }
  for (const name of ['multiply', 'subtract', 'trueDivide']) rows.push([name, [positives()]]);
  for (const name of ['lerp', 'addcmul', 'addcdiv']) rows.push([name, [floats(), positives()]]);

  it.each(rows)('%s', (name, others) => {
    const [a, b] = [0, 1].map(() => tensor([0.4, 0.8, 0.3, 0.6]).requiresGrad_()) as [Tensor, Tensor];
    const out = functions[name]!(a, ...others);
    const copy = b.clone();
    const written = (copy as unknown as Record<string, AnyFunction>)[`${name}_`]!(...others);
    expect(written).toBe(copy);
    expectClose(copy, out, {});
    for (const y of [out, copy]) y.mul(floats()).sum().backward();
    expectClose(b.grad!, a.grad!, {});
  });

  it('when only the other operand requires grad', () => {
    const [a, b] = [0, 1].map(() => positives().requiresGrad_()) as [Tensor, Tensor];
    flambeau.hypot(floats(), a).sum().backward();
    floats().hypot_(b).sum().backward();
    expectClose(b.grad!, a.grad!, {});
  });

  it('polygamma', () => {
    const [a, b] = [0, 1].map(() => positives().requiresGrad_()) as [Tensor, Tensor];
    flambeau.polygamma(1, a).sum().backward();
    b.clone().polygamma_(1).sum().backward();
    expectClose(b.grad!, a.grad!, {});
  });
});

describe('what has no derivative', () => {
  it.each(['floorDivide', 'heaviside'])('%s: backward is an error', (name) => {
    const out = functions[name]!(floats().requiresGrad_(), positives());
    expect(out.requiresGrad).toBe(true);
    expect(() => out.sum().backward()).toThrow(RuntimeError);
    expect(() => out.sum().backward()).toThrow(`derivative for ${name} is not implemented`);
  });

  it('sgn has slope 0', () => {
    const x = floats().requiresGrad_();
    x.sgn().sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 0, 0, 0]);
  });
});

describe('options', () => {
  it('are refused under other names', () => {
    expect(() => functions.logit!(floats(), { epsilon: 0.1 })).toThrow(TypeError);
    expect(() => functions.nanToNum!(floats(), 0, { posInfinity: 1 })).toThrow(TypeError);
    expect(() => functions.addcmul!(floats(), floats(), floats(), 2)).toThrow(TypeError);
    expect(() => functions.polygamma!(0.5, floats())).toThrow('polygamma');
  });

  it('may name the first optional one', () => {
    const x = tensor([Number.NaN, 0.5]);
    expect(flambeau.nanToNum(x, { nan: 2 }).tolist()).toEqual([2, 0.5]);
    expectClose(flambeau.logit(tensor([0, 0.5]), { eps: 0.25 }), tensor([-Math.log(3), 0]), {});
  });
});

it('the signs of zeros and NaNs are read from their bits', () => {
  expect(flambeau.signbit(tensor([0, -0, -1, 1, Number.NEGATIVE_INFINITY])).tolist()).toEqual(
    [0, 1, 1, 0, 1].map(Boolean),
  );
  expect(flambeau.copysign(tensor([0, 3]), -0).toTypedArray()).toEqual(Float32Array.of(-0, -3));
});

it('logarithms are exact at whole powers', () => {
  const exponents = Array.from({ length: 60 }, (_, i) => i - 30);
  expect(
    tensor(exponents.map((e) => 2 ** e))
      .log2()
      .tolist(),
  ).toEqual(exponents);
  const tens = Array.from({ length: 11 }, (_, i) => i);
  expect(
    tensor(tens.map((e) => 10 ** e))
      .log10()
      .tolist(),
  ).toEqual(tens);
});

describe('kernels equal their references', () => {
  const some = () => fromArray(Float32Array.of(0.3, -0.7, 0.05, 0.95, -0.2, 0.6), [2, 3], 'float32');
  const others = () => fromArray(Float32Array.of(0.4, 1.7, -2.5), [3], 'float32');
  const counts = (values: number[]) => fromArray(Int32Array.from(values), [values.length], 'int32');
  type Row = [string, () => Record<string, Value>, Record<string, unknown>];
  const rows: Row[] = [
    ...['Erfc', 'Erfinv', 'Lgamma', 'Digamma', 'Sinc', 'Frac', 'SignBit'].map(
      (name): Row => [name, () => ({ x: some() }), {}],
    ),
    ...[1, 2, 3].map((n): Row => ['PolygammaOf', () => ({ x: others() }), { n }]),
    ...[2, 10].map((base): Row => ['LogOf', () => ({ x: others() }), { base }]),
    ...['TruncatedMod', 'FlooredMod', 'FlooredDiv', 'Hypot', 'XLogY', 'Copysign', 'Heaviside'].map(
      (name): Row => [name, () => ({ a: some(), b: others() }), {}],
    ),
    ...['TruncatedMod', 'FlooredMod'].map(
      (name): Row => [name, () => ({ a: counts([7, -7, 9]), b: counts([2, 3, -4]) }), {}],
    ),
    ...['And', 'Or', 'Xor'].map(
      (op): Row => ['Bitwise', () => ({ a: counts([7, -7, 9]), b: counts([2, 3, -4]) }), { op }],
    ),
    ['LogAddExp', () => ({ a: some(), b: others() }), { scale: Math.LN2 }],
    ['NumberExtreme', () => ({ a: some(), b: others() }), { op: 'Maximum' }],
    ['NanToNum', () => ({ x: some() }), { nan: 0, posinf: 1, neginf: -1 }],
    ['Lerp', () => ({ a: some(), b: others(), w: some() }), {}],
  ];

  it.each(rows)('%s', (kernel, inputs, attrs) => {
    const given = inputs();
    const expected = referenceOf(kernel)(given, attrs) as Value;
    const actual = run(kernel, given, attrs);
    expect(actual.dtype).toBe(expected.dtype);
    expectNumbersClose(actual.dataSync() as Float32Array, expected.dataSync() as Float32Array, {
      rtol: 2e-6,
      atol: 1e-6,
    });
    for (const value of new Set([...Object.values(given), actual, expected])) value.dispose();
  });
});

it('a floored quotient of 0 has the sign of the exact one, as in PyTorch', () => {
  const quotient = flambeau.floorDivide(tensor([0, -0, 0, 1, -0]), tensor([-2, 2, 3, Number.POSITIVE_INFINITY, -3]));
  expect(Array.from(quotient.toTypedArray(), (x) => Object.is(x, -0))).toEqual([true, true, false, false, false]);
});
