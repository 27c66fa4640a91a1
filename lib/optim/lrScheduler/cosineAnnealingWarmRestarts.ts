import { type Optional, readArgs } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { checkInteger } from './checks';

export interface CosineAnnealingWarmRestartsOptions {
  /** The lowest learning rate. */
  etaMin?: number;
  lastEpoch?: number;
}

/**
 * Lets the learning rates fall along a cosine from their first values to `etaMin` in `t0` epochs, and starts again, each time
 * for `tMult` times as long. `step(epoch)` takes fractions too: `step(epoch + i / loader.length)` after each batch. See
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts, https://arxiv.org/abs/1608.03983.
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  t0: number;
  /** Epochs from the last restart to the next. */
  tI: number;
  tMult: number;
  etaMin: number;
  /** Epochs since the last restart. */
  tCur: number;

  constructor(
    optimizer: AnyOptimizer,
    t0: number,
    ...rest: Optional<'tMult', number, CosineAnnealingWarmRestartsOptions>
  ) {
    const defaults = { tMult: 1, etaMin: 0, lastEpoch: -1 };
    const { tMult, etaMin, lastEpoch } = readArgs('CosineAnnealingWarmRestarts', rest, defaults);
    super(optimizer);
    checkInteger(t0, 1, 'Expected positive integer T_0, but got');
    checkInteger(tMult, 1, 'Expected integer T_mult >= 1, but got');
    if (typeof etaMin !== 'number') {
      throw new ValueError(`Expected float or int eta_min, but got ${String(etaMin)} of type ${typeof etaMin}`);
    }
    this.t0 = t0;
    this.tI = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.tCur = lastEpoch;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const height = 1 + Math.cos((Math.PI * this.tCur) / this.tI);
    return this.baseLrs.map((lr) => this.etaMin + ((lr - this.etaMin) * height) / 2);
  }

  /** The next epoch, or the one given, which may be a fraction and may lie before the last. */
  override step(epoch?: number | null): void {
    const target = epoch ?? (this.lastEpoch < 0 ? 0 : null);
    if (target === null) this._advance();
    else this._jump(target);
    this.lastEpoch = target === null ? this.lastEpoch + 1 : Math.floor(target);
    this._setLrs(() => this.getLr());
  }

  private _advance(): void {
    this.tCur++;
    if (this.tCur < this.tI) return;
    this.tCur %= this.tI;
    this.tI *= this.tMult;
  }

  private _jump(epoch: number): void {
    if (!(epoch >= 0)) throw new ValueError(`Expected non-negative epoch, but got ${epoch}`);
    const { t0, tMult } = this;
    if (epoch < t0) [this.tI, this.tCur] = [t0, epoch];
    else if (tMult === 1) this.tCur = epoch % t0;
    else {
      const restarts = Math.trunc(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult));
      this.tCur = epoch - (t0 * (tMult ** restarts - 1)) / (tMult - 1);
      this.tI = t0 * tMult ** restarts;
    }
  }
}
