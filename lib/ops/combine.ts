import { noMore, readArgs } from '../args';
import { run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { zerosLike } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { record, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { type AlphaOptions, div, maximum, minimum, mul, sub } from './arithmetic';
import {
  type Binary,
  binary,
  broadcastShape,
  checkOperand,
  checkOperands,
  checkTensor,
  compared,
  dtypeOf,
  type Operand,
  recordBinary,
  shapeOf,
  withValues,
} from './define';
import { abs, neg, trunc, where } from './pointwise';
import { notImplemented } from './special';

/** As {@link div} without rounding. See torch.true_divide. */
export function trueDivide(input: Operand, other: Operand): Tensor {
  noMore('trueDivide(input, other)', arguments.length, 2);
  return div(input, other);
}

/** As {@link div}. See torch.divide. */
export const divide: typeof div = div;
/** As {@link mul}. See torch.multiply. */
export const multiply: typeof mul = mul;
/** As {@link sub}. See torch.subtract. */
export const subtract: typeof sub = sub;
/** As {@link neg}. See torch.negative. */
export const negative: typeof neg = neg;
/** As {@link abs}. See torch.absolute. */
export const absolute: typeof abs = abs;
/** As {@link trunc}. See torch.fix. */
export const fix: typeof trunc = trunc;

/** `other − alpha · input`, broadcast. See torch.rsub. */
export function rsub(input: Operand, other: Operand, ...rest: [options?: AlphaOptions]): Tensor {
  return sub(other, input, ...rest);
}

/** The rules of what has no derivative: backward is an error, not a zero. */
export function undifferentiable(name: string) {
  const refuse = (): never => {
    throw new RuntimeError(`derivative for ${name} is not implemented`);
  };
  return [refuse, refuse] as [() => never, () => never];
}

function operandTypes(name: string, input: Operand, other: Operand) {
  checkOperands(name, input, other);
  return promoteTypes(dtypeOf(input), dtypeOf(other));
}

/** The quotient rounded down, of the exact quotient; no derivative. See torch.floor_divide. */
export function floorDivide(input: Operand, other: Operand): Tensor {
  noMore('floorDivide(input, other)', arguments.length, 2);
  const dtype = operandTypes('floorDivide', input, other);
  if (dtype !== 'float32') return div(input, other, { roundingMode: 'floor' });
  return recordBinary(
    floored(input, other),
    'NotImplemented',
    input,
    other,
    'nothing',
    undifferentiable('floorDivide'),
  );
}

function floored(a: Operand, b: Operand): Value {
  broadcastShape(shapeOf(a), shapeOf(b));
  return withValues([a, b], 'float32', (x, y) => run('FlooredDiv', { a: x, b: y }));
}

/** What is left of a division; its slope against the divisor is minus the rounded quotient. */
function mod(name: string, node: string, kernel: string, quotient: Binary): Binary {
  const plain = binary(name, node, kernel, { saves: 'both' }, [(g) => g, (g, a, b) => g.mul(quotient(a, b)).neg()]);
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    if (operandTypes(name, a, b) === 'bool') throw notImplemented(name, 'bool');
    return plain(a, b);
  };
}

/** What is left of the quotient rounded down: of the sign of `other`, broadcast. See torch.remainder. */
export const remainder: Binary = mod('remainder', 'Remainder', 'FlooredMod', (a, b) =>
  recordBinary(floored(a, b), 'Div', a, b, 'nothing', [(g) => g.mul(0), (g) => g.mul(0)]),
);
/** What is left of the quotient rounded towards zero: of the sign of `input`, broadcast. See torch.fmod. */
export const fmod: Binary = mod('fmod', 'Fmod', 'TruncatedMod', (a, b) => div(a, b, { roundingMode: 'trunc' }));

/** |input| with the sign of `other`, broadcast, as float32. See torch.copysign. */
export const copysign: Binary = binary(
  'copysign',
  'Copysign',
  'Copysign',
  { saves: 'both', computeIn: () => 'float32' },
  [
    (g, a, b) => {
      const self = a as Tensor;
      return where(self.eq(0), 0, g.mul(div(copysign(self, b), self)));
    },
    (g) => zerosLike(g),
  ],
);

/** From `input` to `end` by the part `weight`, a number or a tensor; all broadcast, float32 only. See torch.lerp. */
export function lerp(input: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  noMore('lerp(input, end, weight)', arguments.length, 3);
  checkTensor('lerp', input);
  checkTensor('lerp', end, 'end');
  checkOperand('lerp', weight, 'weight');
  for (const [name, x] of Object.entries({ end, weight })) {
    if (!(x instanceof Tensor) || x.dtype === input.dtype || (x === weight && x.ndim === 0)) continue;
    throw new RuntimeError(`lerp: expected dtype ${input.dtype} for \`${name}\` but got dtype ${x.dtype}`);
  }
  if (input.dtype !== 'float32') throw notImplemented('lerp', input.dtype);
  broadcastShape(broadcastShape(input.shape, end.shape), shapeOf(weight));
  const value = withValues([input, end, weight], 'float32', (a, b, w) => run('Lerp', { a, b, w }));
  const inputs = [input, end, weight].filter((x) => x instanceof Tensor);
  return record(value, { name: 'Lerp', inputs, saves: inputs }, () => [
    (g) => g!.mul(sub(1, weight)).sumToSize(input.shape),
    (g) => g!.mul(weight).sumToSize(end.shape),
    ...(weight instanceof Tensor ? [(g: Tensor | null) => g!.mul(end.sub(input)).sumToSize(weight.shape)] : []),
  ]);
}

export interface ValueOptions {
  /** Multiplies what is added. */
  value?: number;
}

/** `input + value · tensor1 · tensor2`, broadcast. See torch.addcmul. */
export function addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, ...rest: [options?: ValueOptions]): Tensor {
  const value = readValue('addcmul', [input, tensor1, tensor2], rest);
  return input.add(scaled(mul(tensor1, tensor2), value));
}

/** `input + value · tensor1 / tensor2`, broadcast; integers are refused. See torch.addcdiv. */
export function addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, ...rest: [options?: ValueOptions]): Tensor {
  const value = readValue('addcdiv', [input, tensor1, tensor2], rest);
  if (promoteTypes(tensor1.dtype, tensor2.dtype) !== 'float32') {
    throw new RuntimeError(
      'addcdiv: Integer division with addcdiv is not supported: convert tensor1 or tensor2 with .float() first',
    );
  }
  return input.add(scaled(div(tensor1, tensor2), value));
}

const scaled = (x: Tensor, value: number) => (value === 1 ? x : x.mul(value));

function readValue(name: string, [input, tensor1, tensor2]: [Tensor, Tensor, Tensor], rest: [ValueOptions?]): number {
  checkTensor(name, input);
  checkTensor(name, tensor1, 'tensor1');
  checkTensor(name, tensor2, 'tensor2');
  broadcastShape(input.shape, broadcastShape(tensor1.shape, tensor2.shape));
  const { value } = readArgs(name, rest, { value: 1 }, 0);
  const dtypes = [input.dtype, tensor1.dtype, tensor2.dtype];
  if (!Number.isInteger(value) && !dtypes.includes('float32')) {
    throw new RuntimeError(`${name}: for integral tensors, value must not be a floating point number, got ${value}`);
  }
  return value;
}

type Extreme = 'Maximum' | 'Minimum';
/** True where `input` is kept. */
type Keeps = (input: Operand, other: Operand) => Tensor;

/** The rules of a choice between two: the whole gradient goes to the one that is kept. */
function choice(keeps: Keeps): Parameters<typeof recordBinary>[5] {
  return [(g, a, b) => where(keeps(a, b), g, 0), (g, a, b) => where(keeps(a, b), 0, g)];
}

/** The larger or smaller, a NaN giving way to a number. */
function numberExtreme(name: string, op: Extreme, test: 'ge' | 'le', plain: Binary): Binary {
  const keeps: Keeps = (a, b) => {
    const wins = compared(a, b, test);
    return b instanceof Tensor ? wins.logicalOr(b.isnan()) : wins;
  };
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    if (operandTypes(name, a, b) !== 'float32') return plain(a, b);
    broadcastShape(shapeOf(a), shapeOf(b));
    const value = withValues([a, b], 'float32', (x, y) => run('NumberExtreme', { a: x, b: y }, { op }));
    return recordBinary(value, name[0]!.toUpperCase() + name.slice(1), a, b, 'both', choice(keeps));
  };
}

/** Elementwise larger value, broadcast; a number wins over NaN; of equals, `input` has the gradient. See torch.fmax. */
export const fmax: Binary = numberExtreme('fmax', 'Maximum', 'ge', maximum);
/** Elementwise smaller value, broadcast; a number wins over NaN; of equals, `input` has the gradient. See torch.fmin. */
export const fmin: Binary = numberExtreme('fmin', 'Minimum', 'le', minimum);

/** 0 where `input` < 0, 1 where it is > 0, `values` where it is 0, broadcast; no derivative. See torch.heaviside. */
export function heaviside(input: Operand, values: Operand): Tensor {
  noMore('heaviside(input, values)', arguments.length, 2);
  const dtype = operandTypes('heaviside', input, values);
  if (input instanceof Tensor && values instanceof Tensor && input.dtype !== values.dtype) {
    throw new RuntimeError(
      `heaviside is not implemented for tensors with different dtypes, got ${input.dtype} and ${values.dtype}.`,
    );
  }
  broadcastShape(shapeOf(input), shapeOf(values));
  const value = withValues([input, values], dtype === 'bool' ? 'int32' : dtype, (a, b) => run('Heaviside', { a, b }));
  const out = recordBinary(value, 'NotImplemented', input, values, 'nothing', undifferentiable('heaviside'));
  return dtype === 'bool' ? out.bool() : out;
}

type Bits = 'And' | 'Or' | 'Xor';

function bitwise(op: Bits): Binary {
  const name = `bitwise${op}`;
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    const dtype = operandTypes(name, a, b);
    if (dtype === 'float32') throw notImplemented(name, dtype);
    broadcastShape(shapeOf(a), shapeOf(b));
    const out = unrecorded(withValues([a, b], 'int32', (x, y) => run('Bitwise', { a: x, b: y }, { op })));
    return dtype === 'bool' ? out.bool() : out;
  };
}

/** Bit by bit, of int32 or bool, broadcast. See torch.bitwise_and. */
export const bitwiseAnd: Binary = bitwise('And');
/** Bit by bit, of int32 or bool, broadcast. See torch.bitwise_or. */
export const bitwiseOr: Binary = bitwise('Or');
/** Bit by bit, of int32 or bool, broadcast. See torch.bitwise_xor. */
export const bitwiseXor: Binary = bitwise('Xor');

/** Every bit the other way; of bool, not. See torch.bitwise_not. */
export function bitwiseNot(input: Tensor): Tensor {
  noMore('bitwiseNot(input)', arguments.length, 1);
  checkTensor('bitwiseNot', input);
  return input.dtype === 'bool' ? input.logicalNot() : bitwiseXor(input, -1);
}
