import type { Optional } from '../../args';
import { type AnyOptimizer, LRScheduler } from './base';
import { checkPeriod, readOptions } from './checks';

/**
 * Lets the learning rates follow a cosine from their first values to `etaMin` at epoch `tMax`, and up again after it, without
 * restarts. As PyTorch's it goes on from what the groups have, so it bears with changes by hand. See
 * torch.optim.lr_scheduler.CosineAnnealingLR, https://arxiv.org/abs/1608.03983.
 */
export class CosineAnnealingLR extends LRScheduler {
  tMax: number;
  etaMin: number;

  constructor(optimizer: AnyOptimizer, tMax: number, ...rest: Optional<'etaMin', number, { lastEpoch?: number }>) {
    const { etaMin, lastEpoch } = readOptions('CosineAnnealingLR', rest, { etaMin: 0, lastEpoch: -1 });
    super(optimizer);
    checkPeriod('CosineAnnealingLR', 'tMax', tMax);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.start(lastEpoch);
  }

  /** 1 + cos, from 2 at epoch 0 to 0 at `tMax`. */
  private _height(epoch: number): number {
    return 1 + Math.cos((Math.PI * epoch) / this.tMax);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const { tMax, etaMin, lastEpoch } = this;
    const lrs = this._groupLrs();
    if (this._isInitial) return lrs;
    // The first step of a schedule that was made, or loaded, in mid-run.
    if (this._stepCount === 1 && lastEpoch > 0) return this.closedFormLr();
    // One step up from the bottom, where the last factor was 0.
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) {
      const rise = (1 - Math.cos(Math.PI / tMax)) / 2;
      return this.baseLrs.map((lr, i) => lrs[i]! + (lr - etaMin) * rise);
    }
    const factor = this._height(lastEpoch) / this._height(lastEpoch - 1);
    return lrs.map((lr) => factor * (lr - etaMin) + etaMin);
  }

  protected override closedFormLr(): number[] {
    return this.baseLrs.map((lr) => this.etaMin + ((lr - this.etaMin) * this._height(this.lastEpoch)) / 2);
  }
}
