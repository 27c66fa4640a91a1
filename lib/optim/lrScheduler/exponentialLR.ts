import type { Optional } from '../../args';
import { type AnyOptimizer, LRScheduler } from './base';
import { checkNumber, readOptions } from './checks';

/** Multiplies the learning rates by `gamma` every epoch. See torch.optim.lr_scheduler.ExponentialLR. */
export class ExponentialLR extends LRScheduler {
  gamma: number;

  constructor(optimizer: AnyOptimizer, gamma: number, ...rest: Optional<'lastEpoch', number>) {
    const { lastEpoch } = readOptions('ExponentialLR', rest, { lastEpoch: -1 });
    super(optimizer);
    this.gamma = checkNumber('ExponentialLR: gamma', gamma);
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const lrs = this._groupLrs();
    return this._isInitial ? lrs : lrs.map((lr) => lr * this.gamma);
  }

  protected override closedFormLr(): number[] {
    return this.baseLrs.map((lr) => lr * this.gamma ** this.lastEpoch);
  }
}
