import { noMore } from '../args';
import { run } from '../backend/engine';
import type { Tensor } from '../tensor/tensor';
import { div, mul } from './arithmetic';
import { type Binary, binary, checkTensor, type Operand, recordUnary, type Unary, unary, withValues } from './define';
import { where } from './pointwise';
import { floatOnly } from './special';

/** Tangent. See torch.tan. */
export const tan: Unary = unary('tan', 'Tan', 'Tan', 'output', (g, _x, y) => g.mul(y.square().add(1)));
/** Inverse sine; NaN outside of [−1, 1]. See torch.asin. */
export const asin: Unary = unary('asin', 'Asin', 'Asin', 'input', (g, x) => g.mul(x.square().neg().add(1).rsqrt()));
/** Inverse cosine; NaN outside of [−1, 1]. See torch.acos. */
export const acos: Unary = unary('acos', 'Acos', 'Acos', 'input', (g, x) =>
  g.mul(x.square().neg().add(1).rsqrt().neg()),
);
/** Inverse tangent. See torch.atan. */
export const atan: Unary = unary('atan', 'Atan', 'Atan', 'input', (g, x) => g.div(x.square().add(1)));
/** Hyperbolic sine. See torch.sinh. */
export const sinh: Unary = unary('sinh', 'Sinh', 'Sinh', 'input', (g, x) => g.mul(cosh(x)));
/** Hyperbolic cosine. See torch.cosh. */
export const cosh: Unary = unary('cosh', 'Cosh', 'Cosh', 'input', (g, x) => g.mul(sinh(x)));
/** Inverse hyperbolic sine. See torch.asinh. */
export const asinh: Unary = unary('asinh', 'Asinh', 'Asinh', 'input', (g, x) => g.mul(x.square().add(1).rsqrt()));
/** Inverse hyperbolic cosine; NaN below 1. See torch.acosh. */
export const acosh: Unary = unary('acosh', 'Acosh', 'Acosh', 'input', (g, x) => g.mul(x.square().sub(1).rsqrt()));
/** Inverse hyperbolic tangent; NaN outside of [−1, 1]. See torch.atanh. */
export const atanh: Unary = unary('atanh', 'Atanh', 'Atanh', 'input', (g, x) => g.div(x.square().neg().add(1)));

/** As {@link asin}. See torch.arcsin. */
export const arcsin: Unary = asin;
/** As {@link acos}. See torch.arccos. */
export const arccos: Unary = acos;
/** As {@link atan}. See torch.arctan. */
export const arctan: Unary = atan;
/** As {@link asinh}. See torch.arcsinh. */
export const arcsinh: Unary = asinh;
/** As {@link acosh}. See torch.arccosh. */
export const arccosh: Unary = acosh;
/** As {@link atanh}. See torch.arctanh. */
export const arctanh: Unary = atanh;

/** sin(πx) / πx, 1 at 0. See torch.sinc. */
export const sinc: Unary = unary('sinc', 'Sinc', 'Sinc', 'input', (g, x) => {
  const angle = x.mul(Math.PI);
  const scale = x.square().mul(Math.PI);
  const slope = angle.mul(angle.cos()).sub(angle.sin()).div(scale);
  return where(scale.eq(0), 0, g.mul(slope));
});

/** A multiple of the input, as float32. */
function multiple(name: string, node: string, factor: number): Unary {
  const form = `${name}(input)`;
  return function (x) {
    noMore(form, arguments.length, 1);
    checkTensor(name, x);
    const value = withValues([x, factor], 'float32', (a, b) => run('Multiply', { a, b }));
    return recordUnary(value, node, x, 'nothing', (g) => g.mul(factor));
  };
}

/** Degrees as radians. See torch.deg2rad. */
export const deg2rad: Unary = multiple('deg2rad', 'Deg2Rad', Math.PI / 180);
/** Radians as degrees. See torch.rad2deg. */
export const rad2deg: Unary = multiple('rad2deg', 'Rad2Deg', 180 / Math.PI);

/** 1 / (a² + b²), as in PyTorch 0 at the origin. */
function reciprocalNorm(a: Operand, b: Operand): Tensor {
  const squares = mul(a, a).add(mul(b, b));
  return where(squares.eq(0), 0, squares.reciprocal());
}

/** The angle of the point (other, input), from −π to π, broadcast. See torch.atan2. */
export const atan2: Binary = binary('atan2', 'Atan2', 'Atan2', { saves: 'both', computeIn: () => 'float32' }, [
  (g, a, b) => g.mul(b).mul(reciprocalNorm(a, b)),
  (g, a, b) => g.mul(a).neg().mul(reciprocalNorm(a, b)),
]);
/** As {@link atan2}. See torch.arctan2. */
export const arctan2: Binary = atan2;

const hypotenuse: Binary = binary('hypot', 'Hypot', 'Hypot', { saves: 'both', computeIn: () => 'float32' }, [
  (g, a, b) => g.mul(div(a, hypot(a, b))),
  (g, a, b) => g.mul(div(b, hypot(a, b))),
]);

/** √(input² + other²) without overflow, broadcast; at least one must be float32. See torch.hypot. */
export function hypot(input: Operand, other: Operand): Tensor {
  noMore('hypot(input, other)', arguments.length, 2);
  floatOnly('hypot', input, other);
  return hypotenuse(input, other);
}
