import * as tf from '@tensorflow/tfjs';
import { defineInPlaceKernel } from '../inPlace';
import { attrList, type Chain, constant, nativeChain, nativeOpMulti } from '../kernel';

const apply = (op: string, inputs: tf.Tensor[], more: Record<string, boolean> = {}) =>
  void nativeOpMulti(op, attrList({ T: 'float32', use_locking: false, ...more }), inputs, 0);

const float = () => attrList({ T: 'float32' });
const variable = () => attrList({ dtype: 'float32' });
const descent = () => attrList({ T: 'float32', use_locking: false });

/** The sign, which of NaN is 0. */
const sign = (op: Chain['op'], id: number, zero: number) =>
  op('Sign', float(), [op('SelectV2', float(), [op('IsNan', float(), [id]), zero, id])]);

/** p ← x. */
defineInPlaceKernel('Assign', {
  targets: ['p'],
  native: ({ p, x }) => void nativeOpMulti('AssignVariableOp', variable(), [p!, x!], 0),
  reference: ({ x }) => [tf.clone(x!)],
});

/** p ← factor · p. */
defineInPlaceKernel('ApplyDecay', {
  targets: ['p'],
  native: ({ p, factor }) =>
    nativeChain({ p: p!, factor: factor! }, ({ op, change, free }, ids) => {
      const value = op('ReadVariableOp', variable(), [ids.p]);
      const product = op('Mul', float(), [value, ids.factor]);
      free(value);
      change('AssignVariableOp', variable(), [ids.p, product]);
    }),
  reference: ({ p, factor }) => [tf.mul(p!, factor!)],
});

/** p ← p − lr · g. */
defineInPlaceKernel('ApplySgd', {
  targets: ['p'],
  native: ({ p, lr, g }) => apply('ResourceApplyGradientDescent', [p!, lr!, g!]),
  reference: ({ p, lr, g }) => [tf.sub(p!, tf.mul(lr!, g!))],
});

/** buffer ← momentum · buffer + g; p ← p − lr · buffer, or with nesterov p ← p − lr · (g + momentum · buffer). */
defineInPlaceKernel<{ momentum: number; nesterov: boolean }>('ApplyMomentum', {
  targets: ['p', 'buffer'],
  native: ({ p, buffer, lr, g }, { momentum, nesterov }) =>
    apply('ResourceApplyMomentum', [p!, buffer!, lr!, g!, constant(momentum)], { use_nesterov: nesterov }),
  reference: ({ p, buffer, lr, g }, { momentum, nesterov }) => {
    const next = tf.add(tf.mul(buffer!, constant(momentum)), g!);
    const direction = nesterov ? tf.add(g!, tf.mul(next, constant(momentum))) : next;
    return [tf.sub(p!, tf.mul(lr!, direction)), next];
  },
});

type Betas = { beta1: number; beta2: number };

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − stepSize · m / (√v + eps). What depends on the step comes folded into
 * `stepSize` and `eps`: the kernel's own bias correction is in float32.
 */
defineInPlaceKernel<Betas>('ApplyAdam', {
  targets: ['p', 'm', 'v'],
  native: ({ p, m, v, stepSize, eps, g }, { beta1, beta2 }) => {
    const scalars = [constant(0), constant(0), stepSize!, constant(beta1), constant(beta2), eps!];
    apply('ResourceApplyAdam', [p!, m!, v!, ...scalars, g!], { use_nesterov: false });
  },
  reference: ({ p, m, v, stepSize, eps, g }, betas) => {
    const [m1, v1] = moments(m!, v!, g!, betas);
    return [tf.sub(p!, tf.div(tf.mul(stepSize!, m1), tf.add(tf.sqrt(v1), eps!))), m1, v1];
  },
});

/** As ApplyAdam, dividing by the largest v so far. */
defineInPlaceKernel<Betas>('ApplyAdamWithAmsgrad', {
  targets: ['p', 'm', 'v', 'vMax'],
  native: ({ p, m, v, vMax, stepSize, eps, g }, { beta1, beta2 }) => {
    const scalars = [constant(0), constant(0), stepSize!, constant(beta1), constant(beta2), eps!];
    apply('ResourceApplyAdamWithAmsgrad', [p!, m!, v!, vMax!, ...scalars, g!]);
  },
  reference: ({ p, m, v, vMax, stepSize, eps, g }, betas) => {
    const [m1, v1] = moments(m!, v!, g!, betas);
    const largest = tf.maximum(vMax!, v1);
    return [tf.sub(p!, tf.div(tf.mul(stepSize!, m1), tf.add(tf.sqrt(largest), eps!))), m1, v1, largest];
  },
});

/** m ← β₁m + (1−β₁)g; u ← max(β₂u, |g| + eps); p ← p − stepSize · m / u. */
defineInPlaceKernel<Betas & { eps: number }>('ApplyAdamax', {
  targets: ['p', 'm', 'u'],
  native: ({ p, m, u, stepSize, g }, { beta1, beta2, eps }) => {
    // TensorFlow's own u has no eps: it comes computed, and with β₂ = 1 stays as it is.
    const scalars = { one: constant(1), zero: constant(0), beta1: constant(beta1), beta2: constant(beta2) };
    const all = { p: p!, m: m!, u: u!, stepSize: stepSize!, g: g!, ...scalars, eps: constant(eps) };
    nativeChain(all, ({ op, change, free }, ids) => {
      const old = op('ReadVariableOp', variable(), [ids.u]);
      const size = op('AddV2', float(), [op('Abs', float(), [ids.g]), ids.eps]);
      const next = op('Maximum', float(), [op('Mul', float(), [old, ids.beta2]), size]);
      free(old);
      change('AssignVariableOp', variable(), [ids.u, next]);
      free(next);
      const rest = [ids.zero, ids.stepSize, ids.beta1, ids.one, ids.zero, ids.g];
      change('ResourceApplyAdaMax', descent(), [ids.p, ids.m, ids.u, ...rest]);
    });
  },
  reference: ({ p, m, u, stepSize, g }, { beta1, beta2, eps }) => {
    const m1 = average(m!, g!, beta1);
    const u1 = tf.maximum(tf.mul(u!, constant(beta2)), tf.add(tf.abs(g!), constant(eps)));
    return [tf.sub(p!, tf.mul(stepSize!, tf.div(m1, u1))), m1, u1];
  },
});

/** v ← v − weight · (v − g²); p ← p − lr · g / (√v + eps). */
defineInPlaceKernel('ApplyRmsprop', {
  targets: ['p', 'v'],
  native: ({ p, v, lr, eps, weight, g }) =>
    nativeChain({ p: p!, v: v!, lr: lr!, eps: eps!, weight: weight!, g: g! }, ({ op, change, free }, ids) => {
      const old = op('ReadVariableOp', variable(), [ids.v]);
      const excess = op('Sub', float(), [old, op('Square', float(), [ids.g])]);
      free(old);
      change('ResourceApplyGradientDescent', descent(), [ids.v, ids.weight, excess]);
      const attrs = attrList({ T: 'float32', use_locking: false, update_slots: false });
      change('ResourceApplyAdagradV2', attrs, [ids.p, ids.v, ids.lr, ids.eps, ids.g]);
    }),
  reference: ({ p, v, lr, eps, weight, g }) => {
    const next = tf.sub(v!, tf.mul(weight!, tf.sub(v!, tf.square(g!))));
    return [rootStep(p!, next, lr!, eps!, g!), next];
  },
});

/** p ← p − lr · sign(β₁m + (1−β₁)g); m ← m − weight · (m − g). */
defineInPlaceKernel<{ beta1: number }>('ApplyLion', {
  targets: ['p', 'm'],
  native: ({ p, m, lr, weight, g }, { beta1 }) => {
    const scalars = { beta1: constant(beta1), rest: constant(1 - beta1), zero: constant(0) };
    nativeChain({ p: p!, m: m!, lr: lr!, weight: weight!, g: g!, ...scalars }, ({ op, change, free }, ids) => {
      const old = op('ReadVariableOp', variable(), [ids.m]);
      const parts = [op('Mul', float(), [old, ids.beta1]), op('Mul', float(), [ids.g, ids.rest])];
      const direction = sign(op, op('AddV2', float(), parts), ids.zero);
      const excess = op('Sub', float(), [old, ids.g]);
      free(old);
      change('ResourceApplyGradientDescent', descent(), [ids.p, ids.lr, direction]);
      change('ResourceApplyGradientDescent', descent(), [ids.m, ids.weight, excess]);
    });
  },
  reference: ({ p, m, lr, weight, g }, { beta1 }) => {
    const direction = tf.sign(tf.add(tf.mul(m!, constant(beta1)), tf.mul(g!, constant(1 - beta1))));
    return [tf.sub(p!, tf.mul(lr!, direction)), tf.sub(m!, tf.mul(weight!, tf.sub(m!, g!)))];
  },
});

/** sum ← sum + g²; p ← p − lr · g / (√sum + eps). */
defineInPlaceKernel('ApplyAdagrad', {
  targets: ['p', 'sum'],
  native: ({ p, sum, lr, eps, g }) =>
    apply('ResourceApplyAdagradV2', [p!, sum!, lr!, eps!, g!], { update_slots: true }),
  reference: ({ p, sum, lr, eps, g }) => {
    const next = tf.add(sum!, tf.square(g!));
    return [rootStep(p!, next, lr!, eps!, g!), next];
  },
});

/** p ← p − lr · g / (√v + eps). */
defineInPlaceKernel('ApplyRootScaled', {
  targets: ['p', 'v'],
  native: ({ p, v, lr, eps, g }) => apply('ResourceApplyAdagradV2', [p!, v!, lr!, eps!, g!], { update_slots: false }),
  reference: ({ p, v, lr, eps, g }) => [rootStep(p!, v!, lr!, eps!, g!), tf.clone(v!)],
});

const rootStep = (p: tf.Tensor, v: tf.Tensor, lr: tf.Tensor, eps: tf.Tensor, g: tf.Tensor) =>
  tf.sub(p, tf.div(tf.mul(lr, g), tf.add(tf.sqrt(v), eps)));

/** v ← ρv + (1−ρ)g²; δ = √(d + eps) / √(v + eps) · g; d ← ρd + (1−ρ)δ²; p ← p − lr · δ. */
defineInPlaceKernel<{ rho: number }>('ApplyAdadelta', {
  targets: ['p', 'v', 'd'],
  native: ({ p, v, d, lr, eps, g }, { rho }) =>
    apply('ResourceApplyAdadelta', [p!, v!, d!, lr!, constant(rho), eps!, g!]),
  reference: ({ p, v, d, lr, eps, g }, { rho }) => {
    const mean = (old: tf.Tensor, x: tf.Tensor) =>
      tf.add(tf.mul(old, constant(rho)), tf.mul(tf.square(x), constant(1 - Math.fround(rho))));
    const v1 = mean(v!, g!);
    const delta = tf.mul(tf.div(tf.sqrt(tf.add(d!, eps!)), tf.sqrt(tf.add(v1, eps!))), g!);
    return [tf.sub(p!, tf.mul(lr!, delta)), v1, mean(d!, delta)];
  },
});

type Rprop = { etas: readonly [number, number]; bounds: readonly [number, number] };

/**
 * size ← size times η₊ where g and prev agree in sign, η₋ where not, within the bounds; where not, g is 0;
 * p ← p − size · sign(g); prev ← g.
 */
defineInPlaceKernel<Rprop>('ApplyRprop', {
  targets: ['p', 'prev', 'size'],
  native: ({ p, prev, size, g }, { etas, bounds }) => {
    const factors = { minus: constant(etas[0]), plus: constant(etas[1]), zero: constant(0), one: constant(1) };
    const scalars = { ...factors, low: constant(bounds[0]), high: constant(bounds[1]) };
    nativeChain({ p: p!, prev: prev!, size: size!, g: g!, ...scalars }, ({ op, change }, ids) => {
      const agreement = op('Mul', float(), [ids.g, op('ReadVariableOp', variable(), [ids.prev])]);
      const turned = op('Less', float(), [agreement, ids.zero]);
      const rest = op('SelectV2', float(), [turned, ids.minus, ids.one]);
      const factor = op('SelectV2', float(), [op('Greater', float(), [agreement, ids.zero]), ids.plus, rest]);
      const scaled = op('Mul', float(), [op('ReadVariableOp', variable(), [ids.size]), factor]);
      const next = op('Maximum', float(), [op('Minimum', float(), [scaled, ids.high]), ids.low]);
      const kept = op('SelectV2', float(), [turned, ids.zero, ids.g]);
      const step = op('Mul', float(), [sign(op, kept, ids.zero), next]);
      change('ResourceApplyGradientDescent', descent(), [ids.p, ids.one, step]);
      change('AssignVariableOp', variable(), [ids.size, next]);
      change('AssignVariableOp', variable(), [ids.prev, kept]);
    });
  },
  reference: ({ p, prev, size, g }, { etas, bounds }) => {
    const agreement = tf.mul(g!, prev!);
    const turned = tf.less(agreement, constant(0));
    const rest = tf.where(turned, constant(etas[0]), constant(1));
    const factor = tf.where(tf.greater(agreement, constant(0)), constant(etas[1]), rest);
    const next = tf.maximum(tf.minimum(tf.mul(size!, factor), constant(bounds[1])), constant(bounds[0]));
    const kept = tf.where(turned, tf.zerosLike(g!), g!);
    return [tf.sub(p!, tf.mul(tf.sign(kept), next)), kept, next];
  },
});

/** As the native kernels have it, in float32 throughout. */
function average(old: tf.Tensor, x: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(x, old), constant(1 - Math.fround(beta))));
}

function moments(m: tf.Tensor, v: tf.Tensor, g: tf.Tensor, { beta1, beta2 }: Betas): [tf.Tensor, tf.Tensor] {
  return [average(m, g, beta1), average(v, tf.square(g), beta2)];
}
