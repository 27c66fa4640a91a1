import type { Optional } from '../../args';
import { type AnyOptimizer, LRScheduler } from './base';
import { checkPeriod, readOptions } from './checks';

/** Multiplies the learning rates by `gamma` every `stepSize` epochs. See torch.optim.lr_scheduler.StepLR. */
export class StepLR extends LRScheduler {
  stepSize: number;
  gamma: number;

  constructor(optimizer: AnyOptimizer, stepSize: number, ...rest: Optional<'gamma', number, { lastEpoch?: number }>) {
    const { gamma, lastEpoch } = readOptions('StepLR', rest, { gamma: 0.1, lastEpoch: -1 });
    super(optimizer);
    checkPeriod('StepLR', 'stepSize', stepSize);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const isDue = this.lastEpoch !== 0 && this.lastEpoch % this.stepSize === 0;
    return this.optimizer.paramGroups.map(({ lr }) => (isDue ? lr * this.gamma : lr));
  }

  protected override closedFormLr(): number[] {
    const decays = Math.floor(this.lastEpoch / this.stepSize);
    return this.baseLrs.map((lr) => lr * this.gamma ** decays);
  }
}
