import type { Optional } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { Tensor } from '../../tensor/tensor';
import { type AnyOptimizer, LRScheduler, type SchedulerStateDict } from './base';
import { readOptions } from './checks';

export interface ReduceLROnPlateauOptions {
  /** What the learning rate is multiplied by, below 1. */
  factor?: number;
  /** Epochs without improvement that are let pass. */
  patience?: number;
  /** How much better counts as an improvement. */
  threshold?: number;
  /** Whether `threshold` is a share of the best value or a difference from it. */
  thresholdMode?: 'rel' | 'abs';
  /** Epochs after a reduction in which nothing is counted. */
  cooldown?: number;
  /** Lower bound of the learning rates: one for all groups, or one for each. */
  minLr?: number | readonly number[];
  /** Smaller reductions than this are not made. */
  eps?: number;
}

const DEFAULTS = {
  mode: 'min' as 'min' | 'max',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel' as 'rel' | 'abs',
  cooldown: 0,
  minLr: 0 as number | readonly number[],
  eps: 1e-8,
};

/**
 * Multiplies the learning rates by `factor` when a metric, given to `step(metric)`, has stopped falling (`mode` 'min') or rising
 * ('max'). NaN counts as no improvement. See torch.optim.lr_scheduler.ReduceLROnPlateau.
 */
export class ReduceLROnPlateau extends LRScheduler<[metrics: number | Tensor, epoch?: number | null]> {
  factor: number;
  defaultMinLr: number | null;
  /** The lower bound of each group's learning rate. */
  minLrs: number[];
  patience: number;
  cooldown: number;
  eps: number;
  override lastEpoch = 0;
  /** The value that any other is better than. */
  modeWorse: number;
  mode: 'min' | 'max';
  threshold: number;
  thresholdMode: 'rel' | 'abs';
  /** The best metric so far. */
  best: number;
  cooldownCounter = 0;
  numBadEpochs = 0;

  constructor(optimizer: AnyOptimizer, ...rest: Optional<'mode', 'min' | 'max', ReduceLROnPlateauOptions>) {
    const options = readOptions('ReduceLROnPlateau', rest, DEFAULTS);
    if (!(options.factor < 1)) throw new ValueError('Factor should be < 1.0.');
    super(optimizer);
    const { minLr } = options;
    const groups = optimizer.paramGroups.length;
    if (typeof minLr !== 'number' && minLr.length !== groups) {
      throw new ValueError(`expected ${groups} min_lrs, got ${minLr.length}`);
    }
    this.factor = options.factor;
    this.defaultMinLr = typeof minLr === 'number' ? minLr : null;
    this.minLrs = typeof minLr === 'number' ? Array(groups).fill(minLr) : [...minLr];
    this.patience = options.patience;
    this.cooldown = options.cooldown;
    this.eps = options.eps;
    this.mode = options.mode;
    this.threshold = options.threshold;
    this.thresholdMode = options.thresholdMode;
    this.modeWorse = this._checkedModeWorse();
    this.best = this.modeWorse;
    this._lastLr = this._groupLrs();
  }

  private _checkedModeWorse(): number {
    if (!['min', 'max'].includes(this.mode)) throw new ValueError(`mode ${this.mode} is unknown!`);
    if (!['rel', 'abs'].includes(this.thresholdMode)) {
      throw new ValueError(`threshold mode ${this.thresholdMode} is unknown!`);
    }
    return this.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** True while bad epochs are not counted. */
  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  /** What the groups have: a metric, not the epoch, changes it. */
  override getLr(): number[] {
    return this._groupLrs();
  }

  /** Counts `metrics`, a number or a tensor of one element, and reduces the learning rates if it is time. */
  override step(metrics: number | Tensor, epoch?: number | null): void {
    const current = metrics instanceof Tensor ? Number(metrics.item()) : metrics;
    if (typeof current !== 'number') {
      throw new TypeError(
        `ReduceLROnPlateau.step: takes the metric, a number or a tensor of one element, got ${current}`,
      );
    }
    if (epoch != null) this._warnOfEpoch();
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this._count(current);
    if (this.numBadEpochs > this.patience) {
      this._reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this._lastLr = this._groupLrs();
  }

  private _count(metric: number): void {
    if (this._isBetter(metric)) {
      this.best = metric;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.inCooldown) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
  }

  private _isBetter(metric: number): boolean {
    const { best, threshold, mode, thresholdMode } = this;
    if (mode === 'min') return metric < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return metric > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold);
  }

  private _reduce(): void {
    const groups = this.optimizer.paramGroups;
    if (groups.length !== this.minLrs.length) this.minLrs = Array(groups.length).fill(this._minLrOfAll());
    groups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.factor, this.minLrs[i]!);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }

  private _minLrOfAll(): number {
    if (this.defaultMinLr !== null) return this.defaultMinLr;
    throw new RuntimeError(
      `The number of param groups in the \`optimizer\` (${this.optimizer.paramGroups.length}) differs from when ` +
        `\`ReduceLROnPlateau\` was initialized (${this.minLrs.length}), usually due to a new param group being added to the ` +
        'optimizer. Please modify the `minLrs` field to match the length of the `optimizer` param groups.',
    );
  }

  override loadStateDict(stateDict: SchedulerStateDict): void {
    super.loadStateDict(stateDict);
    this.modeWorse = this._checkedModeWorse();
    // JSON has no infinity.
    this.best ??= this.modeWorse;
  }
}
