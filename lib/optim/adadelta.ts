import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1,
  rho: 0.9,
  eps: 1e-6,
  weightDecay: 0,
  maximize: false,
  capturable: false,
  foreach: null as boolean | null,
  differentiable: false,
};
type Options = typeof DEFAULTS;
export type AdadeltaOptions = OptionsOf<Options>;

/**
 * Adadelta (Zeiler 2012, https://arxiv.org/abs/1212.5701): the gradient times the root of the average squared step over the
 * root of its own average square, `eps` inside both roots. See torch.optim.Adadelta.
 */
export class Adadelta extends Rule<Options> {
  constructor(params: Params<AdadeltaOptions>, ...rest: Optional<'lr', number | Tensor, AdadeltaOptions>) {
    super(params as Params<Options>, readArgs('Adadelta', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
    check(options.rho >= 0 && options.rho <= 1, `Invalid rho value: ${options.rho}`);
  }

  protected override scalars(_step: number, { rho, eps }: ParamGroup<Options>) {
    return { rho, weight: 1 - rho, eps };
  }

  protected override init(p: Tensor): Slots {
    return { squareAvg: slotOf(p), accDelta: slotOf(p) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Adadelta', slots: [state.squareAvg, state.accDelta] };
  }
}
