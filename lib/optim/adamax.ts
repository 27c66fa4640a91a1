import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 2e-3,
  betas: [0.9, 0.999] as readonly [number, number],
  eps: 1e-8,
  weightDecay: 0,
  foreach: null as boolean | null,
  maximize: false,
  differentiable: false,
  capturable: false,
};
type Options = typeof DEFAULTS;
export type AdamaxOptions = OptionsOf<Options>;

/**
 * Adamax, Adam with the infinity norm in place of the second moment (Kingma & Ba 2014, https://arxiv.org/abs/1412.6980).
 * See torch.optim.Adamax.
 */
export class Adamax extends Rule<Options> {
  constructor(params: Params<AdamaxOptions>, ...rest: Optional<'lr', number | Tensor, AdamaxOptions>) {
    super(params as Params<Options>, readArgs('Adamax', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override scalars(step: number, { lr, betas: [beta1, beta2], eps }: ParamGroup<Options>) {
    return { lr: lr / (1 - beta1 ** step), weight1: 1 - beta1, beta2, eps };
  }

  protected override init(p: Tensor): Slots {
    return { expAvg: slotOf(p), expInf: slotOf(p) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Adamax', slots: [state.expAvg, state.expInf] };
  }
}
