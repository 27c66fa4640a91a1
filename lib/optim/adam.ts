import { type Optional, readArgs } from '../args';
import { runInPlace } from '../backend/inPlace';
import type { Tensor } from '../tensor/tensor';
import {
  check,
  Optimizer,
  type ParamGroup,
  type Params,
  type Scalars,
  type Slots,
  type State,
  zeroSlot,
} from './optimizer';
import { stepTensor } from './stateDict';

export interface AdamOptions {
  lr?: number;
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  amsgrad?: boolean;
  maximize?: boolean;
  decoupledWeightDecay?: boolean;
  foreach?: boolean | null;
  capturable?: boolean;
  differentiable?: boolean;
  fused?: boolean | null;
}

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

/**
 * Adam (Kingma & Ba 2014, https://arxiv.org/abs/1412.6980), with AMSGrad (Reddi et al. 2018) on request. `weightDecay` is L2,
 * added to the gradient; with `decoupledWeightDecay` it shrinks the parameter instead. See torch.optim.Adam.
 */
export class Adam extends Optimizer<Options> {
  constructor(params: Params<AdamOptions>, ...rest: Optional<'lr', number, AdamOptions>) {
    super(params as Params<Options>, readArgs('Adam', rest, DEFAULTS));
  }

  protected override checkOptions({ lr, betas, eps, weightDecay, capturable, differentiable }: Options): void {
    check(lr >= 0, `Invalid learning rate: ${lr}`);
    check(eps >= 0, `Invalid epsilon value: ${eps}`);
    betas.forEach((beta, i) => check(beta >= 0 && beta < 1, `Invalid beta parameter at index ${i}: ${beta}`));
    check(weightDecay >= 0, `Invalid weight_decay value: ${weightDecay}`);
    check(!capturable && !differentiable, 'Adam: capturable and differentiable steps are not supported');
  }

  protected override scalars(step: number, { lr, betas: [beta1, beta2], eps }: ParamGroup<Options>) {
    // p −= lr/c₁ · m / (√v/√c₂ + eps), with the kernel's v in place of v, and both factors moved out of the fraction.
    const root = Math.sqrt((1 - beta2 ** step) / shortfall(beta2));
    return { stepSize: (lr / (1 - beta1 ** step)) * root, eps: eps * root };
  }

  protected override init(p: Tensor, { amsgrad }: ParamGroup<Options>): Slots {
    return { expAvg: zeroSlot(p), expAvgSq: zeroSlot(p), ...(amsgrad ? { maxExpAvgSq: zeroSlot(p) } : {}) };
  }

  protected override update(p: Tensor, grad: Tensor, state: State, scalars: Scalars, group: ParamGroup<Options>): void {
    this._rescale(state, group);
    const { slots } = state;
    const { lr, betas, weightDecay, amsgrad, maximize, decoupledWeightDecay } = group;
    let g = maximize ? grad.neg() : grad;
    if (weightDecay !== 0 && decoupledWeightDecay) p.mul_(1 - lr * weightDecay);
    else if (weightDecay !== 0) g = g.add(p.mul(weightDecay));
    const storages = { p: p._storage, m: slots.expAvg!._storage, v: slots.expAvgSq!._storage };
    const inputs = { stepSize: scalars.stepSize!, eps: scalars.eps!, g: g._value };
    const attrs = { beta1: betas[0], beta2: betas[1] };
    // The kernel's m + (g − m)(1 − β) would cancel where it is to be g.
    if (betas[0] === 0) slots.expAvg!.zero_();
    if (betas[1] === 0) slots.expAvgSq!.zero_();
    if (!amsgrad) return runInPlace('ApplyAdam', storages, inputs, attrs);
    slots.maxExpAvgSq ??= zeroSlot(p);
    runInPlace('ApplyAdamWithAmsgrad', { ...storages, vMax: slots.maxExpAvgSq._storage }, inputs, attrs);
  }

  private _rescale(state: AdamState, { betas }: ParamGroup<Options>): void {
    const now = shortfall(betas[1]);
    const before = state.scale ?? now;
    if (before !== now) {
      for (const [name, slot] of Object.entries(state.slots)) if (name.endsWith('Sq')) slot?.mul_(before / now);
    }
    state.scale = now;
  }

  protected override exportState(state: AdamState, { betas }: ParamGroup<Options>): Record<string, Tensor | null> {
    const scale = state.scale ?? shortfall(betas[1]);
    return { step: stepTensor(state.step), ...scaledSquares(state.slots, scale) };
  }

  protected override importState(entries: Record<string, Tensor | number | null>, group: ParamGroup<Options>): State {
    const { step, slots } = super.importState(entries, group);
    return { step, slots: scaledSquares(slots, 1 / shortfall(group.betas[1])) };
  }
}

/** What the kernel keeps is Adam's second moment divided by `scale`, which changes with β₂. */
interface AdamState extends State {
  scale?: number;
}

/** The kernel computes 1 − β₂ in float32, so the second moment that it keeps is smaller than Adam's by this factor. */
function shortfall(beta2: number): number {
  return (1 - beta2) / (1 - Math.fround(beta2));
}

function scaledSquares(slots: Slots, factor: number): Slots {
  return Object.fromEntries(
    Object.entries(slots).map(([name, slot]) => [
      name,
      slot && (name.endsWith('Sq') ? slot.mul(factor) : slot.detach()),
    ]),
  );
}
