import { type Optional, readArgs } from '../../args';
import { KeyError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from '../lrScheduler/base';
import { type AnnealStrategy, checkAnnealStrategy, checkInteger, type PerGroup, perGroup } from '../lrScheduler/checks';

export interface SWALROptions {
  annealStrategy?: AnnealStrategy;
  lastEpoch?: number;
}

/**
 * Moves the learning rates from where they are to `swaLr` (one, or one for each group) in `annealEpochs` steps, and keeps them
 * there: the end of a training whose weights are averaged. See torch.optim.swa_utils.SWALR.
 */
export class SWALR extends LRScheduler {
  /** @internal */ _annealStrategy: AnnealStrategy;
  annealEpochs: number;

  constructor(optimizer: AnyOptimizer, swaLr: PerGroup, ...rest: Optional<'annealEpochs', number, SWALROptions>) {
    const defaults = { annealEpochs: 10, annealStrategy: 'cos' as AnnealStrategy, lastEpoch: -1 };
    const { annealEpochs, annealStrategy, lastEpoch } = readArgs('SWALR', rest, defaults);
    super(optimizer);
    const swaLrs = perGroup('swa_lr', optimizer, swaLr);
    checkAnnealStrategy(annealStrategy);
    checkInteger(annealEpochs, 0, 'anneal_epochs must be equal or greater than 0, got');
    this._annealStrategy = annealStrategy;
    this.annealEpochs = annealEpochs;
    optimizer.paramGroups.forEach((group, i) => {
      group.swaLr = swaLrs[i];
    });
    this.start(lastEpoch);
  }

  /** @internal */
  override get _privateState(): readonly string[] {
    return ['_stepCount', '_annealStrategy'];
  }

  override getLr(): number[] {
    this._warnOutsideStep();
    const [before, now] = [this._doneAt(-1), this._doneAt(0)];
    return this.optimizer.paramGroups.map(({ lr, swaLr }) => {
      if (swaLr === undefined) throw new KeyError("'swa_lr'");
      const first = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + first * (1 - now);
    });
  }

  /** How much of the way is done at the present step, or so many steps after it. */
  private _doneAt(offset: number): number {
    const step = this._stepCount - 1;
    const current = this.annealEpochs === 0 ? Math.max(1, step) : step;
    const part = Math.max(0, Math.min(1, (current + offset) / Math.max(1, this.annealEpochs)));
    return this._annealStrategy === 'linear' ? part : (1 - Math.cos(Math.PI * part)) / 2;
  }
}
