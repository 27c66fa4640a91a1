import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { readOptions } from './checks';

export interface PolynomialLROptions {
  /** 1 is a straight line. */
  power?: number;
  lastEpoch?: number;
}

/**
 * Lets the learning rates fall to 0 in `totalIters` epochs as `(1 − epoch / totalIters) ** power`. See
 * torch.optim.lr_scheduler.PolynomialLR.
 */
export class PolynomialLR extends LRScheduler {
  totalIters: number;
  power: number;

  constructor(optimizer: AnyOptimizer, ...rest: Optional<'totalIters', number, PolynomialLROptions>) {
    const { totalIters, power, lastEpoch } = readOptions('PolynomialLR', rest, {
      totalIters: 5,
      power: 1,
      lastEpoch: -1,
    });
    super(optimizer);
    this.totalIters = totalIters;
    this.power = power;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const { totalIters, lastEpoch, power } = this;
    const lrs = this._groupLrs();
    if (this._isInitial || lastEpoch > totalIters) return lrs;
    if (lastEpoch === totalIters && power < 0) {
      throw new ValueError(`PolynomialLR: at epoch ${totalIters}, 0 cannot be raised to a negative power, ${power}`);
    }
    const factor = ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power;
    return lrs.map((lr) => lr * factor);
  }

  protected override closedFormLr(): number[] {
    const { totalIters, lastEpoch, power } = this;
    if (totalIters === 0) throw new ValueError('PolynomialLR: step(epoch) needs totalIters other than 0');
    return this.baseLrs.map((lr) => lr * (1 - Math.min(totalIters, lastEpoch) / totalIters) ** power);
  }
}
