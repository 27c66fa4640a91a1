import { type Optional, readArgs } from '../args';
import { zeros } from '../tensor/creation';
import { unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import { check } from './check';
import type { OptionsOf, ParamGroup, Params } from './optimizer';
import { Rule, type Slots, type State, type Step, slotOf } from './rule';

const DEFAULTS = {
  lr: 1e-2,
  beta2Decay: -0.8,
  eps: [null, 1e-3] as readonly [number | null, number],
  d: 1,
  weightDecay: 0,
  foreach: null as boolean | null,
  maximize: false,
};
type Options = typeof DEFAULTS;
export type AdafactorOptions = OptionsOf<Options>;

const FLOAT32_EPS = 2 ** -23;

/**
 * Adafactor (Shazeer & Stern 2018, https://arxiv.org/abs/1804.04235): of the second moment of a matrix it keeps the means of
 * rows and columns alone. The step is relative to the parameter's own size, and clipped at `d`. See torch.optim.Adafactor.
 */
export class Adafactor extends Rule<Options> {
  constructor(params: Params<AdafactorOptions>, ...rest: Optional<'lr', number | Tensor, AdafactorOptions>) {
    super(params as Params<Options>, readArgs('Adafactor', rest, DEFAULTS as Options));
  }

  protected override checkOptions({ lr, beta2Decay, eps: [eps1, eps2], d, weightDecay }: Options): void {
    check(lr >= 0, `Learning rate should be >= 0 but is: ${lr}`);
    check(beta2Decay <= 0, `beta2_decay should be <= 0 but is: ${beta2Decay}`);
    check(eps1 === null || eps1 >= 0, `epsilon1 should be >= 0 but is: ${eps1}`);
    check(eps2 >= 0, `epsilon2 should be >= 0 but is: ${eps2}`);
    check(d >= 1, `Clipping threshold d should be >= 1 but is: ${d}`);
    check(weightDecay >= 0, `weight_decay should be >= 0 but is: ${weightDecay}`);
  }

  protected override scalars(step: number, group: ParamGroup<Options>) {
    const { lr, beta2Decay, weightDecay, eps, d } = group;
    const usual = { l2: 0, decay: 1 - lr * weightDecay };
    const rho = Math.min(lr, 1 / Math.sqrt(step));
    return { ...usual, weight: step ** beta2Decay, rho, eps1: eps[0] ?? FLOAT32_EPS, eps2: eps[1], limit: d };
  }

  protected override slotShape(name: string, p: Tensor): readonly number[] {
    const gone = { rowVar: p.ndim - 1, colVar: p.ndim - 2 }[name];
    return p.shape.map((size, dim) => (dim === gone ? 1 : size));
  }

  protected override init(p: Tensor): Slots {
    if (p.ndim < 2) return { variance: slotOf(p) };
    const factor = (name: string) => unscoped(() => zeros([...this.slotShape(name, p)]));
    return { rowVar: factor('rowVar'), colVar: factor('colVar') };
  }

  protected override update(_p: Tensor, state: State): Step {
    const { variance, rowVar, colVar } = state;
    return { kernel: 'Adafactor', slots: variance ? [variance] : [rowVar!, colVar!] };
  }
}
