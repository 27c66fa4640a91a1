/** The optimizers' steps in tfjs' kernels. See native/ops/rules.h. */
import * as tf from '@tensorflow/tfjs';
import type { Value } from '../kernel';
import { type Numbers, defineStep as register, type StepDefinition } from '../step';

const defineStep = register as (name: string, definition: StepDefinition<Value>) => void;

/** As torch.lerp. */
const lerp = (a: Value, weight: number, b: Value): Value =>
  Math.abs(weight) < 0.5
    ? tf.add(a, tf.mul(tf.sub(b, a), weight))
    : tf.sub(b, tf.mul(tf.sub(b, a), Math.fround(1 - weight)));

/** a · x + (b · y) · y. */
const squares = (x: Value, a: number, y: Value, b: number): Value => tf.add(tf.mul(x, a), tf.mul(tf.mul(y, b), y));

/** p − lr · x. */
const descend = (p: Value, lr: number, x: Value): Value => tf.sub(p, tf.mul(x, lr));

/** p − lr · x / size. */
const descendOver = (p: Value, lr: number, x: Value, size: Value): Value => tf.sub(p, tf.div(tf.mul(x, lr), size));

/** √v + eps. */
const root = (v: Value, eps: number): Value => tf.add(tf.sqrt(v), eps);

/** As torch.sign: 0 of NaN. */
const sign = (x: Value): Value => tf.where(tf.isNaN(x), tf.zerosLike(x), tf.sign(x));

/** As torch.maximum: NaN wins, which it does not in every kernel of tfjs. */
const largest = (a: Value, b: Value): Value => tf.where(tf.isNaN(a), a, tf.where(tf.greater(a, b), a, b));

/** p ← p − lr · g. */
defineStep('Sgd', { numbers: ['lr'], reference: ([p], g, { lr }) => [descend(p!, lr!, g)] });

/** buffer ← momentum · buffer + weight · g, or g if it is the first; p ← p − lr · buffer, nesterov: (g + momentum · buffer). */
defineStep('Momentum', {
  numbers: ['lr', 'momentum', 'weight'],
  flags: ['nesterov', 'first'],
  reference: ([p, buffer], g, { lr, momentum, weight }, { nesterov, first }) => {
    const next = first ? tf.clone(g) : tf.add(tf.mul(buffer!, momentum!), tf.mul(g, weight!));
    return [descend(p!, lr!, nesterov ? tf.add(g, tf.mul(next, momentum!)) : next), next];
  },
});

/** p ← p + weight · (g − p). */
defineStep('Average', { numbers: ['weight'], reference: ([p], g, { weight }) => [lerp(p!, weight!, g)] });

/** The averages of the gradient and of its square. */
const MOMENTS = ['weight1', 'beta2', 'weight2'];
const moments = (m: Value, v: Value, g: Value, { weight1, beta2, weight2 }: Numbers): [Value, Value] => [
  lerp(m, weight1!, g),
  squares(v, beta2!, g, weight2!),
];

/** p ← p − lr · m / (√v / root + eps); with amsgrad, v is the largest one so far. */
defineStep('Adam', {
  numbers: [...MOMENTS, 'lr', 'root', 'eps'],
  flags: ['amsgrad'],
  reference: ([p, m, v, most], g, s, { amsgrad }) => {
    const [m1, v1] = moments(m!, v!, g, s);
    const top = amsgrad ? [largest(most!, v1)] : [];
    const size = tf.add(tf.div(tf.sqrt(top[0] ?? v1), s.root!), s.eps!);
    return [descendOver(p!, s.lr!, m1, size), m1, v1, ...top];
  },
});

/** u ← max(β₂u, |g| + eps); p ← p − lr · m / u. */
defineStep('Adamax', {
  numbers: ['lr', 'weight1', 'beta2', 'eps'],
  reference: ([p, m, u], g, s) => {
    const m1 = lerp(m!, s.weight1!, g);
    const u1 = largest(tf.mul(u!, s.beta2!), tf.add(tf.abs(g), s.eps!));
    return [descendOver(p!, s.lr!, m1, u1), m1, u1];
  },
});

/** p ← p − (plain · g + lr · m) / (√(v / correction) + eps). */
defineStep('NAdam', {
  numbers: [...MOMENTS, 'lr', 'plain', 'correction', 'eps'],
  reference: ([p, m, v], g, s) => {
    const [m1, v1] = moments(m!, v!, g, s);
    const size = root(tf.div(v1, s.correction!), s.eps!);
    return [descendOver(descendOver(p!, s.plain!, g, size), s.lr!, m1, size), m1, v1];
  },
});

/** p ← p − lr · m / correction, if rectified times factor · root / (√v + eps). */
defineStep('RAdam', {
  numbers: [...MOMENTS, 'lr', 'correction', 'root', 'factor', 'eps'],
  flags: ['rectified'],
  reference: ([p, m, v], g, s, { rectified }) => {
    const [m1, v1] = moments(m!, v!, g, s);
    const step = tf.mul(tf.div(m1, s.correction!), s.lr!);
    if (!rectified) return [tf.sub(p!, step), m1, v1];
    return [tf.sub(p!, tf.mul(tf.mul(step, tf.div(s.root!, root(v1, s.eps!))), s.factor!)), m1, v1];
  },
});

/** v ← alpha · v + weight · g²; p ← p − lr · x, x ← g / (√v + eps) or its sum with momentum; centered: v − average². */
defineStep('RMSprop', {
  numbers: ['lr', 'alpha', 'weight', 'eps', 'momentum'],
  flags: ['centered', 'momentum'],
  reference: ([p, v, ...rest], g, { lr, alpha, weight, eps, momentum }, flags) => {
    const next = squares(v!, alpha!, g, weight!);
    const average = flags.centered ? [lerp(rest.shift()!, weight!, g)] : [];
    const size = root(average[0] ? tf.sub(next, tf.square(average[0])) : next, eps!);
    if (!flags.momentum) return [descendOver(p!, lr!, g, size), next, ...average];
    const buffer = tf.add(tf.mul(rest[0]!, momentum!), tf.div(g, size));
    return [descend(p!, lr!, buffer), next, ...average, buffer];
  },
});

/**
 * size ← size times plus where g and the one before agree in sign, minus where not, within the bounds; where not, g is 0;
 * p ← p − size · sign(g).
 */
defineStep('Rprop', {
  numbers: ['minus', 'plus', 'low', 'high'],
  reference: ([p, before, size], g, { minus, plus, low, high }) => {
    const agreement = tf.mul(g, before!);
    const turned = tf.less(agreement, 0);
    const factor = tf.where(tf.greater(agreement, 0), plus!, tf.where(turned, minus!, 1));
    const next = tf.minimum(tf.maximum(tf.mul(size!, factor), low!), high!);
    const kept = tf.where(turned, tf.zerosLike(g), g);
    return [tf.sub(p!, tf.mul(sign(kept), next)), kept, next];
  },
});

/** sum ← sum + g²; p ← p − lr · g / (√sum + eps). */
defineStep('Adagrad', {
  numbers: ['lr', 'eps'],
  reference: ([p, sum], g, { lr, eps }) => {
    const next = tf.add(sum!, tf.square(g));
    return [descendOver(p!, lr!, g, root(next, eps!)), next];
  },
});

/** v ← ρv + weight · g²; δ = √(d + eps) / √(v + eps) · g; d ← ρd + weight · δ²; p ← p − lr · δ. */
defineStep('Adadelta', {
  numbers: ['lr', 'rho', 'weight', 'eps'],
  reference: ([p, v, d], g, { lr, rho, weight, eps }) => {
    const next = squares(v!, rho!, g, weight!);
    const delta = tf.mul(tf.div(tf.sqrt(tf.add(d!, eps!)), tf.sqrt(tf.add(next, eps!))), g);
    return [descend(p!, lr!, delta), next, squares(d!, rho!, delta, weight!)];
  },
});

/** p ← shrinking · p − eta · g; average ← p, or if averaging average + mu · (p − average). */
defineStep('Asgd', {
  numbers: ['eta', 'shrinking', 'mu'],
  flags: ['averaging'],
  reference: ([p, average], g, { eta, shrinking, mu }, { averaging }) => {
    const next = descend(tf.mul(p!, shrinking!), eta!, g);
    return [next, averaging ? tf.add(average!, tf.mul(tf.sub(next, average!), mu!)) : tf.clone(next)];
  },
});

/** p ← p − lr · sign(β₁m + weight1 · g); m ← β₂m + weight2 · g. */
defineStep('Lion', {
  numbers: ['lr', 'beta1', 'weight1', 'beta2', 'weight2'],
  reference: ([p, m], g, { lr, beta1, weight1, beta2, weight2 }) => {
    const mixed = (beta: number, weight: number) => tf.add(tf.mul(m!, beta), tf.mul(g, weight));
    return [descend(p!, lr!, sign(mixed(beta1!, weight1!))), mixed(beta2!, weight2!)];
  },
});

/** As Python's max(bound, x): NaN loses. */
const atLeast = (bound: number, x: Value): Value => tf.where(tf.greater(x, bound), x, bound);
const rootMean = (x: Value): Value => tf.sqrt(tf.mean(tf.square(x)));

/**
 * The slots are averages of g², of a matrix its means over rows and over columns; direction = g / √(what they stand for);
 * p ← decay · p − max(eps2, |p|) · rho · direction / max(1, |direction| / limit), where |x| is the root of the mean square.
 */
defineStep('Adafactor', {
  numbers: ['weight', 'rho', 'eps1', 'eps2', 'limit'],
  whole: true,
  reference: ([p, ...slots], grad, { sign, decay, weight, rho, eps1, eps2, limit }) => {
    const g = tf.mul(grad, sign!);
    const square = tf.square(g);
    const means = slots.length === 1 ? [square] : [tf.mean(square, -1, true), tf.mean(square, -2, true)];
    const next = slots.map((slot, i) => lerp(slot, weight!, means[i]!));
    const [rows, columns] = next as [Value, Value?];
    const least = columns && tf.maximum(tf.mean(rows, -2, true), eps1!);
    const variance = columns ? tf.div(tf.mul(rows, columns), least!) : rows;
    const direction = tf.mul(tf.rsqrt(tf.maximum(variance, eps1! * eps1!)), g);
    const scale = tf.div(tf.mul(atLeast(eps2!, rootMean(p!)), rho!), atLeast(1, tf.div(rootMean(direction), limit!)));
    return [tf.sub(tf.mul(p!, decay!), tf.mul(direction, scale)), ...next];
  },
});
