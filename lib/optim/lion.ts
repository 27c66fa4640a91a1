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
import { effective, shrink, slotOf } from './rule';
import type { Entries } from './stateDict';

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
export class Lion extends Optimizer<Options> {
  constructor(params: Params<LionOptions>, ...rest: Optional<'lr', number | Tensor, LionOptions>) {
    super(params as Params<Options>, readArgs('Lion', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override scalars(_step: number, { lr, betas, weightDecay }: ParamGroup<Options>) {
    return { lr, weight: 1 - betas[1], decay: 1 - lr * weightDecay };
  }

  protected override init(p: Tensor): Slots {
    return { expAvg: slotOf(p) };
  }

  protected override update(
    p: Tensor,
    grad: Tensor,
    { slots }: State,
    scalars: Scalars,
    group: ParamGroup<Options>,
  ): void {
    const { betas, weightDecay, maximize } = group;
    const expAvg = slots.expAvg!;
    const g = effective(p, grad, maximize, 0);
    if (weightDecay !== 0) shrink(p, scalars.decay!);
    const targets = { p: p._storage, m: expAvg._storage };
    const inputs = { lr: scalars.lr!, weight: scalars.weight!, g: g._value };
    runInPlace('ApplyLion', targets, inputs, { beta1: betas[0] });
  }

  /** As in the authors' own, without a step count. */
  protected override exportState({ slots }: State): Entries {
    return slots;
  }
}
