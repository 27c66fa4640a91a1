import type { Value } from '../backend/engine';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import type { ParamGroup, Slots } from './optimizer';
import { slotOf } from './rule';
import { ScaledOptimizer } from './scaled';

/** Base of the rules that keep averages of the gradient and of its square, as Adam does. */
export abstract class AdamLike<O extends { betas: readonly [number, number] }> extends ScaledOptimizer<O> {
  protected override scaledBy({ betas }: ParamGroup<O>): number {
    return betas[1];
  }

  protected override init(p: Tensor, _group: ParamGroup<O>): Slots {
    return { expAvg: slotOf(p), expAvgSq: slotOf(p) };
  }
}

/**
 * Brings both averages up to date, then p ← p − stepSize · expAvg / (√expAvgSq + eps); with `maxExpAvgSq`, the largest
 * expAvgSq so far is in its place.
 */
export function applyAdam(
  p: Tensor,
  g: Tensor,
  { expAvg, expAvgSq, maxExpAvgSq }: Slots,
  { stepSize, eps }: { stepSize: Value; eps: Value },
  [beta1, beta2]: readonly [number, number],
): void {
  // The kernel's m + (g − m)(1 − β) would cancel where it is to be g.
  if (beta1 === 0) expAvg!.zero_();
  if (beta2 === 0) expAvgSq!.zero_();
  const storages = { p: p._storage, m: expAvg!._storage, v: expAvgSq!._storage };
  const inputs = { stepSize, eps, g: g._value };
  if (!maxExpAvgSq) return runInPlace('ApplyAdam', storages, inputs, { beta1, beta2 });
  runInPlace('ApplyAdamWithAmsgrad', { ...storages, vMax: maxExpAvgSq._storage }, inputs, { beta1, beta2 });
}
