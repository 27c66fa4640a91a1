import type { Tensor } from '../tensor/tensor';
import type { ParamGroup } from './optimizer';
import { Rule, type Slots, slotOf } from './rule';

/** Base of the rules that keep averages of the gradient and of its square, as Adam does. */
export abstract class AdamLike<O extends { betas: readonly [number, number] }> extends Rule<O> {
  protected override init(p: Tensor, _group: ParamGroup<O>): Slots {
    return { expAvg: slotOf(p), expAvgSq: slotOf(p) };
  }
}

/** The weights of both averages. */
export function weights([beta1, beta2]: readonly [number, number]) {
  return { weight1: 1 - beta1, beta2, weight2: 1 - beta2 };
}
