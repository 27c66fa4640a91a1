import { noMore, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { withGrad } from '../tensor/context';
import { zerosLike } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import {
  type Binary,
  binary,
  broadcastShape,
  checkOperands,
  dtypeOf,
  type Operand,
  recordBinary,
  shapeOf,
  withValues,
} from './define';
import { trunc, where } from './pointwise';

export interface AlphaOptions {
  /** Multiplies `other` first. */
  alpha?: number;
}

const plainAdd: Binary = binary('add', 'Add', 'Add', { saves: 'nothing' }, [(g) => g, (g) => g]);
const plainSub: Binary = binary('sub', 'Sub', 'Sub', { saves: 'nothing' }, [(g) => g, (g) => g.neg()]);

/** `input + alpha · other`, broadcast; or of bools. See torch.add. */
export function add(input: Operand, other: Operand, ...rest: [options?: AlphaOptions]): Tensor {
  // Adding bools is "or": TensorFlow adds no bools.
  if (areBools(input, other)) return logicalOf('LogicalOr', input, other);
  return plainAdd(input, scaled('add', input, other, rest));
}

/** `input − alpha · other`, broadcast; bools are refused. See torch.sub. */
export function sub(input: Operand, other: Operand, ...rest: [options?: AlphaOptions]): Tensor {
  refuseBools(input, other);
  return plainSub(input, scaled('sub', input, other, rest));
}

function scaled(where: string, input: Operand, other: Operand, rest: [AlphaOptions?]): Operand {
  const { alpha } = readArgs(where, rest, { alpha: 1 }, 0);
  if (alpha === 1) return other;
  if (!Number.isInteger(alpha) && promoteTypes(dtypeOf(input), dtypeOf(other)) !== 'float32') {
    throw new RuntimeError('For integral input tensors, argument alpha must not be a floating point number.');
  }
  return typeof other === 'number' ? other * alpha : mul(other, alpha);
}

function refuseBools(input: Operand, other: Operand): void {
  const [a, b] = [dtypeOf(input), dtypeOf(other)];
  if (a !== 'bool' && b !== 'bool') return;
  throw new RuntimeError(
    a === b
      ? 'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logicalXor()` operator instead.'
      : 'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logicalNot()` operator instead.',
  );
}

const areBools = (a: Operand, b: Operand) => dtypeOf(a) === 'bool' && dtypeOf(b) === 'bool';

function logicalOf(kernel: string, a: Operand, b: Operand): Tensor {
  broadcastShape(shapeOf(a), shapeOf(b));
  return Tensor._of(withValues([a, b], 'bool', (x, y) => run(kernel, { a: x, b: y })));
}

/** `input · other`, broadcast. See torch.mul. */
export function mul(input: Operand, other: Operand): Tensor {
  noMore('mul(input, other)', arguments.length, 2);
  if (areBools(input, other)) return logicalOf('LogicalAnd', input, other);
  return plainMul(input, other);
}

const plainMul: Binary = binary('mul', 'Mul', 'Multiply', { saves: 'other' }, [
  (g, _a, b) => g.mul(b),
  (g, a) => g.mul(a),
]);

const trueDiv: Binary = binary('div', 'Div', 'RealDiv', { saves: 'both', computeIn: () => 'float32' }, [
  (g, _a, b) => g.div(b),
  (g, a, b) => g.mul(plainDivide(a, b)).neg(),
]);

/** d(a/b)/db without its sign. */
function plainDivide(a: Operand, b: Operand): Tensor {
  const divisor = b as Tensor;
  return div(div(a, divisor), divisor);
}

export interface DivOptions {
  /** null divides exactly, 'trunc' rounds towards zero, 'floor' down. */
  roundingMode?: 'trunc' | 'floor' | null;
}

/** `input / other`, broadcast; integers give float32 unless `roundingMode` is given. See torch.div. */
export function div(input: Operand, other: Operand, ...rest: [options?: DivOptions]): Tensor {
  const { roundingMode } = readArgs('div', rest, { roundingMode: null as string | null }, 0);
  if (roundingMode === null) return trueDiv(input, other);
  if (roundingMode !== 'trunc' && roundingMode !== 'floor') {
    throw new RuntimeError(
      `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${String(roundingMode)}'`,
    );
  }
  if (promoteTypes(dtypeOf(input), dtypeOf(other)) !== 'float32') return intDiv(input, other, roundingMode);
  return recordRounded(input, other, roundingMode);
}

/** A rounded quotient does not change with its operands, nor where one is 0. */
function recordRounded(input: Operand, other: Operand, mode: 'trunc' | 'floor'): Tensor {
  const value =
    mode === 'floor'
      ? withValues([input, other], 'float32', (a, b) => run('FlooredDiv', { a, b }))
      : run('Identity', { x: withGrad(false, () => trunc(trueDiv(input, other)))._value });
  const zero = (g: Tensor) => zerosLike(g);
  return recordBinary(value, 'Div', input, other, 'nothing', [zero, zero]);
}

function intDiv(input: Operand, other: Operand, mode: 'trunc' | 'floor'): Tensor {
  const floored = (x: Operand, y: Operand) =>
    Tensor._of(withValues([x, y], 'int32', (a, b) => run('IntegerFloorDiv', { a, b })));
  if (mode === 'floor') return floored(input, other);
  const exact = floored(input, other);
  // Down is towards zero except for a negative quotient with a remainder.
  const inexact = exact.mul(other).ne(input).logicalAnd(exact.lt(0));
  return exact.add(inexact);
}

const largest: Binary = extremum('maximum', 'Maximum', (x, y) => x.lt(y));
const smallest: Binary = extremum('minimum', 'Minimum', (x, y) => x.gt(y));

/** Elementwise larger value; equals share the gradient; NaN wins. See torch.maximum. */
export function maximum(input: Operand, other: Operand): Tensor {
  noMore('maximum(input, other)', arguments.length, 2);
  return areBools(input, other) ? logicalOf('LogicalOr', input, other) : largest(input, other);
}

/** Elementwise smaller value; equals share the gradient; NaN wins. See torch.minimum. */
export function minimum(input: Operand, other: Operand): Tensor {
  noMore('minimum(input, other)', arguments.length, 2);
  return areBools(input, other) ? logicalOf('LogicalAnd', input, other) : smallest(input, other);
}

function extremum(name: string, kernel: string, loses: (x: Tensor, y: Tensor) => Tensor): Binary {
  const share = (g: Tensor, a: Operand, b: Operand) => {
    const [x, y] = [a as Tensor, b as Tensor];
    return where(loses(x, y), 0, where(x.eq(y), g.mul(0.5), g));
  };
  const node = name[0]!.toUpperCase() + name.slice(1);
  return binary(name, node, kernel, { saves: 'both' }, [(g, a, b) => share(g, a, b), (g, a, b) => share(g, b, a)]);
}

/** `input ** exponent`, broadcast; integers to a non-negative integer stay integers. See torch.pow. */
export function pow(input: Operand, exponent: Operand): Tensor {
  noMore('pow(input, exponent)', arguments.length, 2);
  checkOperands('pow', input, exponent);
  if (typeof exponent === 'boolean') return pow(input, Number(exponent));
  const dtype = promoteTypes(dtypeOf(input), dtypeOf(exponent));
  if (dtype !== 'float32' && typeof exponent === 'number' && exponent < 0) {
    throw new RuntimeError('Integers to negative integer powers are not allowed.');
  }
  if (typeof exponent === 'number' && input instanceof Tensor && input.dtype === 'float32')
    return powNumber(input, exponent);
  broadcastShape(shapeOf(input), shapeOf(exponent));
  const target = dtype === 'bool' ? 'int32' : dtype;
  const value = withValues([input, exponent], target, (a, b) => run('Power', { a, b }));
  return recordBinary(value, 'Pow', input, exponent, 'both', [
    (g, a, b) => g.mul(powSlope(a, b)),
    (g, a, b) => g.mul(powExponentSlope(a, b)),
  ]);
}

/** Kernels that are exact, and PyTorch's, where the general one is not. */
const POWERS = new Map([
  [2, 'Square'],
  [0.5, 'Sqrt'],
  [-0.5, 'Rsqrt'],
  [-1, 'Reciprocal'],
]);

function powNumber(x: Tensor, exponent: number): Tensor {
  const kernel = POWERS.get(exponent);
  const value = kernel
    ? run(kernel, { x: x._value })
    : withValues([x, exponent], 'float32', (a, b) => run('Power', { a, b }));
  return recordBinary(value, 'Pow', x, exponent, 'both', [
    (g) => (exponent === 0 ? zerosLike(g) : g.mul(powNumber(x, exponent - 1).mul(exponent))),
    (g) => g,
  ]);
}

/** b · a^(b−1), and 0 where b is 0 even at a = 0. */
function powSlope(a: Operand, b: Operand): Tensor {
  const exponent = b as Tensor;
  const slope = mul(exponent, pow(a, sub(exponent, 1)));
  return where(exponent.eq(0), 0, slope);
}

/** a^b · ln a, and 0 at a = 0 for b ≥ 0. */
function powExponentSlope(a: Operand, b: Operand): Tensor {
  const base = a instanceof Tensor ? a : (b as Tensor).mul(0).add(a);
  const exponent = b as Tensor;
  return where(base.eq(0).logicalAnd(exponent.ge(0)), 0, pow(base, exponent).mul(base.float().log()));
}
