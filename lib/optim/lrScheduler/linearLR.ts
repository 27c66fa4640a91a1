import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { readOptions } from './checks';

export interface LinearLROptions {
  /** The last factor, from 0 to 1. */
  endFactor?: number;
  /** Epochs from the first factor to the last. */
  totalIters?: number;
  lastEpoch?: number;
}

/**
 * Multiplies the learning rates by a factor that goes from `startFactor` to `endFactor` in `totalIters` equal steps: a warm-up by
 * default. See torch.optim.lr_scheduler.LinearLR.
 */
export class LinearLR extends LRScheduler {
  startFactor: number;
  endFactor: number;
  totalIters: number;

  constructor(optimizer: AnyOptimizer, ...rest: Optional<'startFactor', number, LinearLROptions>) {
    const defaults = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 };
    const { startFactor, endFactor, totalIters, lastEpoch } = readOptions('LinearLR', rest, defaults);
    if (!(startFactor > 0 && startFactor <= 1)) {
      throw new ValueError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.');
    }
    if (!(endFactor >= 0 && endFactor <= 1)) {
      throw new ValueError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const factor = this._stepFactor();
    return this.optimizer.paramGroups.map(({ lr }) => lr * factor);
  }

  /** What this epoch's factor is to the one before. */
  private _stepFactor(): number {
    const { startFactor, endFactor, totalIters, lastEpoch } = this;
    if (lastEpoch === 0) return startFactor;
    if (this._isInitial || lastEpoch > totalIters) return 1;
    const change = endFactor - startFactor;
    return 1 + change / (totalIters * startFactor + (lastEpoch - 1) * change);
  }

  protected override closedFormLr(): number[] {
    const { startFactor, endFactor, totalIters, lastEpoch } = this;
    if (totalIters === 0) throw new ValueError('LinearLR: step(epoch) needs totalIters other than 0');
    const factor = startFactor + ((endFactor - startFactor) * Math.min(totalIters, lastEpoch)) / totalIters;
    return this.baseLrs.map((lr) => lr * factor);
  }
}
