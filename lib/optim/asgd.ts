import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { type Numbers, Rule, type Slots, type State, type Step, slotOf } from './rule';

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
export class ASGD extends Rule<Options> {
  constructor(params: Params<ASGDOptions>, ...rest: Optional<'lr', number | Tensor, ASGDOptions>) {
    super(params as Params<Options>, readArgs('ASGD', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override initNumbers({ lr }: ParamGroup<Options>): Numbers {
    return { step: 0, eta: Math.fround(lr), mu: 1 };
  }

  protected override keyOf(step: number, { eta, mu }: State) {
    return `${step} ${eta} ${mu}`;
  }

  protected override nextNumbers(step: number, { lr, lambd, alpha, t0 }: ParamGroup<Options>): Numbers {
    const eta = lr / (1 + lambd * lr * step) ** alpha;
    return { eta: Math.fround(eta), mu: Math.fround(1 / Math.max(1, step - t0)) };
  }

  protected override scalars(_step: number, { lambd }: ParamGroup<Options>, { eta, mu }: State) {
    return { eta, shrinking: 1 - lambd * eta, mu };
  }

  protected override init(p: Tensor): Slots {
    return { ax: slotOf(p) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Asgd', slots: [state.ax], flags: { averaging: state.mu !== 1 } };
  }
}
