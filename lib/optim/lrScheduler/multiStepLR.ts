import type { Optional } from '../../args';
import { type AnyOptimizer, LRScheduler } from './base';
import { readOptions } from './checks';

/**
 * Multiplies the learning rates by `gamma` at each of the milestones; one that is given n times counts n times. See
 * torch.optim.lr_scheduler.MultiStepLR.
 */
export class MultiStepLR extends LRScheduler {
  /** How often each milestone was given. */
  milestones: Map<number, number>;
  gamma: number;

  constructor(
    optimizer: AnyOptimizer,
    milestones: Iterable<number>,
    ...rest: Optional<'gamma', number, { lastEpoch?: number }>
  ) {
    const { gamma, lastEpoch } = readOptions('MultiStepLR', rest, { gamma: 0.1, lastEpoch: -1 });
    super(optimizer);
    this.milestones = new Map();
    for (const milestone of milestones) this.milestones.set(milestone, this._timesAt(milestone) + 1);
    this.gamma = gamma;
    this.start(lastEpoch);
  }

  private _timesAt(epoch: number): number {
    return this.milestones.get(epoch) ?? 0;
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const factor = this.gamma ** this._timesAt(this.lastEpoch);
    return this._groupLrs().map((lr) => lr * factor);
  }

  protected override closedFormLr(): number[] {
    let decays = 0;
    for (const [milestone, times] of this.milestones) if (milestone <= this.lastEpoch) decays += times;
    return this.baseLrs.map((lr) => lr * this.gamma ** decays);
  }
}
