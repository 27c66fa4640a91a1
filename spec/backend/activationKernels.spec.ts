import { fromArray, run, type Value } from '../../lib/backend/engine';
import { referenceOf } from '../../lib/backend/kernel';
import { expectNumbersClose } from '../support/fixtures';
import '../../lib';

const INPUTS = [-1e4, -20, -3, -1.5, -0.5, -1e-3, 0, 1e-3, 0.5, 2.5, 3, 6, 20, 1e4];
const x = () => fromArray(Float32Array.from(INPUTS), [INPUTS.length], 'float32');
const dy = () =>
  fromArray(
    Float32Array.from(INPUTS, (_, i) => i - 5.5),
    [INPUTS.length],
    'float32',
  );

const kernels: [string, Record<string, unknown>][] = [
  ['LeakyRelu', { slope: 0.01 }],
  ['Hardtanh', { min: -1, max: 1 }],
  ['Hardtanh', { min: 0, max: 6 }],
  ['Hardtanh', { min: -0.5, max: 2.5 }],
  ['Threshold', { threshold: 0.5, value: 7 }],
  ['Hardshrink', { lambd: 0.5 }],
  ['Softshrink', { lambd: 0.5 }],
  ['Hardsigmoid', {}],
  ['Hardswish', {}],
  ['Elu', { negative: 1, positive: 1, rate: 1 }],
  ['Elu', { negative: 2, positive: 1, rate: 0.5 }],
  ['Elu', { negative: 1.7580993408473766, positive: 1.0507009873554805, rate: 1 }],
  ['Gelu', {}],
  ['GeluTanh', {}],
  ['Silu', {}],
  ['Mish', {}],
  ['Softplus', { beta: 1, threshold: 20 }],
  ['Softplus', { beta: 2, threshold: 1 }],
  ['LogSigmoid', {}],
];

/** The native way of a kernel against its reference in tfjs' own kernels. */
function compare(kernel: string, inputs: Record<string, Value>, attrs: Record<string, unknown>): void {
  const expected = referenceOf(kernel)(inputs, attrs) as Value;
  const actual = run(kernel, inputs, attrs);
  expectNumbersClose(actual.dataSync() as Float32Array, expected.dataSync() as Float32Array, {
    rtol: 1e-5,
    atol: 1e-6,
  });
  for (const value of new Set([...Object.values(inputs), actual, expected])) value.dispose();
}

it.each(kernels)('%s %o', (name, attrs) => {
  compare(`${name}Forward`, { x: x() }, attrs);
  compare(`${name}Backward`, { x: x(), dy: dy() }, attrs);
});

it('PreluForward, TanhGrad, SigmoidGrad', () => {
  compare('PreluForward', { x: x(), w: fromArray(Float32Array.of(0.25), [1], 'float32') }, {});
  const outputs = () => fromArray(Float32Array.from(INPUTS, Math.tanh), [INPUTS.length], 'float32');
  for (const kernel of ['TanhGrad', 'SigmoidGrad']) compare(kernel, { dy: dy(), y: outputs() }, {});
});
