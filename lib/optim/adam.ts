import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { AdamLike, applyAdam } from './adamLike';
import { check, checkUsual, scalarOption } from './check';
import type { OptionsOf, ParamGroup, Params, Scalars, Slots, State } from './optimizer';
import { effective, shrink, slotOf } from './rule';
import { shortfall } from './scaled';

const DEFAULTS = {
  lr: 1e-3,
  betas: [0.9, 0.999] as readonly [number, number],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null as boolean | null,
  capturable: false,
  differentiable: false,
  fused: null as boolean | null,
  decoupledWeightDecay: false,
};
type Options = typeof DEFAULTS;
export type AdamOptions = OptionsOf<Options>;
export type AdamWOptions = Omit<AdamOptions, 'decoupledWeightDecay'>;

/**
 * Adam (Kingma & Ba 2014, https://arxiv.org/abs/1412.6980), with AMSGrad (Reddi et al. 2018) on request. `weightDecay` is L2,
 * added to the gradient; with `decoupledWeightDecay` it shrinks the parameter instead. See torch.optim.Adam.
 */
export class Adam extends AdamLike<Options> {
  constructor(params: Params<AdamOptions>, ...rest: Optional<'lr', number | Tensor, AdamOptions>) {
    super(params as Params<Options>, withScalars(readArgs('Adam', rest, DEFAULTS as Options)));
  }

  protected override checkOptions(options: Options): void {
    checkUsual(options);
  }

  protected override scalars(step: number, { lr, betas: [beta1, beta2], eps, weightDecay }: ParamGroup<Options>) {
    // p −= lr/c₁ · m / (√v/√c₂ + eps), with the kernel's v in place of v, and both factors moved out of the fraction.
    const root = Math.sqrt((1 - beta2 ** step) / shortfall(beta2));
    return { stepSize: (lr / (1 - beta1 ** step)) * root, eps: eps * root, decay: 1 - lr * weightDecay };
  }

  protected override init(p: Tensor, group: ParamGroup<Options>): Slots {
    return { ...super.init(p, group), ...(group.amsgrad ? { maxExpAvgSq: slotOf(p) } : {}) };
  }

  protected override update(p: Tensor, grad: Tensor, state: State, scalars: Scalars, group: ParamGroup<Options>): void {
    this.rescale(state, group);
    const { betas, weightDecay, amsgrad, maximize, decoupledWeightDecay } = group;
    if (weightDecay !== 0 && decoupledWeightDecay) shrink(p, scalars.decay!);
    const g = effective(p, grad, maximize, decoupledWeightDecay ? 0 : weightDecay);
    if (amsgrad) state.slots.maxExpAvgSq ??= slotOf(p);
    const { maxExpAvgSq: _, ...plain } = state.slots;
    applyAdam(p, g, amsgrad ? state.slots : plain, { stepSize: scalars.stepSize!, eps: scalars.eps! }, betas);
  }
}

/** Betas may be tensors too, as in PyTorch, and like the learning rate not together with `foreach`. */
function withScalars(options: Options): Options {
  const [first, second] = options.betas as readonly unknown[];
  check(typeof first === typeof second, 'betas must be either both floats or both Tensors');
  for (const [name, value] of Object.entries({ lr: options.lr as unknown, 'betas[0]': first, 'betas[1]': second })) {
    const ok = !options.foreach || typeof value === 'number';
    check(ok, `${name} as a Tensor is not supported for capturable=False and foreach=True`);
  }
  const betas = [scalarOption('betas[0]', first), scalarOption('betas[1]', second)] as [number, number];
  return { ...options, betas };
}

/**
 * Adam whose `weightDecay` shrinks the parameter before the step and stays out of the averages (Loshchilov & Hutter 2017,
 * https://arxiv.org/abs/1711.05101). See torch.optim.AdamW.
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamWOptions>, ...rest: Optional<'lr', number | Tensor, AdamWOptions>) {
    const { decoupledWeightDecay: _, ...defaults } = DEFAULTS;
    const options = readArgs('AdamW', rest, { ...defaults, weightDecay: 1e-2 } as AdamWOptions);
    super(params, { ...options, decoupledWeightDecay: true });
  }

  protected override importGroup(group: ParamGroup): ParamGroup<Options> {
    return { ...super.importGroup(group), decoupledWeightDecay: true };
  }
}
