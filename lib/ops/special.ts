import { noMore, type Optional, readArgs } from '../args';
import { run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { promoteTypes } from '../tensor/dtype';
import { unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { add, div, sub } from './arithmetic';
import { clamp } from './clamp';
import {
  type Binary,
  type BinaryOptions,
  binary,
  broadcastShape,
  checkOperands,
  checkTensor,
  dtypeOf,
  type Operand,
  recordBinary,
  recordUnary,
  shapeOf,
  type Unary,
  unary,
  withValues,
} from './define';
import { isfinite, sign, where } from './pointwise';

/** Refuses operands of which none is float32. */
export function floatOnly(name: string, input: Operand, other: Operand): void {
  checkOperands(name, input, other);
  const dtype = promoteTypes(dtypeOf(input), dtypeOf(other));
  if (dtype !== 'float32') throw notImplemented(name, dtype);
}

/** PyTorch's refusal of a dtype. */
export function notImplemented(name: string, dtype: string): RuntimeError {
  return new RuntimeError(`"${name}" is not implemented for ${dtype}`);
}

/** A function computed in float32 by several kernels, or one with attributes. */
function computed(name: string, node: string, compute: (x: Value) => Value, rule: (g: Tensor, x: Tensor) => Tensor) {
  const form = `${name}(input)`;
  return function (x: Tensor): Tensor {
    noMore(form, arguments.length, 1);
    checkTensor(name, x);
    return recordUnary(withValues([x], 'float32', compute), node, x, 'input', rule);
  };
}

/** 2ˣ. See torch.exp2. */
export function exp2(input: Tensor): Tensor {
  noMore('exp2(input)', arguments.length, 1);
  checkTensor('exp2', input);
  const value = withValues([2, input], 'float32', (a, b) => run('Power', { a, b }));
  return recordUnary(value, 'Exp2', input, 'output', (g, _x, y) => g.mul(y).mul(Math.LN2));
}

function logarithm(name: string, node: string, base: number): Unary {
  const slope = Math.log(base);
  const compute = (x: Value) => run('LogOf', { x }, { base });
  return computed(name, node, compute, (g, x) => g.div(x.mul(slope)));
}

/** Logarithm to base 2, exact at powers of 2. See torch.log2. */
export const log2: Unary = logarithm('log2', 'Log2', 2);
/** Logarithm to base 10, exact at powers of 10. See torch.log10. */
export const log10: Unary = logarithm('log10', 'Log10', 10);

/** 1 − erf(x), without cancellation. See torch.erfc. */
export const erfc: Unary = unary('erfc', 'Erfc', 'Erfc', 'input', (g, x) =>
  g.mul(x.square().neg().exp()).mul(-2 / Math.sqrt(Math.PI)),
);
/** The inverse of erf; NaN outside of [−1, 1]. See torch.erfinv. */
export const erfinv: Unary = unary('erfinv', 'Erfinv', 'Erfinv', 'output', (g, _x, y) =>
  g.mul(y.square().exp()).mul(Math.sqrt(Math.PI) / 2),
);
/** ln |Γ(x)|. See torch.lgamma. */
export const lgamma: Unary = unary('lgamma', 'Lgamma', 'Lgamma', 'input', (g, x) => g.mul(digamma(x)));
/** The derivative of {@link lgamma}. See torch.digamma. */
export const digamma: Unary = unary('digamma', 'Digamma', 'Digamma', 'input', (g, x) => g.mul(polygamma(1, x)));

/** The n-th derivative of {@link digamma}, n ≥ 0. See torch.polygamma. */
export function polygamma(n: number, input: Tensor): Tensor {
  noMore('polygamma(n, input)', arguments.length, 2);
  checkTensor('polygamma', input);
  if (!(n >= 0)) throw new RuntimeError(`polygamma(n, x) does not support negative n, got ${n}.`);
  if (!Number.isInteger(n)) throw new TypeError(`polygamma(): n must be an integer, got ${n}`);
  if (n === 0) return digamma(input);
  const value = withValues([input], 'float32', (x) => run('PolygammaOf', { x }, { n }));
  return recordUnary(value, 'Polygamma', input, 'input', (g, x) => g.mul(polygamma(n + 1, x)));
}

/** ln(x / (1 − x)); with `eps`, of x limited to [eps, 1 − eps], else NaN outside of [0, 1]. See torch.logit. */
export function logit(input: Tensor, ...args: Optional<'eps', number | null>): Tensor {
  checkTensor('logit', input);
  const { eps } = readArgs('logit', args, { eps: null as number | null });
  const limited = eps === null ? input.detach() : clamp(input.detach(), eps, 1 - eps);
  const x = limited.float();
  const value = run('Identity', { x: div(x, sub(1, x)).log()._value });
  const [low, high, outside] = eps === null ? [0, 1, Number.NaN] : [eps, 1 - eps, 0];
  // Plus 0, so that the slope at −0 is +∞.
  return recordUnary(value, 'Logit', input, 'input', (g, v) =>
    where(v.lt(low).logicalOr(v.gt(high)), outside, g.div(v.mul(sub(1, v)).add(0))),
  );
}

const IN_FLOAT: BinaryOptions = { saves: 'both', computeIn: () => 'float32' };

/** input · ln other, broadcast; 0 where input is, unless other is NaN. See torch.xlogy. */
export const xlogy: Binary = binary('xlogy', 'Xlogy', 'XLogY', IN_FLOAT, [
  (g, a, b) => where((a as Tensor).eq(0).logicalAnd(isAtMostZero(b)), 0, xlogy(g, b)),
  (g, a, b) => g.mul(div(a, b)),
]);

const isAtMostZero = (b: Operand): Operand => (typeof b === 'object' ? b.le(0) : Number(b) <= 0);

/** The rules of log(baseᵃ + baseᵇ): the softmax of the two. */
function logAddExp(name: string, node: string, power: (x: Tensor) => Tensor, scale: number): Binary {
  const share = (g: Tensor, own: Operand, other: Operand) => g.div(add(1, power(sub(other, own))));
  const compute = (a: Value, b: Value) => run('LogAddExp', { a, b }, { scale });
  const recorded = binaryOf(node, compute, [(g, a, b) => share(g, a, b), (g, a, b) => share(g, b, a)]);
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    floatOnly(name, a, b);
    return recorded(a, b);
  };
}

type Rules = Parameters<typeof recordBinary>[5];

/** {@link binary} for a kernel with attributes, in float32. */
function binaryOf(node: string, compute: (a: Value, b: Value) => Value, rules: Rules): Binary {
  return (a, b) => {
    broadcastShape(shapeOf(a), shapeOf(b));
    return recordBinary(withValues([a, b], 'float32', compute), node, a, b, 'both', rules);
  };
}

/** ln(eᵃ + eᵇ) without overflow, broadcast; at least one must be float32. See torch.logaddexp. */
export const logaddexp: Binary = logAddExp('logaddexp', 'Logaddexp', (x) => x.exp(), 1);
/** log₂(2ᵃ + 2ᵇ) without overflow, broadcast; at least one must be float32. See torch.logaddexp2. */
export const logaddexp2: Binary = logAddExp('logaddexp2', 'Logaddexp2', (x) => exp2(x), Math.LN2);

/** The largest float32. */
const LARGEST = 2 ** 128 - 2 ** 104;

export interface NanToNumOptions {
  /** For ∞; null is the largest float32. */
  posinf?: number | null;
  /** For −∞; null is the lowest float32. */
  neginf?: number | null;
}

/** `nan` (0) for NaN, and the largest numbers or those given for ±∞; integers as they are. See torch.nan_to_num. */
export function nanToNum(input: Tensor, ...args: Optional<'nan', number | null, NanToNumOptions>): Tensor {
  checkTensor('nanToNum', input);
  const usual = { nan: 0, posinf: LARGEST, neginf: -LARGEST };
  const given = readArgs('nanToNum', args, usual as Record<keyof typeof usual, number | null>);
  for (const [name, x] of Object.entries(given)) {
    if (x !== null && typeof x !== 'number') {
      throw new TypeError(`nanToNum: ${name} should be a number or null, but got ${name}=${String(x)}`);
    }
  }
  if (input.dtype !== 'float32') return input.clone();
  const { nan, posinf, neginf } = given;
  const attrs = { nan: nan ?? 0, posinf: posinf ?? LARGEST, neginf: neginf ?? -LARGEST };
  const value = run('NanToNum', { x: input._value }, attrs);
  return recordUnary(value, 'NanToNum', input, 'input', (g, x) => g.mul(isfinite(x)));
}

/** x without its integer part; float32 only. See torch.frac. */
export function frac(input: Tensor): Tensor {
  noMore('frac(input)', arguments.length, 1);
  checkTensor('frac', input);
  if (input.dtype !== 'float32') throw notImplemented('frac', input.dtype);
  return recordUnary(run('Frac', { x: input._value }), 'Frac', input, 'nothing', (g) => g);
}

/** As {@link sign}: there are no complex numbers here. See torch.sgn. */
export const sgn: Unary = sign;

/** True for what has a minus sign, −0 too. See torch.signbit. */
export function signbit(input: Tensor): Tensor {
  noMore('signbit(input)', arguments.length, 1);
  checkTensor('signbit', input);
  if (input.dtype !== 'float32') return input.lt(0);
  return unrecorded(run('SignBit', { x: input._value }));
}

/** The input itself; bools are refused. See torch.positive. */
export function positive(input: Tensor): Tensor {
  noMore('positive(input)', arguments.length, 1);
  checkTensor('positive', input);
  if (input.dtype === 'bool') throw new RuntimeError('The `+` operator, on a bool tensor is not supported.');
  return input;
}
