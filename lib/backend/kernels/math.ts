import * as tf from '@tensorflow/tfjs';
import type { Attrs } from '../engine';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { expandReference, select, typeOf } from './moves';

type Inputs = Record<string, Value>;

/** A kernel of several ops that every backend has. */
function defineComposite<A extends Attrs>(name: string, fn: (inputs: Inputs, attrs: A) => Value): void {
  defineKernel<A>(name, { native: (inputs, attrs) => tf.tidy(() => fn(inputs, attrs)), reference: fn });
}

/** A kernel of two operands in JavaScript, where tfjs has none. */
function mapped(a: Value, b: Value, fn: (a: number, b: number) => number): Value {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [x, y] = [a, b].map((v) => expandReference(v, shape).dataSync()) as [Int32Array, Int32Array];
  const values = typeOf(a) === 'float32' ? new Float32Array(x.length) : new Int32Array(x.length);
  for (let i = 0; i < values.length; i++) values[i] = fn(x[i]!, y[i]!);
  return tf.tensor(values, shape, typeOf(a));
}

/** What is left of a / b rounded towards zero; an integer by 0 is an error. */
type Mod = (a: Value, b: Value) => Value;

const modNative: Mod = (a, b) => nativeOp('TruncateMod', attrList({ T: typeOf(a) }), [a, b]);
const modReference: Mod = (a, b) => {
  if (typeOf(a) !== 'float32' && b.dataSync().includes(0)) throw new RangeError('Integer division by zero');
  return mapped(a, b, (x, y) => x % y);
};

/** What is left of a / b rounded down, so of b's sign: as PyTorch computes it, infinite b included. */
function flooredMod(a: Value, b: Value, mod: Mod): Value {
  const rest = mod(a, b);
  return select(otherSide(rest, b), tf.add(rest, b), rest);
}

/** True where the quotient that left `rest` has to go down by one. */
function otherSide(rest: Value, b: Value): Value {
  const apart = tf.logicalXor(tf.less(b, zero(b)), tf.less(rest, zero(b)));
  return tf.logicalAnd(tf.notEqual(rest, zero(b)), apart);
}

const zero = (like: Value) => tf.scalar(0, typeOf(like));

/** a / b rounded down, of the exact quotient: a / b itself may round up to the next integer. For float32. */
function flooredDiv(a: Value, b: Value, mod: Mod): Value {
  const rest = mod(a, b);
  const quotient = tf.sub(tf.div(tf.sub(a, rest), b), tf.cast(otherSide(rest, b), 'float32'));
  const down = tf.floor(quotient);
  const nearest = tf.add(down, tf.cast(tf.greater(tf.sub(quotient, down), 0.5), 'float32'));
  const exact = tf.div(a, b);
  // A quotient of 0 has the sign of the exact one, which times 0 keeps; an infinite divisor leaves −1 or 0.
  return select(tf.equal(b, 0), exact, select(tf.equal(nearest, 0), tf.mul(exact, 0), nearest));
}

defineKernel('TruncatedMod', {
  native: ({ a, b }) => modNative(a!, b!),
  reference: ({ a, b }) => modReference(a!, b!),
});
defineKernel('FlooredMod', {
  native: ({ a, b }) => tf.tidy(() => flooredMod(a!, b!, modNative)),
  reference: ({ a, b }) => flooredMod(a!, b!, modReference),
});
defineKernel('FlooredDiv', {
  native: ({ a, b }) => tf.tidy(() => flooredDiv(a!, b!, modNative)),
  reference: ({ a, b }) => flooredDiv(a!, b!, modReference),
});

type Bitwise = { op: 'And' | 'Or' | 'Xor' };

const BITWISE: Record<Bitwise['op'], (a: number, b: number) => number> = {
  And: (a, b) => a & b,
  Or: (a, b) => a | b,
  Xor: (a, b) => a ^ b,
};

/** Bit by bit, of int32. */
defineKernel<Bitwise>('Bitwise', {
  native: ({ a, b }, { op }) => nativeOp(`Bitwise${op}`, attrList({ T: 'int32' }), [a!, b!]),
  reference: ({ a, b }, { op }) => mapped(a!, b!, BITWISE[op]),
});

/** `x` raised to at least `low`, then lowered to at most `high`, which is not below it; NaN stays. */
defineKernel('Clamp', {
  native: ({ x, low, high }) => nativeOp('ClipByValue', attrList({ T: typeOf(x!) }), [x!, low!, high!]),
  reference: ({ x, low, high }) => tf.minimum(tf.maximum(x!, low!), high!),
});

/** √(a² + b²) without overflow; infinite if either is. */
defineComposite('Hypot', ({ a, b }) => {
  const [x, y] = [tf.abs(a!), tf.abs(b!)];
  const [large, small] = [tf.maximum(x, y), tf.minimum(x, y)];
  const length = tf.mul(large, tf.sqrt(tf.add(1, tf.square(tf.div(small, large)))));
  const infinite = tf.logicalOr(tf.isInf(x), tf.isInf(y));
  return select(infinite, constant(Number.POSITIVE_INFINITY), select(tf.equal(large, 0), large, length));
});

/** log(bᵃ + bᵇ) to the base b = e^`scale`, without overflow. */
defineComposite<{ scale: number }>('LogAddExp', ({ a, b }, { scale }) => {
  const large = tf.maximum(a!, b!);
  const distance = tf.abs(tf.sub(a!, b!));
  const rest = tf.div(tf.log1p(tf.exp(tf.mul(distance, -scale))), scale);
  // ∞ − ∞ is NaN.
  return select(tf.logicalAnd(tf.equal(a!, b!), tf.isInf(large)), large, tf.add(large, rest));
});

/** a · ln b; 0 where a is, unless b is NaN. */
defineComposite('XLogY', ({ a, b }) => {
  const none = tf.logicalAnd(tf.equal(a!, 0), tf.logicalNot(tf.isNaN(b!)));
  return select(none, constant(0), tf.mul(a!, tf.log(b!)));
});

/** sin(πx) / πx, 1 at 0. */
defineComposite('Sinc', ({ x }) => {
  const angle = tf.mul(x!, Math.PI);
  return select(tf.equal(x!, 0), constant(1), tf.div(tf.sin(angle), angle));
});

/** x without its integer part. */
defineComposite('Frac', ({ x }) => tf.sub(x!, tf.mul(tf.sign(x!), tf.floor(tf.abs(x!)))));

/** `nan`, `posinf` and `neginf` in the place of those. */
defineComposite<{ nan: number; posinf: number; neginf: number }>('NanToNum', ({ x }, { nan, posinf, neginf }) => {
  const infinite = select(tf.greater(x!, 0), constant(posinf), constant(neginf));
  return select(tf.isNaN(x!), constant(nan), select(tf.isInf(x!), infinite, x!));
});

/** The larger or smaller of float32, a NaN giving way to a number. */
defineComposite<{ op: 'Maximum' | 'Minimum' }>('NumberExtreme', ({ a, b }, { op }) => {
  const extreme = op === 'Maximum' ? tf.maximum(a!, b!) : tf.minimum(a!, b!);
  return select(tf.isNaN(a!), b!, select(tf.isNaN(b!), a!, extreme));
});

/** From a to b by the part w: from the nearer end, so that both ends are exact. */
defineComposite('Lerp', ({ a, b, w }) => {
  const way = tf.sub(b!, a!);
  const fromA = tf.add(a!, tf.mul(w!, way));
  const fromB = tf.sub(b!, tf.mul(way, tf.sub(1, w!)));
  return select(tf.less(tf.abs(w!), 0.5), fromA, fromB);
});

/** 0 below 0, 1 above, `b` at 0; of NaN it is 0. */
defineComposite('Heaviside', ({ a, b }) =>
  select(tf.equal(a!, zero(a!)), b!, tf.cast(tf.greater(a!, zero(a!)), typeOf(b!))),
);
