import * as tf from '@tensorflow/tfjs';
import { native } from '../engine';
import { defineInPlaceKernel } from '../inPlace';
import { attrList, constant, nativeOpMulti } from '../kernel';

const apply = (op: string, inputs: tf.Tensor[], more: Record<string, boolean> = {}) =>
  void nativeOpMulti(op, attrList({ T: 'float32', use_locking: false, ...more }), inputs, 0);

/** p ← x. */
defineInPlaceKernel('Assign', {
  targets: ['p'],
  native: ({ p, x }) => void nativeOpMulti('AssignVariableOp', attrList({ dtype: 'float32' }), [p!, x!], 0),
  reference: ({ x }) => [tf.clone(x!)],
});

/** p ← factor · p. */
defineInPlaceKernel('ApplyDecay', {
  targets: ['p'],
  native: ({ p, factor }) => {
    const backend = native()!;
    const { binding } = backend;
    // By bare ids: nobody else sees what comes in between.
    const [variable, by] = backend.getInputTensorIds([p!, factor!]) as [number, number];
    const dtype = attrList({ dtype: 'float32' });
    const [value] = binding.executeOp('ReadVariableOp', dtype, [variable], 1);
    const [product] = binding.executeOp('Mul', attrList({ T: 'float32' }), [value!.id, by], 1);
    binding.deleteTensor(value!.id);
    binding.executeOp('AssignVariableOp', dtype, [variable, product!.id], 0);
    binding.deleteTensor(product!.id);
  },
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

/** m ← β₁m + (1−β₁)g; u ← max(u, |g|); p ← p − stepSize · m / u. */
defineInPlaceKernel<{ beta1: number }>('ApplyAdamax', {
  targets: ['p', 'm', 'u'],
  native: ({ p, m, u, stepSize, g }, { beta1 }) => {
    // Its own max(β₂u, |g|) has no eps: u's decay is not left to it.
    const scalars = [constant(0), stepSize!, constant(beta1), constant(1), constant(0)];
    apply('ResourceApplyAdaMax', [p!, m!, u!, ...scalars, g!]);
  },
  reference: ({ p, m, u, stepSize, g }, { beta1 }) => {
    const m1 = average(m!, g!, beta1);
    const u1 = tf.maximum(u!, tf.abs(g!));
    return [tf.sub(p!, tf.mul(stepSize!, tf.div(m1, u1))), m1, u1];
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

/** As the native kernels have it, in float32 throughout. */
function average(old: tf.Tensor, x: tf.Tensor, beta: number): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(x, old), constant(1 - Math.fround(beta))));
}

function moments(m: tf.Tensor, v: tf.Tensor, g: tf.Tensor, { beta1, beta2 }: Betas): [tf.Tensor, tf.Tensor] {
  return [average(m, g, beta1), average(v, tf.square(g), beta2)];
}
