import { type Optional, readArgs } from '../args';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import { checkUsual } from './check';
import {
  Optimizer,
  type OptionsOf,
  type ParamGroup,
  type Params,
  type Scalars,
  type Slots,
  type State,
} from './optimizer';
import { effective, slotOf } from './rule';

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
export class Adamax extends Optimizer<Options> {
  constructor(params: Params<AdamaxOptions>, ...rest: Optional<'lr', number | Tensor, AdamaxOptions>) {
    super(params as Params<Options>, readArgs('Adamax', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override scalars(step: number, { lr, betas: [beta1] }: ParamGroup<Options>) {
    return { stepSize: lr / (1 - beta1 ** step) };
  }

  protected override init(p: Tensor): Slots {
    return { expAvg: slotOf(p), expInf: slotOf(p) };
  }

  protected override update(
    p: Tensor,
    grad: Tensor,
    { slots }: State,
    scalars: Scalars,
    group: ParamGroup<Options>,
  ): void {
    const { betas, eps, maximize, weightDecay } = group;
    const expAvg = slots.expAvg!;
    const expInf = slots.expInf!;
    const g = effective(p, grad, maximize, weightDecay);
    // The kernel's m + (g − m)(1 − β) would cancel where it is to be g.
    if (betas[0] === 0) expAvg.zero_();
    const targets = { p: p._storage, m: expAvg._storage, u: expInf._storage };
    runInPlace(
      'ApplyAdamax',
      targets,
      { stepSize: scalars.stepSize!, g: g._value },
      { beta1: betas[0], beta2: betas[1], eps },
    );
  }
}
