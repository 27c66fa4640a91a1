import type { Tensor } from '../tensor/tensor';
import { Optimizer, type ParamGroup, type Slots, type State } from './optimizer';
import type { Entries } from './stateDict';

/** What the kernel keeps is divided by `scale`, which changes with β. */
interface ScaledState extends State {
  scale?: number;
}

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

  /** To be called before each update: keeps the averages right when β has changed. */
  protected rescale(state: ScaledState, group: ParamGroup<O>): void {
    const now = shortfall(this.scaledBy(group));
    const before = state.scale ?? now;
    if (before !== now) {
      for (const [name, slot] of Object.entries(state.slots)) if (this.isScaled(name)) slot?.mul_(before / now);
    }
    state.scale = now;
  }

  protected override exportState(state: ScaledState, group: ParamGroup<O>): Entries {
    const scale = state.scale ?? shortfall(this.scaledBy(group));
    return super.exportState({ ...state, slots: this._scaledSlots(state.slots, scale) }, group);
  }

  protected override importState(entries: Entries, group: ParamGroup<O>, p: Tensor): ScaledState {
    const state = super.importState(entries, group, p);
    const scale = shortfall(this.scaledBy(group));
    return { ...state, scale, slots: this._scaledSlots(state.slots, 1 / scale) };
  }

  private _scaledSlots(slots: Slots, factor: number): Slots {
    return Object.fromEntries(
      Object.entries(slots).map(([name, slot]) => [
        name,
        slot && (this.isScaled(name) ? slot.mul(factor) : slot.detach()),
      ]),
    );
  }
}

/** Of the weight 1 − β, the part that is left in float32; where none is, nothing comes to the averages. */
export function shortfall(beta: number): number {
  const left = 1 - Math.fround(beta);
  return left === 0 ? 1 : (1 - beta) / left;
}
