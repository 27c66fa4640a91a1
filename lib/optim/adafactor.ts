import { type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { where } from '../ops/pointwise';
import { zeros } from '../tensor/creation';
import { unscoped } from '../tensor/memory';
import { Tensor } from '../tensor/tensor';
import { check } from './check';
import {
  Optimizer,
  type OptionsOf,
  type ParamGroup,
  type Params,
  type Scalars,
  type Slots,
  type State,
} from './optimizer';
import { descend, effective, shrink, slotOf } from './rule';

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
export class Adafactor extends Optimizer<Options> {
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

  protected override scalars(step: number, { lr, beta2Decay, weightDecay }: ParamGroup<Options>) {
    const weight = step ** beta2Decay;
    return { rho: Math.min(lr, 1 / Math.sqrt(step)), keep: 1 - weight, gain: -weight, decay: 1 - lr * weightDecay };
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

  protected override update(
    p: Tensor,
    grad: Tensor,
    { slots }: State,
    scalars: Scalars,
    group: ParamGroup<Options>,
  ): void {
    const { eps, d, weightDecay, maximize } = group;
    const eps1 = eps[0] ?? FLOAT32_EPS;
    const size = atLeast(eps[1], rootMeanSquare(p));
    if (weightDecay !== 0) shrink(p, scalars.decay!);
    const g = effective(p, grad, maximize, 0);
    const direction = variance(g.square(), slots, scalars, eps1)
      .clamp(eps1 * eps1)
      .rsqrt()
      .mul(g);
    const scale = size.div(atLeast(1, rootMeanSquare(direction).div(d)));
    descend(p, Tensor._of(run('Multiply', { a: scale._value, b: scalars.rho! }))._value, direction);
  }
}

/** Brings the slots up to date, and gives the second moment that they stand for. */
function variance(squares: Tensor, slots: Slots, scalars: Scalars, eps1: number): Tensor {
  if (slots.variance) {
    average(slots.variance, scalars, squares);
    return slots.variance;
  }
  const rows = slots.rowVar!;
  const columns = slots.colVar!;
  average(rows, scalars, squares.mean(-1, { keepdim: true }));
  average(columns, scalars, squares.mean(-2, { keepdim: true }));
  return rows.mul(columns).div(rows.mean(-2, { keepdim: true }).clamp(eps1));
}

/** slot ← (1 − weight) · slot + weight · x: with weights near 1, as here, slot + weight · (x − slot) would cancel. */
function average(slot: Tensor, { keep, gain }: Scalars, x: Tensor): void {
  shrink(slot, keep!);
  descend(slot, gain!, x);
}

function rootMeanSquare(x: Tensor): Tensor {
  return x.square().mean().sqrt();
}

/** Python's max(bound, x), in which a NaN loses. */
function atLeast(bound: number, x: Tensor): Tensor {
  return where(x.gt(bound), x, bound);
}
