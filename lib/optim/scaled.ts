import type { Tensor } from '../tensor/tensor';
import { Optimizer, type ParamGroup, type Slots, type State } from './optimizer';
import type { Entries } from './stateDict';

/**
 * Base of the rules whose kernel computes 1 − β in float32: the averages of squares that it keeps are smaller than PyTorch's
 * by a constant factor, {@link shortfall}, which `scalars` makes up for, and state dicts too.
 */
export abstract class ScaledOptimizer<O extends object> extends Optimizer<O> {
  /** The β of the averages that are kept so. */
  protected abstract scaledBy(group: ParamGroup<O>): number;

  /** Whether a slot is one of them. */
  protected isScaled(name: string): boolean {
    return name.endsWith('Sq');
  }

  /** What the kernel keeps is divided by this. It changes with β. */
  readonly #scales = new WeakMap<State, number>();

  /** To be called before each update: keeps the averages right when β has changed. */
  protected rescale(state: State, group: ParamGroup<O>): void {
    const now = shortfall(this.scaledBy(group));
    const before = this.#scales.get(state) ?? now;
    if (before !== now) {
      for (const [name, slot] of Object.entries(state.slots)) if (this.isScaled(name)) slot?.mul_(before / now);
    }
    this.#scales.set(state, now);
  }

  protected override exportState(state: State, group: ParamGroup<O>): Entries {
    const scale = this.#scales.get(state) ?? shortfall(this.scaledBy(group));
    return super.exportState({ ...state, slots: this.#scaledSlots(state.slots, scale) }, group);
  }

  protected override importState(entries: Entries, group: ParamGroup<O>, p: Tensor): State {
    const state = super.importState(entries, group, p);
    return { ...state, slots: this.#scaledSlots(state.slots, 1 / shortfall(this.scaledBy(group))) };
  }

  #scaledSlots(slots: Slots, factor: number): Slots {
    return Object.fromEntries(
      Object.entries(slots).map(([name, slot]) => [
        name,
        slot && (this.isScaled(name) ? slot.mul(factor) : slot.detach()),
      ]),
    );
  }
}

/** Of the weight 1 − β, the part that is left in float32. */
export function shortfall(beta: number): number {
  return (1 - beta) / (1 - Math.fround(beta));
}
