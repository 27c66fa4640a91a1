/** Kernels that look at the bits of numbers, or count with them. */
import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';

/** `fn` of the elements of two int32 values, broadcast. */
function eachPair(a: Value, b: Value, fn: (a: number, b: number) => number): Value {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [x, y] = [a, b].map((v) => tf.broadcastTo(v, shape).dataSync()) as [Int32Array, Int32Array];
  return tf.tensor(
    Int32Array.from(x, (v, i) => fn(v, y[i]!)),
    shape,
    'int32',
  );
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function divisors({ a, b }: Record<string, Value>): Value {
  return tf.tidy(() => eachPair(a!, b!, commonDivisor));
}

/** The greatest common divisor; TensorFlow has none. */
defineKernel('CommonDivisor', { native: divisors, reference: divisors });

/** `a` shifted by `b` bits; from 32 on, and for a negative b, all bits go, to the right all but the sign. */
defineKernel<{ right: boolean }>('Shift', {
  native: ({ a, b }, { right }) =>
    tf.tidy(() => {
      const int = attrList({ T: 'int32' });
      const within = tf.logicalAnd(tf.greaterEqual(b!, 0), tf.less(b!, 32));
      const by = tf.where(within, b!, constant(31, 'int32'));
      const shifted = nativeOp(right ? 'RightShift' : 'LeftShift', int, [a!, by]);
      if (right) return shifted;
      return nativeOp('Mul', int, [shifted, tf.cast(within, 'int32')]);
    }),
  reference: ({ a, b }, { right }) =>
    eachPair(a!, b!, (x, n) => {
      const within = n >= 0 && n < 32;
      if (right) return x >> (within ? n : 31);
      return within ? x << n : 0;
    }),
});

/** The neighbour of `a` in the direction of `b`. */
defineKernel('NextAfter', {
  native: ({ a, b }) => nativeOp('NextAfter', attrList({ T: 'float32' }), [a!, b!]),
  reference: ({ a, b }) => {
    const shape = tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape);
    const [x, y] = [a!, b!].map((v) => tf.broadcastTo(v, shape).dataSync());
    return tf.tensor(
      Float32Array.from(x!, (v, i) => nextAfter(v, y![i]!)),
      shape,
      'float32',
    );
  },
});

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
  if (from === to) return to;
  float[0] = from;
  if (from === 0) bits[0] = to > 0 ? 1 : -(2 ** 31) + 1;
  else bits[0]! += to > from === from > 0 ? 1 : -1;
  return float[0]!;
}

/** Mantissas in [½, 1) and exponents: x = mantissa · 2^exponent; 0, infinities and NaN are their own mantissas. */
defineKernel('MantissaExponent', {
  native: ({ x }) => tf.tidy(() => mantissaExponent(x!)),
  reference: ({ x }) => {
    const parts = Array.from(x!.dataSync(), split);
    return [
      tf.tensor(
        parts.map(([m]) => m),
        x!.shape,
        'float32',
      ),
      tf.tensor(
        parts.map(([, e]) => e),
        x!.shape,
        'int32',
      ),
    ];
  },
});

const FRACTION_AND_SIGN = ~0x7f800000;
const HALF = 0x3f000000;

function mantissaExponent(x: Value): Value[] {
  const int = attrList({ T: 'int32' });
  const word = nativeOp('Bitcast', attrList({ T: 'float32', type: 'int32' }), [x]);
  const masked = (v: Value, mask: number) => nativeOp('BitwiseAnd', int, [v, constant(mask, 'int32')]);
  const biased = masked(nativeOp('RightShift', int, [word, constant(23, 'int32')]), 255);
  const half = nativeOp('BitwiseOr', int, [masked(word, FRACTION_AND_SIGN), constant(HALF, 'int32')]);
  const mantissa = nativeOp('Bitcast', attrList({ T: 'int32', type: 'float32' }), [half]);
  const plain = tf.logicalAnd(tf.greater(biased, 0), tf.less(biased, 255));
  return [tf.where(plain, mantissa, x), tf.mul(tf.sub(biased, constant(126, 'int32')), tf.cast(plain, 'int32'))];
}

function split(x: number): [number, number] {
  float[0] = x;
  const biased = (bits[0]! >> 23) & 255;
  if (biased === 0 || biased === 255) return [x, 0];
  bits[0] = (bits[0]! & FRACTION_AND_SIGN) | HALF;
  return [float[0]!, biased - 126];
}
