import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
  foreach: null as boolean | null,
  differentiable: false,
  fused: null as boolean | null,
};
type Options = typeof DEFAULTS;
export type SGDOptions = OptionsOf<Options>;

/**
 * Stochastic gradient descent, with momentum as PyTorch has it: `buffer = momentum · buffer + (1 − dampening) · g`, its first
 * value g; the learning rate stays outside. See torch.optim.SGD.
 */
export class SGD extends Rule<Options> {
  constructor(params: Params<SGDOptions>, ...rest: Optional<'lr', number | Tensor, SGDOptions>) {
    super(params as Params<Options>, readArgs('SGD', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    const { momentum, dampening, nesterov } = options;
    checkUsual(options);
    check(momentum >= 0, `Invalid momentum value: ${momentum}`);
    check(!nesterov || (momentum > 0 && dampening === 0), 'Nesterov momentum requires a momentum and zero dampening');
  }

  protected override scalars(_step: number, { momentum, dampening }: ParamGroup<Options>) {
    return { momentum, weight: 1 - dampening };
  }

  protected override init(): Slots {
    return {};
  }

  protected override update(p: Tensor, state: State, { momentum, nesterov }: ParamGroup<Options>): Step {
    if (momentum === 0) return { kernel: 'Sgd', slots: [] };
    const first = !state.momentumBuffer;
    state.momentumBuffer ??= slotOf(p);
    return { kernel: 'Momentum', slots: [state.momentumBuffer], flags: { nesterov, first } };
  }

  /** As PyTorch's, without a step count. */
  protected override initNumbers() {
    return {};
  }
}
