import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

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
export class RMSprop extends Rule<Options> {
  constructor(params: Params<RMSpropOptions>, ...rest: Optional<'lr', number | Tensor, RMSpropOptions>) {
    super(params as Params<Options>, readArgs('RMSprop', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
    check(options.momentum >= 0, `Invalid momentum value: ${options.momentum}`);
    check(options.alpha >= 0, `Invalid alpha value: ${options.alpha}`);
  }

  protected override scalars(_step: number, { alpha, eps, momentum }: ParamGroup<Options>) {
    return { alpha, weight: 1 - alpha, eps, momentum };
  }

  protected override init(p: Tensor, { momentum, centered }: ParamGroup<Options>): Slots {
    return {
      squareAvg: slotOf(p),
      ...(momentum > 0 ? { momentumBuffer: slotOf(p) } : {}),
      ...(centered ? { gradAvg: slotOf(p) } : {}),
    };
  }

  protected override update(p: Tensor, state: State, { momentum, centered }: ParamGroup<Options>): Step {
    const used = [state.squareAvg];
    if (centered) used.push((state.gradAvg ??= slotOf(p)));
    if (momentum !== 0) used.push((state.momentumBuffer ??= slotOf(p)));
    return { kernel: 'RMSprop', slots: used, flags: { centered, momentum: momentum !== 0 } };
  }
}
