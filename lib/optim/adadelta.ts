import { type Optional, readArgs } from '../args';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params, Scalars, Slots, State } from './optimizer';
import { effective, slotOf } from './rule';
import { ScaledOptimizer, shortfall } from './scaled';

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
export class Adadelta extends ScaledOptimizer<Options> {
  constructor(params: Params<AdadeltaOptions>, ...rest: Optional<'lr', number | Tensor, AdadeltaOptions>) {
    super(params as Params<Options>, readArgs('Adadelta', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
    check(options.rho >= 0 && options.rho <= 1, `Invalid rho value: ${options.rho}`);
  }

  protected override scaledBy({ rho }: ParamGroup<Options>): number {
    return rho;
  }

  /** Both averages are. */
  protected override isScaled(): boolean {
    return true;
  }

  protected override scalars(_step: number, { lr, rho, eps }: ParamGroup<Options>) {
    return { lr, eps: eps / shortfall(rho) };
  }

  protected override init(p: Tensor): Slots {
    return { squareAvg: slotOf(p), accDelta: slotOf(p) };
  }

  protected override update(p: Tensor, grad: Tensor, state: State, scalars: Scalars, group: ParamGroup<Options>): void {
    this.rescale(state, group);
    const g = effective(p, grad, group.maximize, group.weightDecay);
    const { squareAvg, accDelta } = state.slots;
    const targets = { p: p._storage, v: squareAvg!._storage, d: accDelta!._storage };
    runInPlace('ApplyAdadelta', targets, { lr: scalars.lr!, eps: scalars.eps!, g: g._value }, { rho: group.rho });
  }
}
