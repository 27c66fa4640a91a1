/** Common divisors, shifts, and the bits of floating point numbers. */

import { noMore } from '../args';
import { run, runMulti } from '../backend/engine';
import { RuntimeError } from '../errors';
import { zerosLike } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { recordMulti, unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { ne } from './compare';
import {
  type Binary,
  broadcastShape,
  checkOperand,
  checkTensor,
  dtypeOf,
  type Operand,
  recordBinary,
  shapeOf,
  withValues,
} from './define';
import { inPlaceOf } from './inplace';
import { type Named, named } from './named';
import { where } from './pointwise';
import { exp2, floatOnly, notImplemented } from './special';

type OfTensors = (input: Tensor, other: Tensor) => Tensor;

function integersOnly(name: string, input: Operand, other: Operand): void {
  checkOperand(name, input, 'input');
  checkOperand(name, other, 'other');
  const dtype = promoteTypes(dtypeOf(input), dtypeOf(other));
  if (dtype !== 'int32') throw notImplemented(name, dtype);
  broadcastShape(shapeOf(input), shapeOf(other));
}

/** The greatest common divisor of int32 tensors, broadcast, not negative. Reads them. See torch.gcd. */
export const gcd: OfTensors = function (input, other) {
  noMore('gcd(input, other)', arguments.length, 2);
  checkTensor('gcd', input);
  checkTensor('gcd', other, 'other');
  integersOnly('gcd_cpu', input, other);
  return unrecorded(withValues([input, other], 'int32', (a, b) => run('CommonDivisor', { a, b })));
};

/** The least common multiple of int32 tensors, broadcast, not negative. Reads them. See torch.lcm. */
export const lcm: OfTensors = function (input, other) {
  noMore('lcm(input, other)', arguments.length, 2);
  checkTensor('lcm', input);
  checkTensor('lcm', other, 'other');
  integersOnly('lcm_cpu', input, other);
  const divisor = gcd(input, other);
  return input
    .div(divisor.add(divisor.eq(0)), { roundingMode: 'trunc' })
    .mul(other)
    .abs();
};

function shift(name: string, kernel: string, right: boolean): Binary {
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    integersOnly(kernel, a, b);
    return unrecorded(withValues([a, b], 'int32', (x, y) => run('Shift', { a: x, b: y }, { right })));
  };
}

/** int32 bits moved to the left by `other`, zeros coming in; broadcast. See torch.bitwise_left_shift. */
export const bitwiseLeftShift: Binary = shift('bitwiseLeftShift', 'lshift_cpu', false);
/** int32 bits moved to the right by `other`, the sign staying; broadcast. See torch.bitwise_right_shift. */
export const bitwiseRightShift: Binary = shift('bitwiseRightShift', 'rshift_cpu', true);

/** The next float32 after `input` towards `other`, broadcast; the gradient is input's where they differ. See torch.nextafter. */
export function nextafter(input: Tensor, other: Tensor): Tensor {
  noMore('nextafter(input, other)', arguments.length, 2);
  checkTensor('nextafter', input);
  checkTensor('nextafter', other, 'other');
  floatOnly('nextafter_cpu', input, other);
  broadcastShape(input.shape, other.shape);
  const value = withValues([input, other], 'float32', (a, b) => run('NextAfter', { a, b }));
  return recordBinary(value, 'Nextafter', input, other, 'both', [
    (g, a, b) => where(ne(a, b), g, 0),
    (g) => zerosLike(g),
  ]);
}

/** `[mantissa, exponent]`. */
export interface Frexp extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly mantissa: Tensor;
  readonly exponent: Tensor;
}

/** Mantissas in (−1, −½] and [½, 1) and int32 exponents with input = mantissa · 2^exponent; float32 only. See torch.frexp. */
export function frexp(input: Tensor): Frexp {
  noMore('frexp(input)', arguments.length, 1);
  checkTensor('frexp', input);
  if (input.dtype !== 'float32') throw new RuntimeError('torch.frexp() only supports floating-point dtypes');
  const outs = recordMulti(
    runMulti('MantissaExponent', { x: input._value }),
    { name: 'Frexp', inputs: [input] },
    ([, exponent]) =>
      ([g]) => [g!.div(exp2(exponent!))],
    ([, exponent]) => [exponent!],
  );
  return named(outs, ['mantissa', 'exponent']);
}

/** In-place {@link gcd}. See torch.Tensor.gcd_. */
export const gcd_: OfTensors = inPlaceOf('gcd_', gcd);
/** In-place {@link lcm}. See torch.Tensor.lcm_. */
export const lcm_: OfTensors = inPlaceOf('lcm_', lcm);
/** In-place {@link nextafter}. See torch.Tensor.nextafter_. */
export const nextafter_: OfTensors = inPlaceOf('nextafter_', nextafter);
/** In-place {@link bitwiseLeftShift}. See torch.Tensor.bitwise_left_shift_. */
export const bitwiseLeftShift_: (self: Tensor, other: Operand) => Tensor = inPlaceOf(
  'bitwiseLeftShift_',
  bitwiseLeftShift,
);
/** In-place {@link bitwiseRightShift}. See torch.Tensor.bitwise_right_shift_. */
export const bitwiseRightShift_: (self: Tensor, other: Operand) => Tensor = inPlaceOf(
  'bitwiseRightShift_',
  bitwiseRightShift,
);
