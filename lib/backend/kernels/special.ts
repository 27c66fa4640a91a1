import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { select } from './moves';
import { digamma, erfc, erfinv, lgamma, logOf, polygamma } from './specialFunctions';

/** Special functions of float32. tfjs has none of them: the references compute in JavaScript. */

const float = () => attrList({ T: 'float32' });

/** `fn` of each element. */
function mapped(x: Value, fn: (x: number) => number): Value {
  return tf.tensor(Float32Array.from(x.dataSync(), fn), x.shape, 'float32');
}

const FUNCTIONS: [op: string, fn: (x: number) => number][] = [
  ['Erfc', erfc],
  ['Lgamma', lgamma],
];

for (const [op, fn] of FUNCTIONS) {
  defineKernel(op, { native: ({ x }) => nativeOp(op, float(), [x!]), reference: ({ x }) => mapped(x!, fn) });
}

/** Giles' polynomials for the inverse of erf (Approximating the erfinv function, 2011), highest power first. */
const CENTRE = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

/** TensorFlow's own goes through (x + 1) / 2, which float32 rounds: 0.2 % off near ±1. */
defineKernel('Erfinv', {
  native: ({ x }) =>
    tf.tidy(() => {
      const w = tf.neg(tf.log(tf.mul(tf.sub(1, x!), tf.add(1, x!))));
      const centre = polynomial(CENTRE, tf.sub(w, 2.5));
      const tail = polynomial(TAIL, tf.sub(tf.sqrt(w), 3));
      const root = polished(x!, tf.mul(x!, select(tf.less(w, 5), centre, tail)));
      return select(tf.equal(tf.abs(x!), 1), tf.mul(x!, constant(Number.POSITIVE_INFINITY)), root);
    }),
  reference: ({ x }) => mapped(x!, erfinv),
});

/** A step of Newton's beyond 0.5, where 1 − |x| is exact and erfc tells the last bit. */
function polished(x: Value, root: Value): Value {
  const size = tf.abs(x);
  const error = tf.sub(nativeOp('Erfc', float(), [tf.abs(root)]), tf.sub(1, size));
  const step = tf.mul(tf.mul(error, Math.sqrt(Math.PI) / 2), tf.exp(tf.square(root)));
  return select(tf.less(size, 0.5), root, tf.add(root, tf.mul(step, tf.sign(x))));
}

function polynomial(coefficients: readonly number[], x: Value): Value {
  const [first, ...rest] = coefficients;
  return rest.reduce<Value>((sum, c) => tf.add(tf.mul(sum, x), c), tf.fill(x.shape, first!));
}

/** TensorFlow's has ∞ or NaN at 0 whatever its sign, and a number at −∞. */
defineKernel('Digamma', {
  native: ({ x }) =>
    tf.tidy(() => {
      const atZero = select(tf.equal(x!, 0), tf.div(-1, x!), nativeOp('Digamma', float(), [x!]));
      const pole = tf.logicalAnd(tf.less(x!, 0), tf.equal(x!, tf.floor(x!)));
      return select(pole, constant(Number.NaN), atZero);
    }),
  reference: ({ x }) => mapped(x!, digamma),
});

/** Pₙ of dⁿ cot u / duⁿ = Pₙ(cot u), lowest power first: P₀ = c, and each is −(1 + c²) times the derivative of the one before. */
function cotangentDerivative(n: number): number[] {
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const slope = p.slice(1).map((a, i) => a * (i + 1));
    p = [...slope, 0, 0].map((a, i) => -a - (slope[i - 2] ?? 0));
  }
  return p;
}

/** cot πr for |r| ≤ ½, from the tangent of whichever of πr and π(½ − |r|) is small. */
function cotangentOfTurns(r: Value): Value {
  const size = tf.abs(r);
  const tangent = (turns: Value) => tf.tan(tf.mul(Math.PI, turns));
  return select(tf.less(size, 0.25), tf.div(1, tangent(r)), tf.mul(tf.sign(r), tangent(tf.sub(0.5, size))));
}

/** The n-th derivative of digamma, n ≥ 1. TensorFlow's is right for positive x only: the others are reflected. */
defineKernel<{ n: number }>('PolygammaOf', {
  native: ({ x }, { n }) =>
    tf.tidy(() => {
      const low = tf.less(x!, 0.5);
      const positive = select(low, tf.sub(1, x!), x!);
      const mirrored = nativeOp('Polygamma', float(), [tf.fill(x!.shape, n), positive]);
      const nearest = nativeOp('Rint', float(), [x!]);
      const cotangent = cotangentOfTurns(tf.sub(x!, nearest));
      const turned = tf.mul(-(Math.PI ** (n + 1)), polynomial(cotangentDerivative(n).reverse(), cotangent));
      const reflected = n % 2 === 0 ? tf.add(turned, mirrored) : tf.sub(turned, mirrored);
      const pole = constant(n % 2 === 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
      const isPole = tf.logicalAnd(low, tf.equal(x!, nearest));
      return select(isPole, pole, select(low, reflected, mirrored));
    }),
  reference: ({ x }, { n }) => mapped(x!, (v) => polygamma(n, v)),
});

/** The logarithm to `base`, exact at its whole powers, where ln x / ln b is not. */
defineKernel<{ base: number }>('LogOf', {
  native: ({ x }, { base }) =>
    tf.tidy(() => {
      const quotient = nativeOp('Mul', float(), [nativeOp('Log', float(), [x!]), constant(1 / Math.log(base))]);
      const whole = nativeOp('Rint', float(), [quotient]);
      const power = nativeOp('Pow', float(), [constant(base), whole]);
      return select(tf.equal(power, x!), whole, quotient);
    }),
  reference: ({ x }, { base }) => mapped(x!, (v) => logOf(base, v)),
});

/** True for what has a sign, −0 and NaNs that have one, too. */
defineKernel('SignBit', {
  native: ({ x }) => tf.tidy(() => tf.less(bits(x!), 0)),
  reference: ({ x }) => signBits(x!),
});

function bits(x: Value): Value {
  return nativeOp('Bitcast', attrList({ T: 'float32', type: 'int32' }), [x]);
}

function signBits(x: Value): Value {
  const copy = Float32Array.from(x.dataSync());
  const flags = Uint8Array.from(new Int32Array(copy.buffer), (v) => Number(v < 0));
  return tf.tensor(flags, x.shape, 'bool');
}

/** |a| with the sign of b. */
defineKernel('Copysign', {
  native: ({ a, b }) => tf.tidy(() => signed(a!, tf.less(bits(b!), 0))),
  reference: ({ a, b }) => signed(a!, signBits(b!)),
});

function signed(a: Value, negative: Value): Value {
  return tf.mul(tf.abs(a), tf.sub(1, tf.mul(tf.cast(negative, 'float32'), 2)));
}
