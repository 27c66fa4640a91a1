import type { Flags, Numbers } from '../backend/step';
import { withGrad } from '../tensor/context';
import { fullLike } from '../tensor/creation';
import { scoped, unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import { Batches, type Scalars } from './batches';
import { scalarOption } from './check';
import { Optimizer, type ParamGroup } from './optimizer';
import { type Entries, numberOf, type State, stepTensor } from './stateDict';

export type { Numbers, Scalars, State };

/** Tensors that a rule keeps per parameter. */
export type Slots = Record<string, Tensor | null>;

/** A parameter's step in one kernel of lib/backend/kernels/steps.ts: its slots in the kernel's order, and the variant. */
export interface Step {
  kernel: string;
  slots: Tensor[];
  flags?: Flags;
}

/**
 * Base of the optimizers that treat each parameter by itself: it owns the loop, and a rule says what happens to one parameter,
 * in three short members. Parameters without a gradient are skipped whole.
 */
export abstract class Rule<O extends object> extends Optimizer<O> {
  /** The scalars of step number `step`, computed on the host in float64, beside the {@link usualScalars}, which they may replace. */
  protected abstract scalars(step: number, group: ParamGroup<O>, state: State): Numbers;

  /** The slots of a parameter that takes its first step. */
  protected abstract init(p: Tensor, group: ParamGroup<O>): Slots;

  /** The step of `p` in one kernel, which is taken with those of the other parameters; a rule of several takes it itself. */
  protected abstract update(
    p: Tensor,
    state: State,
    group: ParamGroup<O>,
    g: Tensor,
    scalars: Scalars,
  ): Step | undefined;

  /** The numbers that are kept beside the slots, float32 as in PyTorch: the steps that the parameter has taken part in, and others. */
  protected initNumbers(_group: ParamGroup<O>): Numbers {
    return { step: 0 };
  }

  /** The others after step number `step`. */
  protected nextNumbers(_step: number, _group: ParamGroup<O>, _state: State): Numbers {
    return {};
  }

  /** Parameters of a group with the same key have the same scalars. */
  protected keyOf(step: number, _state: State): number | string {
    return step;
  }

  protected initState(p: Tensor, group: ParamGroup<O>): State {
    return { ...this.initNumbers(group), ...this.init(p, group) };
  }

  protected override exportState(state: State, _group: ParamGroup<O>): Entries {
    const entries = Object.entries(state);
    return Object.fromEntries(entries.map(([name, x]) => [name, typeof x === 'number' ? stepTensor(x) : x]));
  }

  protected override importState(entries: Entries, group: ParamGroup<O>, _p: Tensor): State {
    const numbers = this.initNumbers(group);
    const state: State = { ...numbers, ...entries };
    for (const name of Object.keys(numbers)) state[name] = numberOf(state[name]);
    return state;
  }

  protected override slotShape(_name: string, p: Tensor): readonly number[] | null {
    return p.shape;
  }

  protected override takeStep<R>(closure?: () => R): R | undefined {
    const loss = closure ? withGrad(true, closure) : undefined;
    withGrad(false, () => {
      for (const group of this.paramGroups) this._stepGroup(group);
    });
    return loss;
  }

  private _stepGroup(group: ParamGroup<O>): void {
    const batches = new Batches();
    const scalars = new Map<number | string, Scalars>();
    group.lr = scalarOption('lr', group.lr);
    try {
      for (const p of group.params) {
        const grad = p._grad;
        if (grad) batches.around(p, () => this._stepParameter(p, grad, group, scalars, batches));
      }
    } finally {
      batches.run();
    }
  }

  private _stepParameter(
    p: Tensor,
    grad: Tensor,
    group: ParamGroup<O>,
    cache: Map<number | string, Scalars>,
    batches: Batches,
  ): void {
    // The same one twice steps twice, and a gradient that is a parameter has stepped before.
    if (batches.has(p, grad)) batches.run();
    const state = this.state.get(p);
    if (Object.keys(state).length === 0) Object.assign(state, this.initState(p, group));
    const step = (state.step ?? 0) + 1;
    const key = this.keyOf(step, state);
    let scalars = cache.get(key);
    if (!scalars) {
      scalars = { key, numbers: () => ({ ...usualScalars(group), ...this.scalars(step, group, state) }) };
      cache.set(key, scalars);
    }
    const { result, made } = scoped(() => this.update(p, state, group, grad, scalars));
    for (const tensor of made) tensor._free('the optimizer was done with it');
    batches.add(p, grad, result, scalars, () => {
      if (state.step !== undefined) state.step = step;
      Object.assign(state, this.nextNumbers(step, group, state));
    });
  }
}

/** A new slot for `p`, filled with one value; it outlives the step. */
export function slotOf(p: Tensor, value = 0): Tensor {
  return unscoped(() => fullLike(p, value));
}

interface Usual {
  lr: number;
  maximize?: boolean;
  weightDecay?: number;
  decoupledWeightDecay?: boolean;
}

/** What every kernel reads, beside the learning rate: p ← decay · p, and the gradient is sign · g + l2 · p. */
export function usualScalars({ lr, maximize, weightDecay = 0, decoupledWeightDecay }: Usual): Numbers {
  const sign = maximize ? -1 : 1;
  return decoupledWeightDecay
    ? { lr, sign, l2: 0, decay: 1 - lr * weightDecay }
    : { lr, sign, l2: weightDecay, decay: 1 };
}
