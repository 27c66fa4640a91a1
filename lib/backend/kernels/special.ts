import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { digamma, erfc, erfinv, lgamma, logOf, polygamma } from './specialFunctions';

/** Special functions of float32. tfjs has none of them: the references compute in JavaScript. */

const float = () => attrList({ T: 'float32' });

/** `fn` of each element. */
function mapped(x: Value, fn: (x: number) => number): Value {
  return tf.tensor(Float32Array.from(x.dataSync(), fn), x.shape, 'float32');
}

const FUNCTIONS: [op: string, fn: (x: number) => number][] = [
  ['Erfc', erfc],
  ['Erfinv', erfinv],
  ['Lgamma', lgamma],
];

for (const [op, fn] of FUNCTIONS) {
  defineKernel(op, { native: ({ x }) => nativeOp(op, float(), [x!]), reference: ({ x }) => mapped(x!, fn) });
}

/** TensorFlow's has ∞ or NaN at 0 whatever its sign, and a number at −∞. */
defineKernel('Digamma', {
  native: ({ x }) =>
    tf.tidy(() => {
      const atZero = tf.where(tf.equal(x!, 0), tf.div(-1, x!), nativeOp('Digamma', float(), [x!]));
      const pole = tf.logicalAnd(tf.less(x!, 0), tf.equal(x!, tf.floor(x!)));
      return tf.where(pole, Number.NaN, atZero);
    }),
  reference: ({ x }) => mapped(x!, digamma),
});

/** The n-th derivative of digamma, n ≥ 1. TensorFlow's knows no negative x at n = 1. */
defineKernel<{ n: number }>('PolygammaOf', {
  native: ({ x }, { n }) => {
    const at = (v: Value) => nativeOp('Polygamma', float(), [tf.fill(v.shape, n), v]);
    if (n > 1) return tf.tidy(() => at(x!));
    return tf.tidy(() => {
      const low = tf.less(x!, 0.5);
      const mirrored = at(tf.where(low, tf.sub(1, x!), x!));
      const reflected = tf.sub(tf.square(tf.div(Math.PI, tf.sin(tf.mul(Math.PI, x!)))), mirrored);
      return tf.where(low, reflected, mirrored);
    });
  },
  reference: ({ x }, { n }) => mapped(x!, (v) => polygamma(n, v)),
});

/** The logarithm to `base`, exact at its whole powers, where ln x / ln b is not. */
defineKernel<{ base: number }>('LogOf', {
  native: ({ x }, { base }) =>
    tf.tidy(() => {
      const quotient = nativeOp('Mul', float(), [nativeOp('Log', float(), [x!]), constant(1 / Math.log(base))]);
      const whole = nativeOp('Rint', float(), [quotient]);
      const power = nativeOp('Pow', float(), [constant(base), whole]);
      return tf.where(tf.equal(power, x!), whole, quotient);
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
