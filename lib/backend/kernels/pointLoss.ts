import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineOwnKernel, nativeOpMulti, type Value } from '../kernel';
import { select } from './moves';

/** In the order of native/ops/point_losses.h. */
const KINDS = [
  'squared',
  'absolute',
  'huber',
  'logistic',
  'entropy',
  'poisson',
  'softMargin',
  'divergence',
  'twoSided',
  'ranking',
  'hinge',
  'cosine',
  'excess',
] as const;
export type PointLossKind = (typeof KINDS)[number];

export type PointLoss = {
  kind: PointLossKind;
  reduction: 'mean' | 'sum' | 'none';
  /** Where huber's square meets its line. */
  bound: number;
  /** A factor of all. */
  scale: number;
};

const CODES = { mean: 'm', sum: 's', none: 'e' } as const;

/**
 * The losses of `x` by targets `t` of its shape, or their mean or sum; and from the same pass their slopes, in a mean as parts of
 * it. 'entropy' throws at the first element that is no probability.
 */
defineOwnKernel<PointLoss>('PointLoss', {
  native: ({ x, t }, { kind, reduction, bound, scale }) => {
    const attrs = attrList({
      op: CODES[reduction].charCodeAt(0),
      k: KINDS.indexOf(kind),
      bound: { float: bound },
      scale: { float: scale },
    });
    return nativeOpMulti('FlambeauPointLoss', attrs, [x!, t!], 2);
  },
  reference: ({ x, t }, { kind, reduction, bound, scale }) => {
    const [each, slopes] = REFERENCES[kind](x!, t!, bound).map((value) => tf.mul(value, scale)) as [Value, Value];
    if (reduction === 'none') return [each, slopes];
    if (reduction === 'sum') return [tf.sum(each), slopes];
    return [tf.div(tf.sum(each), x!.size), tf.div(slopes, x!.size)];
  },
});

/** The loss of each element, and its slope. */
type Reference = (x: Value, t: Value, bound: number) => [loss: Value, slope: Value];

const REFERENCES: Record<PointLossKind, Reference> = {
  squared(x, t) {
    const d = tf.sub(x, t);
    return [tf.square(d), tf.mul(d, 2)];
  },
  absolute(x, t) {
    const d = tf.sub(x, t);
    return [tf.abs(d), tf.sub(tf.cast(tf.greater(d, 0), 'float32'), tf.cast(tf.less(d, 0), 'float32'))];
  },
  huber(x, t, bound) {
    const d = tf.sub(x, t);
    const size = tf.abs(d);
    const line = tf.mul(tf.sub(size, bound / 2), bound);
    const above = select(tf.greaterEqual(d, bound), constant(bound), d);
    return [
      select(tf.less(size, bound), tf.mul(tf.square(d), 0.5), line),
      select(tf.lessEqual(d, -bound), constant(-bound), above),
    ];
  },
  logistic(x, t) {
    const log = tf.neg(tf.softplus(tf.neg(x)));
    return [tf.sub(tf.mul(tf.sub(1, t), x), log), tf.sub(tf.sigmoid(x), t)];
  },
  entropy(x, t) {
    checkProbabilities('input', x);
    checkProbabilities('target', t);
    const log = tf.maximum(tf.log(x), -100);
    const other = tf.maximum(tf.log1p(tf.neg(x)), -100);
    const variance = tf.maximum(tf.mul(tf.sub(1, x), x), 1e-12);
    return [tf.sub(tf.mul(tf.sub(t, 1), other), tf.mul(t, log)), tf.div(tf.sub(x, t), variance)];
  },
  poisson(x, t) {
    const e = tf.exp(x);
    return [tf.sub(e, tf.mul(t, x)), tf.sub(e, t)];
  },
  softMargin(x, t) {
    const z = tf.exp(tf.mul(tf.neg(x), t));
    return [tf.log1p(z), tf.div(tf.mul(tf.neg(t), z), tf.add(z, 1))];
  },
  divergence(x, t) {
    const own = select(tf.equal(t, 0), t, tf.mul(t, tf.log(t)));
    return [tf.sub(own, tf.mul(t, x)), tf.neg(t)];
  },
  twoSided(x, t) {
    const [log, other] = [tf.neg(tf.softplus(tf.neg(x))), tf.neg(tf.softplus(x))];
    const [y, no] = [tf.sigmoid(x), tf.sub(1, t)];
    return [tf.neg(tf.add(tf.mul(t, log), tf.mul(no, other))), tf.sub(tf.mul(no, y), tf.mul(t, tf.sub(1, y)))];
  },
  ranking(x, t, bound) {
    const d = tf.sub(bound, tf.mul(t, x));
    return [select(tf.less(d, 0), constant(0), d), tf.mul(tf.cast(tf.greaterEqual(d, 0), 'float32'), tf.neg(t))];
  },
  hinge(x, t, bound) {
    const d = tf.sub(bound, x);
    const [isNear, isFar] = [tf.notEqual(t, -1), tf.notEqual(t, 1)];
    const far = select(tf.logicalAnd(isFar, tf.logicalNot(tf.less(d, 0))), d, constant(0));
    const falls = tf.logicalAnd(isFar, tf.greaterEqual(d, 0));
    return [tf.add(far, select(isNear, x, constant(0))), tf.sub(tf.cast(isNear, 'float32'), tf.cast(falls, 'float32'))];
  },
  cosine(x, t, bound) {
    const [d, alike, apart] = [tf.sub(x, bound), tf.equal(t, 1), tf.equal(t, -1)];
    const far = select(tf.logicalAnd(apart, tf.logicalNot(tf.less(d, 0))), d, constant(0));
    const rises = tf.cast(tf.logicalAnd(apart, tf.greaterEqual(d, 0)), 'float32');
    return [select(alike, tf.sub(1, x), far), tf.sub(rises, tf.cast(alike, 'float32'))];
  },
  excess(x, t, bound) {
    const d = tf.add(tf.sub(x, t), bound);
    return [select(tf.less(d, 0), constant(0), d), tf.cast(tf.greaterEqual(d, 0), 'float32')];
  },
};

function checkProbabilities(name: string, x: Value): void {
  const values = x.dataSync();
  const at = values.findIndex((p) => !(p >= 0 && p <= 1));
  if (at >= 0)
    throw new RangeError(`all elements of ${name} should be between 0 and 1, got ${values[at]} at index ${at}`);
}
