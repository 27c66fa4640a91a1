import { type Optional, readArgs } from '../args';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import {
  Optimizer,
  type OptionsOf,
  type ParamGroup,
  type Params,
  type Scalars,
  type Slots,
  type State,
} from './optimizer';
import { descend, effective, slotOf } from './rule';
import type { Entries } from './stateDict';

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
export class SGD extends Optimizer<Options> {
  constructor(params: Params<SGDOptions>, ...rest: Optional<'lr', number | Tensor, SGDOptions>) {
    super(params as Params<Options>, readArgs('SGD', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    const { momentum, dampening, nesterov } = options;
    checkUsual(options);
    check(momentum >= 0, `Invalid momentum value: ${momentum}`);
    check(!nesterov || (momentum > 0 && dampening === 0), 'Nesterov momentum requires a momentum and zero dampening');
  }

  protected override scalars(_step: number, { lr }: ParamGroup<Options>) {
    return { lr };
  }

  protected override init(): Slots {
    return {};
  }

  protected override update(
    p: Tensor,
    grad: Tensor,
    { slots }: State,
    scalars: Scalars,
    group: ParamGroup<Options>,
  ): void {
    const { momentum, dampening, weightDecay, nesterov, maximize } = group;
    const g = effective(p, grad, maximize, weightDecay);
    if (momentum === 0) return descend(p, scalars.lr!, g);
    // The first gradient is not dampened.
    const damped = slots.momentumBuffer && dampening !== 0 ? g.mul(1 - dampening) : g;
    slots.momentumBuffer ??= slotOf(p);
    const targets = { p: p._storage, buffer: slots.momentumBuffer._storage };
    // Nesterov's own part of the gradient is never damped; only a group that was changed under way has both.
    const isMixed = nesterov && damped !== g;
    const attrs = { momentum, nesterov: nesterov && !isMixed };
    runInPlace('ApplyMomentum', targets, { lr: scalars.lr!, g: damped._value }, attrs);
    if (isMixed) descend(p, scalars.lr!, g.sub(slots.momentumBuffer.mul(1 - momentum)));
  }

  /** As PyTorch's, without a step count. */
  protected override exportState({ slots }: State): Entries {
    return slots;
  }
}
