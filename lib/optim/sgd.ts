import { type Optional, readArgs } from '../args';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import {
  check,
  Optimizer,
  type ParamGroup,
  type Params,
  type Scalars,
  type Slots,
  type State,
  zeroSlot,
} from './optimizer';

export interface SGDOptions {
  lr?: number;
  momentum?: number;
  dampening?: number;
  weightDecay?: number;
  nesterov?: boolean;
  maximize?: boolean;
  foreach?: boolean | null;
  differentiable?: boolean;
  fused?: boolean | null;
}

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

/**
 * Stochastic gradient descent, with momentum as PyTorch has it: `buffer = momentum · buffer + (1 − dampening) · g`, its first
 * value g; the learning rate stays outside. See torch.optim.SGD.
 */
export class SGD extends Optimizer<Options> {
  constructor(params: Params<SGDOptions>, ...rest: Optional<'lr', number, SGDOptions>) {
    super(params as Params<Options>, readArgs('SGD', rest, DEFAULTS));
  }

  protected override checkOptions({ lr, momentum, dampening, weightDecay, nesterov, differentiable }: Options): void {
    check(lr >= 0, `Invalid learning rate: ${lr}`);
    check(momentum >= 0, `Invalid momentum value: ${momentum}`);
    check(weightDecay >= 0, `Invalid weight_decay value: ${weightDecay}`);
    check(!nesterov || (momentum > 0 && dampening === 0), 'Nesterov momentum requires a momentum and zero dampening');
    check(!differentiable, 'SGD: differentiable steps are not supported, got differentiable: true');
  }

  protected override scalars(_step: number, { lr }: ParamGroup<Options>) {
    return { lr };
  }

  protected override init(): Slots {
    return {};
  }

  protected override update(p: Tensor, grad: Tensor, state: State, { lr }: Scalars, group: ParamGroup<Options>): void {
    const { momentum, dampening, weightDecay, nesterov, maximize } = group;
    let g = maximize ? grad.neg() : grad;
    if (weightDecay !== 0) g = g.add(p.mul(weightDecay));
    if (momentum === 0) return runInPlace('ApplySgd', { p: p._storage }, { lr: lr!, g: g._value });
    const { slots } = state;
    // The first gradient is not dampened.
    if (slots.momentumBuffer && dampening !== 0) g = g.mul(1 - dampening);
    slots.momentumBuffer ??= zeroSlot(p);
    const buffer = slots.momentumBuffer._storage;
    runInPlace('ApplyMomentum', { p: p._storage, buffer }, { lr: lr!, g: g._value }, { momentum, nesterov });
  }
}
