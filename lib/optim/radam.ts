import { type Optional, readArgs } from '../args';
import { constant } from '../backend/engine';
import type { Tensor } from '../tensor/tensor';
import { AdamLike, applyAdam } from './adamLike';
import { checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params, Scalars, State } from './optimizer';
import { descend, effective, shrink } from './rule';
import { shortfall } from './scaled';

const DEFAULTS = {
  lr: 1e-3,
  betas: [0.9, 0.999] as readonly [number, number],
  eps: 1e-8,
  weightDecay: 0,
  maximize: false,
  foreach: null as boolean | null,
  capturable: false,
  decoupledWeightDecay: false,
  differentiable: false,
};
type Options = typeof DEFAULTS;
export type RAdamOptions = OptionsOf<Options>;

/**
 * Rectified Adam (Liu et al. 2019, https://arxiv.org/abs/1908.03265): plain momentum while too few steps are behind to know
 * the second moment, then Adam with a factor that warms it up. See torch.optim.RAdam.
 */
export class RAdam extends AdamLike<Options> {
  constructor(params: Params<RAdamOptions>, ...rest: Optional<'lr', number | Tensor, RAdamOptions>) {
    super(params as Params<Options>, readArgs('RAdam', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  /** `stepSize` is that of Adam's step, `plain` that of plain momentum: one of the two. */
  protected override scalars(step: number, { lr, betas: [beta1, beta2], eps, weightDecay }: ParamGroup<Options>) {
    const decay = 1 - lr * weightDecay;
    const corrected = lr / (1 - beta1 ** step);
    const rectified = rectification(step, beta2);
    if (rectified === null) return { plain: corrected, decay };
    const scale = Math.sqrt(shortfall(beta2));
    const stepSize = (corrected * rectified * Math.sqrt(1 - beta2 ** step)) / scale;
    return { stepSize, eps: eps / scale, decay };
  }

  protected override update(p: Tensor, grad: Tensor, state: State, scalars: Scalars, group: ParamGroup<Options>): void {
    this.rescale(state, group);
    const { betas, weightDecay, maximize, decoupledWeightDecay } = group;
    if (weightDecay !== 0 && decoupledWeightDecay) shrink(p, scalars.decay!);
    const g = effective(p, grad, maximize, decoupledWeightDecay ? 0 : weightDecay);
    const { stepSize = constant(0), eps = constant(1), plain } = scalars;
    applyAdam(p, g, state.slots, { stepSize, eps }, betas);
    if (plain) descend(p, plain, state.slots.expAvg!);
  }
}

/** The variance's rectification term, or null where the average is still too short for one. */
function rectification(step: number, beta2: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (!(length > 5)) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}
