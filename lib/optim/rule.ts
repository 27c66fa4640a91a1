/** What the rules are made of. */
import type { Value } from '../backend/engine';
import { runInPlace } from '../backend/inPlace';
import { fullLike } from '../tensor/creation';
import { unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';

/** A new slot for `p`, filled with one value; it outlives the step. */
export function slotOf(p: Tensor, value = 0): Tensor {
  return unscoped(() => fullLike(p, value));
}

/** The gradient that a rule sees: negated to maximize, and with the L2 penalty's. */
export function effective(p: Tensor, grad: Tensor, maximize: boolean, weightDecay: number): Tensor {
  if (weightDecay === 0) return maximize ? grad.neg() : grad;
  const decay = p.mul(weightDecay);
  return maximize ? decay.sub(grad) : decay.add(grad);
}

/** p ← p − scale · direction. */
export function descend(p: Tensor, scale: Value, direction: Tensor): void {
  runInPlace('ApplySgd', { p: p._storage }, { lr: scale, g: direction._value });
}

/** average ← average + weight · (x − average). */
export function lerp(average: Tensor, weight: Value, x: Tensor): void {
  descend(average, weight, average.sub(x));
}

/** p ← factor · p. */
export function shrink(p: Tensor, factor: Value): void {
  runInPlace('ApplyDecay', { p: p._storage }, { factor });
}

/** slot ← x. */
export function assign(slot: Tensor, x: Tensor): void {
  runInPlace('Assign', { p: slot._storage }, { x: x._value });
}
