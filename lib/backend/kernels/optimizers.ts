import * as tf from '@tensorflow/tfjs';
import { defineInPlaceKernel } from '../inPlace';
import { attrList, constant, nativeOpMulti } from '../kernel';

const apply = (op: string, inputs: tf.Tensor[], more: Record<string, boolean> = {}) =>
  void nativeOpMulti(op, attrList({ T: 'float32', use_locking: false, ...more }), inputs, 0);

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

/** As the native kernel has it, in float32 throughout. */
function moments(m: tf.Tensor, v: tf.Tensor, g: tf.Tensor, { beta1, beta2 }: Betas): [tf.Tensor, tf.Tensor] {
  const rest = (beta: number) => constant(1 - Math.fround(beta));
  return [tf.add(m, tf.mul(tf.sub(g, m), rest(beta1))), tf.add(v, tf.mul(tf.sub(tf.square(g), v), rest(beta2)))];
}
