import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { check } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-2,
  etas: [0.5, 1.2] as readonly [number, number],
  stepSizes: [1e-6, 50] as readonly [number, number],
  foreach: null as boolean | null,
  maximize: false,
  differentiable: false,
  capturable: false,
};
type Options = typeof DEFAULTS;
export type RpropOptions = OptionsOf<Options>;

/**
 * Resilient backpropagation (Riedmiller & Braun 1993): each element has a step size of its own, which grows by `etas[1]` while
 * its gradient keeps its sign and shrinks by `etas[0]` when it changes, within `stepSizes`; `lr` is the first one. For whole
 * batches. See torch.optim.Rprop.
 */
export class Rprop extends Rule<Options> {
  constructor(params: Params<RpropOptions>, ...rest: Optional<'lr', number | Tensor, RpropOptions>) {
    super(params as Params<Options>, readArgs('Rprop', rest, DEFAULTS as Options));
  }

  protected override checkOptions({ lr, etas: [minus, plus] }: Options): void {
    check(lr >= 0, `Invalid learning rate: ${lr}`);
    check(0 < minus && minus < 1 && 1 < plus, `Invalid eta values: ${minus}, ${plus}`);
  }

  protected override scalars(_step: number, { etas, stepSizes }: ParamGroup<Options>) {
    return { minus: etas[0], plus: etas[1], low: stepSizes[0], high: stepSizes[1] };
  }

  protected override init(p: Tensor, { lr }: ParamGroup<Options>): Slots {
    return { prev: slotOf(p), stepSize: slotOf(p, lr) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Rprop', slots: [state.prev, state.stepSize] };
  }
}
