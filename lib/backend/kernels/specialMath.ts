/** The functions of torch.special that TensorFlow has, and erfcx. tfjs has none: the references compute in JavaScript. */
import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { select } from './moves';
import { hurwitz } from './specialFunctions';
import { besselI, igamma, igammac, ndtri, scaledErfc, xlog1py } from './specialSeries';

const float = () => attrList({ T: 'float32' });

const UNARY: [op: string, fn: (x: number) => number][] = [
  ['BesselI0', (x) => besselI(0, x)],
  ['BesselI0e', (x) => besselI(0, x, true)],
  ['BesselI1', (x) => besselI(1, x)],
  ['BesselI1e', (x) => besselI(1, x, true)],
];

for (const [op, fn] of UNARY) {
  defineKernel(op, {
    native: ({ x }) => nativeOp(op, float(), [x!]),
    reference: ({ x }) => tf.tensor(Float32Array.from(x!.dataSync(), fn), x!.shape, 'float32'),
  });
}

/** The normal distribution's quantiles; TensorFlow's is NaN at 1. */
defineKernel('Ndtri', {
  native: ({ x }) =>
    tf.tidy(() => {
      const one = nativeOp('Equal', attrList({ T: 'float32', incompatible_shape_error: true }), [x!, constant(1)]);
      return select(one, constant(Number.POSITIVE_INFINITY), nativeOp('Ndtri', float(), [x!]));
    }),
  reference: ({ x }) => tf.tensor(Float32Array.from(x!.dataSync(), ndtri), x!.shape, 'float32'),
});

const nan = () => constant(Number.NaN);
/** TensorFlow has NaN at the poles of an odd power. */
const zetaPoles = (s: Value, q: Value, y: Value) => {
  const pole = tf.logicalAnd(tf.lessEqual(q, 0), tf.equal(q, tf.floor(q)));
  return select(tf.logicalAnd(pole, tf.greater(s, 1)), constant(Number.POSITIVE_INFINITY), y);
};
/** What is wrong in TensorFlow for a = 0, and where both are infinite. */
const gammaEdges = (atZero: number) => (a: Value, b: Value, y: Value) => {
  const known = select(tf.equal(a, 0), select(tf.greater(b, 0), constant(atZero), nan()), y);
  return select(tf.logicalAnd(tf.isInf(a), tf.isInf(b)), nan(), known);
};

type Binary = [op: string, fn: (a: number, b: number) => number, mend: (a: Value, b: Value, y: Value) => Value];

const BINARY: Binary[] = [
  ['Igamma', igamma, gammaEdges(1)],
  ['Igammac', igammac, gammaEdges(0)],
  ['Zeta', hurwitz, zetaPoles],
  // TensorFlow has 0 for a = 0 even where b is NaN.
  ['Xlog1py', xlog1py, (_a, b, y) => select(tf.isNaN(b), nan(), y)],
];

function eachPair(a: Value, b: Value, fn: (a: number, b: number) => number): Value {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [x, y] = [a, b].map((v) => tf.broadcastTo(v, shape).dataSync());
  return tf.tensor(
    Float32Array.from(x!, (v, i) => fn(v, y![i]!)),
    shape,
    'float32',
  );
}

for (const [op, fn, mend] of BINARY) {
  defineKernel(op, {
    native: ({ a, b }) => tf.tidy(() => mend(a!, b!, nativeOp(op, float(), [a!, b!]))),
    reference: ({ a, b }) => eachPair(a!, b!, fn),
  });
}

/** Chebyshev's fit of ln(erfc(x) e^(x²) / t) in t = 2 / (2 + x), x ≥ 0 (Numerical Recipes, 2nd ed., 6.2), highest power first. */
const SCALED_ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/** e^(x²) erfc(x), without overflow for positive x. */
defineKernel('ScaledErfc', {
  native: ({ x }) =>
    tf.tidy(() => {
      const t = tf.div(2, tf.add(2, tf.abs(x!)));
      const [first, ...rest] = SCALED_ERFC;
      const sum = rest.reduce<Value>((total, c) => tf.add(tf.mul(total, t), c), tf.fill(x!.shape, first!));
      const positive = tf.mul(t, tf.exp(sum));
      const mirrored = tf.sub(tf.mul(2, tf.exp(tf.square(x!))), positive);
      return select(tf.less(x!, 0), mirrored, positive);
    }),
  reference: ({ x }) => tf.tensor(Float32Array.from(x!.dataSync(), scaledErfc), x!.shape, 'float32'),
});
