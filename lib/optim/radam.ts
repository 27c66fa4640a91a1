import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { AdamLike, weights } from './adamLike';
import { checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import type { State, Step } from './rule';

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

  protected override scalars(step: number, { betas, eps }: ParamGroup<Options>) {
    const [beta1, beta2] = betas;
    const root = Math.sqrt(1 - beta2 ** step);
    const factor = rectification(step, beta2) ?? 1;
    return { ...weights(betas), correction: 1 - beta1 ** step, root, factor, eps };
  }

  protected override update(_p: Tensor, state: State, { betas }: ParamGroup<Options>): Step {
    const rectified = rectification(state.step + 1, betas[1]) !== null;
    return { kernel: 'RAdam', slots: [state.expAvg, state.expAvgSq], flags: { rectified } };
  }
}

/** The variance's rectification term, or null where the average is still too short for one. */
function rectification(step: number, beta2: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (!(length > 5)) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}
