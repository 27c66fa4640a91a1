import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { AdamLike, weights } from './adamLike';
import { check, checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import type { Numbers, State, Step } from './rule';

const DEFAULTS = {
  lr: 2e-3,
  betas: [0.9, 0.999] as readonly [number, number],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
  foreach: null as boolean | null,
  capturable: false,
  differentiable: false,
};
type Options = typeof DEFAULTS;
export type NAdamOptions = OptionsOf<Options>;

/**
 * Adam with Nesterov momentum, whose weight grows over the steps (Dozat 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ).
 * See torch.optim.NAdam.
 */
export class NAdam extends AdamLike<Options> {
  constructor(params: Params<NAdamOptions>, ...rest: Optional<'lr', number | Tensor, NAdamOptions>) {
    super(params as Params<Options>, readArgs('NAdam', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
    check(options.momentumDecay >= 0, `Invalid momentum_decay value: ${options.momentumDecay}`);
  }

  protected override initNumbers(): Numbers {
    return { step: 0, muProduct: 1 };
  }

  protected override keyOf(step: number, { muProduct }: State) {
    return `${step} ${muProduct}`;
  }

  protected override nextNumbers(step: number, group: ParamGroup<Options>, { muProduct }: State): Numbers {
    return { muProduct: Math.fround(muProduct * mu(step, group)) };
  }

  protected override scalars(step: number, group: ParamGroup<Options>, state: State) {
    const { lr, betas, eps } = group;
    const muProduct = this.nextNumbers(step, group, state).muProduct!;
    const muNext = mu(step + 1, group);
    return {
      ...weights(betas),
      lr: (lr * muNext) / (1 - muProduct * muNext),
      plain: (lr * (1 - mu(step, group))) / (1 - muProduct),
      correction: 1 - betas[1] ** step,
      eps,
    };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'NAdam', slots: [state.expAvg, state.expAvgSq] };
  }
}

function mu(step: number, { betas: [beta1], momentumDecay }: ParamGroup<Options>): number {
  return beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
}
