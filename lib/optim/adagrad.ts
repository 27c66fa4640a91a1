import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-2,
  lrDecay: 0,
  eps: 1e-10,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  foreach: null as boolean | null,
  maximize: false,
  differentiable: false,
  fused: null as boolean | null,
};
type Options = typeof DEFAULTS;
export type AdagradOptions = OptionsOf<Options>;

/**
 * Adagrad (Duchi, Hazan & Singer 2011): the gradient over the root of the sum of all its squares so far, which begins at
 * `initialAccumulatorValue`. See torch.optim.Adagrad.
 */
export class Adagrad extends Rule<Options> {
  constructor(params: Params<AdagradOptions>, ...rest: Optional<'lr', number | Tensor, AdagradOptions>) {
    super(params as Params<Options>, readArgs('Adagrad', rest, DEFAULTS as Options));
    // As PyTorch's, its state is there before the first step.
    for (const group of this.paramGroups) for (const p of group.params) this.state.set(p, this.initState(p, group));
  }

  protected override checkOptions(options: Options): void {
    const { lrDecay, initialAccumulatorValue } = options;
    checkUsual(options);
    check(lrDecay >= 0, `Invalid lr_decay value: ${lrDecay}`);
    check(initialAccumulatorValue >= 0, `Invalid initial_accumulator_value value: ${initialAccumulatorValue}`);
  }

  protected override scalars(step: number, { lr, lrDecay, eps }: ParamGroup<Options>) {
    return { lr: lr / (1 + (step - 1) * lrDecay), eps };
  }

  /** As PyTorch, from the optimizer's initial value, whatever the group's is. */
  protected override init(p: Tensor): Slots {
    return { sum: slotOf(p, this.defaults.initialAccumulatorValue) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Adagrad', slots: [state.sum] };
  }
}
