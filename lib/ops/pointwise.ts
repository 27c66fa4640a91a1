import { noMore, readArgs } from '../args';
import { run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { zerosLike } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { record, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import {
  broadcastShape,
  checkOperand,
  checkTensor,
  dtypeOf,
  type Operand,
  recordUnary,
  shapeOf,
  type Unary,
  unary,
  withValues,
} from './define';
import { nonzero } from './nonzero';

/** eˣ. See torch.exp. */
export const exp: Unary = unary('exp', 'Exp', 'Exp', 'output', (g, _x, y) => g.mul(y));
/** eˣ − 1, exact near 0. See torch.expm1. */
export const expm1: Unary = unary('expm1', 'Expm1', 'Expm1', 'output', (g, _x, y) => g.mul(y.add(1)));
/** Natural logarithm. See torch.log. */
export const log: Unary = unary('log', 'Log', 'Log', 'input', (g, x) => g.div(x));
/** ln(1 + x), exact near 0. See torch.log1p. */
export const log1p: Unary = unary('log1p', 'Log1P', 'Log1p', 'input', (g, x) => g.div(x.add(1)));
/** Square root. See torch.sqrt. */
export const sqrt: Unary = unary('sqrt', 'Sqrt', 'Sqrt', 'output', (g, _x, y) => g.div(y.mul(2)));
/** 1 / √x. See torch.rsqrt. */
export const rsqrt: Unary = unary('rsqrt', 'Rsqrt', 'Rsqrt', 'output', (g, _x, y) => g.mul(y.pow(3)).mul(-0.5));
/** 1 / x. See torch.reciprocal. */
export const reciprocal: Unary = unary('reciprocal', 'Reciprocal', 'Reciprocal', 'output', (g, _x, y) =>
  g.mul(y.square()).neg(),
);
/** Sine. See torch.sin. */
export const sin: Unary = unary('sin', 'Sin', 'Sin', 'input', (g, x) => g.mul(x.cos()));
/** Cosine. See torch.cos. */
export const cos: Unary = unary('cos', 'Cos', 'Cos', 'input', (g, x) => g.mul(x.sin()).neg());
/** Hyperbolic tangent. See torch.tanh. */
export const tanh: Unary = unary('tanh', 'Tanh', 'Tanh', 'output', (g, _x, y) => tanhGrad(g, y));
/** 1 / (1 + e⁻ˣ). See torch.sigmoid. */
export const sigmoid: Unary = unary('sigmoid', 'Sigmoid', 'Sigmoid', 'output', (g, _x, y) => sigmoidGrad(g, y));
/** The error function. See torch.erf. */
export const erf: Unary = unary('erf', 'Erf', 'Erf', 'input', (g, x) =>
  g.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI)),
);

/** A function that keeps the dtype of numbers, integers too. */
function sameType(
  name: string,
  node: string,
  kernel: string,
  saves: 'input' | 'nothing',
  rule: (g: Tensor, x: Tensor) => Tensor,
) {
  const form = `${name}(input)`;
  return function (x: Tensor): Tensor {
    noMore(form, arguments.length, 1);
    checkTensor(name, x);
    if (x.dtype === 'bool') throw new RuntimeError(`"${name}" is not implemented for bool tensors`);
    return recordUnary(run(kernel, { x: x._value }), node, x, saves, rule);
  };
}

/** −x. See torch.neg. */
export function neg(input: Tensor): Tensor {
  noMore('neg(input)', arguments.length, 1);
  checkTensor('neg', input);
  if (input.dtype === 'bool') {
    throw new RuntimeError(
      'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use logicalNot() instead.',
    );
  }
  return recordUnary(run('Neg', { x: input._value }), 'Neg', input, 'nothing', (g) => g.neg());
}
/** |x|, whose slope at 0 is 0. See torch.abs. */
export const abs: Unary = sameType('abs', 'Abs', 'Abs', 'input', (g, x) => g.mul(x.sign()));
/** x². See torch.square. */
export function square(input: Tensor): Tensor {
  noMore('square(input)', arguments.length, 1);
  checkTensor('square', input);
  return squareOf(input.dtype === 'bool' ? input.int() : input);
}
const squareOf: Unary = sameType('square', 'Pow', 'Square', 'input', (g, x) => g.mul(x.mul(2)));

/** A step function: its gradient is zero; integers are already what it makes of them. */
function stepFunction(name: string, node: string, kernel: string) {
  const form = `${name}(input)`;
  return function (x: Tensor): Tensor {
    noMore(form, arguments.length, 1);
    checkTensor(name, x);
    if (x.dtype === 'bool') throw new RuntimeError(`"${name}" is not implemented for bool tensors`);
    const value = x.dtype === 'int32' ? run('Identity', { x: x._value }) : run(kernel, { x: x._value });
    return recordUnary(value, node, x, 'nothing', zerosLike);
  };
}

/** The largest integer not above x. See torch.floor. */
export const floor: Unary = stepFunction('floor', 'Floor', 'Floor');
/** The smallest integer not below x. See torch.ceil. */
export const ceil: Unary = stepFunction('ceil', 'Ceil', 'Ceil');
const roundToInteger: Unary = stepFunction('round', 'Round', 'Round');

/** The nearest integer, halves to even; with `decimals`, the nearest multiple of 10^−decimals. See torch.round. */
export function round(input: Tensor, ...rest: [options?: { decimals?: number }]): Tensor {
  const { decimals } = readArgs('round', rest, { decimals: 0 }, 0);
  if (decimals === 0) return roundToInteger(input);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? roundToInteger(input.mul(scale)).div(scale) : roundToInteger(input.div(scale)).mul(scale);
}

/** x without its fraction. See torch.trunc. */
export function trunc(input: Tensor): Tensor {
  noMore('trunc(input)', arguments.length, 1);
  checkTensor('trunc', input);
  if (input.dtype !== 'float32') return input.clone();
  return where(input.lt(0), ceil(input), floor(input));
}

/** −1, 0 or 1; of NaN it is 0. See torch.sign. */
export function sign(input: Tensor): Tensor {
  noMore('sign(input)', arguments.length, 1);
  checkTensor('sign', input);
  if (input.dtype === 'bool') return input.clone();
  const value = run('Sign', { x: input._value });
  const signed = recordUnary(value, 'Sign', input, 'nothing', zerosLike);
  return input.dtype === 'float32' ? where(input.ne(input), 0, signed) : signed;
}

/** max(x, 0), whose slope at 0 is 0. See torch.relu. */
export function relu(input: Tensor): Tensor {
  noMore('relu(input)', arguments.length, 1);
  checkTensor('relu', input);
  if (input.dtype === 'bool') throw new RuntimeError('Boolean inputs not supported for relu');
  return recordUnary(run('Relu', { x: input._value }), 'Relu', input, 'output', (g, _x, y) => reluGrad(g, y));
}

/** The gradient, in one kernel, of a function with the output `y`; `bend` says how its slope changes with y, if it does. */
function gradFromOutput(node: string, kernel: string, bend?: (y: Tensor) => Tensor) {
  const backward = (g: Tensor, y: Tensor): Tensor => {
    const value = run(kernel, { dy: g._value, y: y._value });
    return record(value, { name: node, inputs: [g, y], saves: [g, y] }, () => [
      (gg) => backward(gg!, y),
      (gg) => (bend ? gg!.mul(g).mul(bend(y)) : zerosLike(y)),
    ]);
  };
  return backward;
}
const reluGrad = gradFromOutput('ThresholdBackward', 'ReluGrad');
const tanhGrad = gradFromOutput('TanhBackward', 'TanhGrad', (y) => y.mul(-2));
const sigmoidGrad = gradFromOutput('SigmoidBackward', 'SigmoidGrad', (y) => y.mul(-2).add(1));

/** `input` where `condition`, else `other`; all broadcast. Alone, the places where `condition` is not 0. See torch.where. */
export function where(condition: Tensor): Tensor[];
export function where(condition: Tensor, input: Operand, other: Operand): Tensor;
export function where(condition: Tensor, ...values: [] | [Operand, Operand]): Tensor | Tensor[] {
  noMore('where(condition, input, other)', arguments.length, 3);
  checkTensor('where', condition, 'condition');
  if (values.length === 0) return nonzero(condition, { asTuple: true });
  const [input, other] = values;
  checkOperand('where', input, 'input');
  checkOperand('where', other, 'other');
  if (condition.dtype !== 'bool') {
    throw new RuntimeError(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype}`,
    );
  }
  const dtype = promoteTypes(dtypeOf(input), dtypeOf(other));
  const shape = broadcastShape(condition.shape, broadcastShape(shapeOf(input), shapeOf(other)));
  const value = withValues([condition], 'bool', (c) =>
    withValues([input, other], dtype, (t, e) => select(c, t, e, shape)),
  );
  const inputs = [input, other].filter((x) => x instanceof Tensor);
  const rules = [(g: Tensor) => where(condition, g, 0), (g: Tensor) => where(condition, 0, g)];
  return record(value, { name: 'Where', inputs, saves: [condition] }, () =>
    [input, other].flatMap((x, i) => (x instanceof Tensor ? [(g) => rules[i]!(g!).sumToSize(x.shape)] : [])),
  );
}

function select(condition: Value, t: Value, e: Value, shape: readonly number[]): Value {
  return run('SelectBroadcast', { condition, t, e }, { shape });
}

/** A float test, element by element; what holds no NaN or infinity is `otherwise`. */
function floatTest(name: string, kernel: string, otherwise: boolean) {
  const form = `${name}(input)`;
  return function (input: Tensor): Tensor {
    noMore(form, arguments.length, 1);
    checkTensor(name, input);
    if (input.dtype === 'float32') return unrecorded(run(kernel, { x: input._value }));
    return otherwise ? input.eq(input) : input.ne(input);
  };
}

/** True for NaN. See torch.isnan. */
export const isnan: Unary = floatTest('isnan', 'IsNan', false);
/** True for ±∞. See torch.isinf. */
export const isinf: Unary = floatTest('isinf', 'IsInf', false);
/** True for what is neither NaN nor infinite. See torch.isfinite. */
export const isfinite: Unary = floatTest('isfinite', 'IsFinite', true);
