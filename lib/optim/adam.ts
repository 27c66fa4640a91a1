import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { AdamLike, weights } from './adamLike';
import { check, checkUsual, scalarOption } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { type Slots, type State, type Step, slotOf } from './rule';

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

  protected override scalars(step: number, { lr, betas, eps }: ParamGroup<Options>) {
    const [beta1, beta2] = betas;
    return { ...weights(betas), lr: lr / (1 - beta1 ** step), root: Math.sqrt(1 - beta2 ** step), eps };
  }

  protected override init(p: Tensor, group: ParamGroup<Options>): Slots {
    return { ...super.init(p, group), ...(group.amsgrad ? { maxExpAvgSq: slotOf(p) } : {}) };
  }

  protected override update(p: Tensor, state: State, { amsgrad }: ParamGroup<Options>): Step {
    if (amsgrad) state.maxExpAvgSq ??= slotOf(p);
    const most = amsgrad ? [state.maxExpAvgSq] : [];
    return { kernel: 'Adam', slots: [state.expAvg, state.expAvgSq, ...most], flags: { amsgrad } };
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
