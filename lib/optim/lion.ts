import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { checkUsual } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-4,
  betas: [0.9, 0.99] as readonly [number, number],
  weightDecay: 0,
  maximize: false,
};
type Options = typeof DEFAULTS;
export type LionOptions = OptionsOf<Options>;

/**
 * Lion (Chen et al. 2023, https://arxiv.org/abs/2302.06675): the sign of an average of gradient and momentum, with decoupled
 * `weightDecay`. Its learning rate wants to be 3 to 10 times smaller than AdamW's, its weight decay as much larger. PyTorch
 * has none; this is the authors' own, https://github.com/google/automl/tree/master/lion, with `maximize`.
 */
export class Lion extends Rule<Options> {
  constructor(params: Params<LionOptions>, ...rest: Optional<'lr', number | Tensor, LionOptions>) {
    super(params as Params<Options>, readArgs('Lion', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override scalars(_step: number, { lr, betas: [beta1, beta2], weightDecay }: ParamGroup<Options>) {
    return { beta1, weight1: 1 - beta1, beta2, weight2: 1 - beta2, l2: 0, decay: 1 - lr * weightDecay };
  }

  protected override init(p: Tensor): Slots {
    return { expAvg: slotOf(p) };
  }

  protected override update(_p: Tensor, state: State): Step {
    return { kernel: 'Lion', slots: [state.expAvg] };
  }

  /** As in the authors' own, without a step count. */
  protected override initNumbers() {
    return {};
  }
}
