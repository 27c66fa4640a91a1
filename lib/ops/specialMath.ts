/** Functions of torch.special that are not also of the root namespace, and the incomplete gamma functions. */
import { noMore } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { undifferentiable } from './combine';
import {
  type Binary,
  binary,
  broadcastShape,
  checkTensor,
  type Operand,
  recordBinary,
  recordUnary,
  type Unary,
  unary,
  withValues,
} from './define';
import { inPlaceOf } from './inplace';
import { where } from './pointwise';
import { floatOnly, lgamma } from './special';

const EPSILON = 2 ** -23;
const { PI, SQRT1_2, sqrt } = Math;

/** `slope(1/x)` with its limit ½ where x is about 0. */
function awayFromZero(g: Tensor, x: Tensor, slope: (reciprocal: Tensor) => Tensor): Tensor {
  const far = x.abs().gt(EPSILON);
  return g.mul(where(far, slope(where(far, x, EPSILON).reciprocal()), 0.5));
}

/** The modified Bessel function of the first kind, order 0. See torch.i0. */
export const i0: Unary = unary('i0', 'I0', 'BesselI0', 'input', (g, x) => g.mul(i1(x)));
/** {@link i0} · e^−|x|. See torch.special.i0e. */
export const i0e: Unary = unary('i0e', 'SpecialI0E', 'BesselI0e', 'input', (g, x) =>
  g.mul(i1e(x).sub(x.sgn().mul(i0e(x)))),
);
/** The modified Bessel function of the first kind, order 1. See torch.special.i1. */
export const i1: Unary = unary('i1', 'SpecialI1', 'BesselI1', 'input', (g, x) =>
  awayFromZero(g, x, (reciprocal) => i0(x).sub(i1(x).mul(reciprocal))),
);
/** {@link i1} · e^−|x|. See torch.special.i1e. */
export const i1e: Unary = unary('i1e', 'SpecialI1E', 'BesselI1e', 'input', (g, x) =>
  awayFromZero(g, x, (reciprocal) => i0e(x).sub(i1e(x).mul(x.sgn().add(reciprocal)))),
);
/** In-place {@link i0}. See torch.Tensor.i0_. */
export const i0_: Unary = inPlaceOf('i0_', i0);

/** e^(x²) erfc(x), without overflow for positive x. See torch.special.erfcx. */
export const erfcx: Unary = unary('erfcx', 'SpecialErfcx', 'ScaledErfc', 'input', (g, x) =>
  g.mul(
    x
      .mul(2)
      .mul(erfcx(x))
      .sub(2 / sqrt(PI)),
  ),
);

/** −x ln x; 0 at 0 and −∞ below. See torch.special.entr. */
export function entr(input: Tensor): Tensor {
  noMore('entr(input)', arguments.length, 1);
  checkTensor('entr', input);
  const x = input.detach().float();
  const inside = where(x.eq(0), 0, x.mul(x.log()).neg());
  const value = run('Identity', { x: where(x.lt(0), Number.NEGATIVE_INFINITY, inside)._value });
  return recordUnary(value, 'SpecialEntr', input, 'input', (g, v) => g.mul(v.log().add(1).neg()));
}

/** The probability that a standard normal number is below x. See torch.special.ndtr. */
export function ndtr(input: Tensor): Tensor {
  noMore('ndtr(input)', arguments.length, 1);
  checkTensor('ndtr', input);
  return input.mul(-SQRT1_2).erfc().mul(0.5);
}

/** The x below which a standard normal number is with this probability; NaN outside of [0, 1]. See torch.special.ndtri. */
export const ndtri: Unary = unary('ndtri', 'SpecialNdtri', 'Ndtri', 'output', (g, _x, y) =>
  g.mul(sqrt(2 * PI)).mul(y.square().div(2).exp()),
);

/** ln {@link ndtr}, without underflow. See torch.special.log_ndtr. */
export function logNdtr(input: Tensor): Tensor {
  noMore('logNdtr(input)', arguments.length, 1);
  checkTensor('logNdtr', input);
  const x = input.detach();
  const t = x.mul(SQRT1_2);
  const low = erfcx(t.neg()).div(2).log().sub(t.square());
  const value = run('Identity', { x: where(x.lt(-1), low, t.erfc().div(2).neg().log1p())._value });
  const how = { name: 'SpecialLogNdtr', inputs: [input], saves: [input] };
  const slope = (y: Tensor) =>
    input
      .square()
      .div(-2)
      .sub(y)
      .exp()
      .mul(1 / sqrt(2 * PI));
  return record(value, how, (y) => [(g) => g!.mul(slope(y))], true);
}

/** input · ln(1 + other), broadcast; 0 where input is, unless other is NaN. See torch.special.xlog1py. */
export const xlog1py: Binary = binary(
  'xlog1py',
  'SpecialXlog1Py',
  'Xlog1py',
  { saves: 'both', computeIn: () => 'float32' },
  [
    (g, a, b) => {
      const log = asTensor(b, g).log1p();
      return g.mul(where(asTensor(a, g).eq(0).logicalAnd(asTensor(b, g).le(-1)), 0, log));
    },
    (g, a, b) => g.mul(a).div((b as Tensor).add(1)),
  ],
);

function asTensor(x: Operand, like: Tensor): Tensor {
  return typeof x === 'object' ? x : like.detach().mul(0).add(x);
}

/** Hurwitz' ζ(input, other) = Σ (k + other)^−input, broadcast; no derivative in input. See torch.special.zeta. */
export const zeta: Binary = binary('zeta', 'SpecialZeta', 'Zeta', { saves: 'both', computeIn: () => 'float32' }, [
  undifferentiable('zeta')[0],
  (g, a, b) => {
    const s = asTensor(a, g);
    return g.mul(s.neg()).mul(zeta(s.add(1), b));
  },
]);

function incompleteGamma(name: string, node: string, kernel: string, sign: 1 | -1) {
  const form = `${name}(input, other)`;
  return function (input: Tensor, other: Tensor): Tensor {
    noMore(form, arguments.length, 2);
    checkTensor(name, input);
    checkTensor(name, other, 'other');
    floatOnly(`${name}_cpu`, input, other);
    broadcastShape(input.shape, other.shape);
    const value = withValues([input, other], 'float32', (a, b) => run(kernel, { a, b }));
    return recordBinary(value, node, input, other, 'both', [
      undifferentiable(name)[0],
      (g, a, b) => {
        const [s, x] = [a as Tensor, b as Tensor];
        return g.mul(s.sub(1).mul(x.log()).sub(x).sub(lgamma(s)).exp()).mul(sign);
      },
    ]);
  };
}

type OfTensors = (input: Tensor, other: Tensor) => Tensor;

/** The regularised lower incomplete gamma function P(input, other), broadcast; no derivative in input. See torch.igamma. */
export const igamma: OfTensors = incompleteGamma('igamma', 'Igamma', 'Igamma', 1);
/** The regularised upper incomplete gamma function, 1 − {@link igamma}. See torch.igammac. */
export const igammac: OfTensors = incompleteGamma('igammac', 'Igammac', 'Igammac', -1);
/** In-place {@link igamma}. See torch.Tensor.igamma_. */
export const igamma_: OfTensors = inPlaceOf('igamma_', igamma);
/** In-place {@link igammac}. See torch.Tensor.igammac_. */
export const igammac_: OfTensors = inPlaceOf('igammac_', igammac);

/** The logarithm of the multivariate gamma function of dimension `p`. See torch.mvlgamma. */
export function mvlgamma(input: Tensor, p: number): Tensor {
  noMore('mvlgamma(input, p)', arguments.length, 2);
  checkTensor('mvlgamma', input);
  if (!(p >= 1)) throw new RuntimeError(`mvlgamma: p has to be greater than or equal to 1, got ${p}`);
  const constant = ((p * (p - 1)) / 4) * Math.log(PI);
  let sum = lgamma(input);
  for (let i = 1; i < p; i++) sum = sum.add(lgamma(input.sub(i / 2)));
  return sum.add(constant);
}

/** In-place {@link mvlgamma}. See torch.Tensor.mvlgamma_. */
export const mvlgamma_: typeof mvlgamma = inPlaceOf('mvlgamma_', mvlgamma);
