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
import { descend, effective, lerp, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-2,
  momentum: 0,
  alpha: 0.99,
  eps: 1e-8,
  centered: false,
  weightDecay: 0,
  capturable: false,
  foreach: null as boolean | null,
  maximize: false,
  differentiable: false,
};
type Options = typeof DEFAULTS;
export type RMSpropOptions = OptionsOf<Options>;

/**
 * RMSprop (Hinton's lecture 6e): the gradient over the root of its square's moving average, `eps` outside of the root;
 * `centered` takes the average gradient's square off first, and `momentum` averages the result. See torch.optim.RMSprop.
 */
export class RMSprop extends Optimizer<Options> {
  constructor(params: Params<RMSpropOptions>, ...rest: Optional<'lr', number | Tensor, RMSpropOptions>) {
    super(params as Params<Options>, readArgs('RMSprop', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
    check(options.momentum >= 0, `Invalid momentum value: ${options.momentum}`);
    check(options.alpha >= 0, `Invalid alpha value: ${options.alpha}`);
  }

  protected override scalars(_step: number, { lr, alpha, eps }: ParamGroup<Options>) {
    return { lr, eps, weight: 1 - alpha };
  }

  protected override init(p: Tensor, { momentum, centered }: ParamGroup<Options>): Slots {
    return {
      squareAvg: slotOf(p),
      ...(momentum > 0 ? { momentumBuffer: slotOf(p) } : {}),
      ...(centered ? { gradAvg: slotOf(p) } : {}),
    };
  }

  protected override update(
    p: Tensor,
    grad: Tensor,
    { slots }: State,
    scalars: Scalars,
    group: ParamGroup<Options>,
  ): void {
    const { momentum, alpha, eps, centered, weightDecay, maximize } = group;
    const { lr, weight } = scalars;
    const g = effective(p, grad, maximize, weightDecay);
    let variance = slots.squareAvg!;
    // Where it is to be g², v − (v − g²) would cancel.
    if (alpha === 0) variance.zero_();
    if (momentum === 0 && !centered) {
      const targets = { p: p._storage, v: variance._storage };
      const inputs = { lr: lr!, eps: scalars.eps!, weight: weight!, g: g._value };
      return runInPlace('ApplyRmsprop', targets, inputs);
    }
    lerp(variance, weight!, g.square());
    if (centered) {
      slots.gradAvg ??= slotOf(p);
      lerp(slots.gradAvg, weight!, g);
      variance = variance.sub(slots.gradAvg.square());
    }
    const direction = g.div(variance.sqrt().add(eps));
    if (momentum === 0) return descend(p, lr!, direction);
    slots.momentumBuffer ??= slotOf(p);
    const targets = { p: p._storage, buffer: slots.momentumBuffer._storage };
    runInPlace('ApplyMomentum', targets, { lr: lr!, g: direction._value }, { momentum, nesterov: false });
  }
}
