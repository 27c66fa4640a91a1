import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { readOptions } from './checks';

export interface ConstantLROptions {
  /** The epoch at which the factor is taken away. */
  totalIters?: number;
  lastEpoch?: number;
}

/** Multiplies the learning rates by `factor`, and undoes it at epoch `totalIters`. See torch.optim.lr_scheduler.ConstantLR. */
export class ConstantLR extends LRScheduler {
  factor: number;
  totalIters: number;

  constructor(optimizer: AnyOptimizer, ...rest: Optional<'factor', number, ConstantLROptions>) {
    const { factor, totalIters, lastEpoch } = readOptions('ConstantLR', rest, {
      factor: 1 / 3,
      totalIters: 5,
      lastEpoch: -1,
    });
    if (!(factor >= 0 && factor <= 1)) {
      throw new ValueError('Constant multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer);
    this.factor = factor;
    this.totalIters = totalIters;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const change = this._change();
    return this._groupLrs().map((lr) => lr * change);
  }

  /** What this epoch's factor is to the one before. */
  private _change(): number {
    if (this.lastEpoch === 0) return this.factor;
    if (this.lastEpoch !== this.totalIters) return 1;
    if (this.factor === 0) throw new ValueError('ConstantLR: a factor of 0 cannot be undone at totalIters');
    return 1 / this.factor;
  }

  protected override closedFormLr(): number[] {
    const isOver = this.lastEpoch >= this.totalIters;
    return this.baseLrs.map((lr) => lr * (this.factor + Number(isOver) * (1 - this.factor)));
  }
}
