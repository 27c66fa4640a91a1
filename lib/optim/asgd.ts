import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { checkUsual } from './check';
import {
  type Numbers,
  Optimizer,
  type OptionsOf,
  type ParamGroup,
  type Params,
  type Slots,
  type State,
  type Step,
} from './optimizer';
import { slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-2,
  lambd: 1e-4,
  alpha: 0.75,
  t0: 1e6,
  weightDecay: 0,
  foreach: null as boolean | null,
  maximize: false,
  differentiable: false,
  capturable: false,
};
type Options = typeof DEFAULTS;
export type ASGDOptions = OptionsOf<Options>;

/**
 * Averaged stochastic gradient descent (Polyak & Juditsky 1992): the step size falls as `lr / (1 + lambd · lr · t)^alpha`, and
 * from step `t0` on the state's `ax` is the average of the parameters. See torch.optim.ASGD.
 */
export class ASGD extends Optimizer<Options> {
  constructor(params: Params<ASGDOptions>, ...rest: Optional<'lr', number | Tensor, ASGDOptions>) {
    super(params as Params<Options>, readArgs('ASGD', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override initNumbers({ lr }: ParamGroup<Options>): Numbers {
    return { eta: Math.fround(lr), mu: 1 };
  }

  protected override nextNumbers(step: number, { lr, lambd, alpha, t0 }: ParamGroup<Options>): Numbers {
    const eta = lr / (1 + lambd * lr * step) ** alpha;
    return { eta: Math.fround(eta), mu: Math.fround(1 / Math.max(1, step - t0)) };
  }

  protected override scalars(_step: number, { lambd }: ParamGroup<Options>, { eta, mu }: Numbers) {
    return { eta: eta!, shrinking: 1 - lambd * eta!, mu: mu! };
  }

  protected override init(p: Tensor): Slots {
    return { ax: slotOf(p) };
  }

  protected override update(_p: Tensor, { slots, numbers }: State): Step {
    return { kernel: 'Asgd', slots: [slots.ax!], flags: { averaging: numbers.mu !== 1 } };
  }
}
