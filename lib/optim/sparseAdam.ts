import { type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { check, checkUsual } from './check';
import type { OptionsOf, Params } from './optimizer';
import { Rule, type Slots } from './rule';

const DEFAULTS = {
  lr: 1e-3,
  betas: [0.9, 0.999] as readonly [number, number],
  eps: 1e-8,
  maximize: false,
};
type Options = typeof DEFAULTS;
export type SparseAdamOptions = OptionsOf<Options>;

/**
 * Adam for gradients of a sparse layout. There are none here, and dense ones are refused as PyTorch refuses them: it is there
 * so that a port says so at the right place. See torch.optim.SparseAdam.
 */
export class SparseAdam extends Rule<Options> {
  constructor(params: Params<SparseAdamOptions>, ...rest: Optional<'lr', number | Tensor, SparseAdamOptions>) {
    super(params as Params<Options>, readArgs('SparseAdam', rest, DEFAULTS as Options));
  }

  protected override checkOptions(options: Options): void {
    check(options.lr > 0, `Invalid learning rate: ${options.lr}`);
    check(options.eps > 0, `Invalid epsilon value: ${options.eps}`);
    checkUsual(options);
  }

  protected override scalars() {
    return {};
  }

  protected override init(): Slots {
    throw new RuntimeError('SparseAdam does not support dense gradients, please consider Adam instead');
  }

  /** State that was loaded is there without {@link init}. */
  protected override update(): undefined {
    this.init();
  }
}
