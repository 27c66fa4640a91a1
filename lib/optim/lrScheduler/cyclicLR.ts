import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { checkPeriod, type PerGroup, perGroup, readOptions } from './checks';
import { type MomentumOptions, setMomentum, startMomentum, usesBeta1 } from './momentum';

/** How the height of a cycle changes: not at all, halved each time, or times `gamma` at each step. */
export type CyclicMode = 'triangular' | 'triangular2' | 'exp_range';

export interface CyclicLROptions extends MomentumOptions {
  /** Steps down; as many as up if null. */
  stepSizeDown?: number | null;
  /** Ignored if there is a `scaleFn`. */
  mode?: CyclicMode;
  /** For mode 'exp_range'. */
  gamma?: number;
  /** The height of the cycle, from 0 to 1, given the number of the cycle (from 1) or of the step. */
  scaleFn?: ((x: number) => number) | null;
  /** What `scaleFn` is given. */
  scaleMode?: 'cycle' | 'iterations';
  lastEpoch?: number;
}

const DEFAULTS = {
  stepSizeUp: 2000,
  stepSizeDown: null as number | null,
  mode: 'triangular' as CyclicMode,
  gamma: 1,
  scaleFn: null as ((x: number) => number) | null,
  scaleMode: 'cycle' as 'cycle' | 'iterations',
  cycleMomentum: true,
  baseMomentum: 0.8 as PerGroup,
  maxMomentum: 0.9 as PerGroup,
  lastEpoch: -1,
};

const SCALES: Record<CyclicMode, (x: number, gamma: number) => number> = {
  triangular: () => 1,
  triangular2: (cycle) => 1 / 2 ** (cycle - 1),
  exp_range: (iterations, gamma) => gamma ** iterations,
};

/**
 * Moves the learning rates between `baseLr` and `maxLr` (each one, or one for each group) and back, in `stepSizeUp` and
 * `stepSizeDown` steps, and the momentum the other way. To be stepped after each batch. See
 * torch.optim.lr_scheduler.CyclicLR, https://arxiv.org/abs/1506.01186.
 */
export class CyclicLR extends LRScheduler {
  maxLrs: number[];
  /** Steps of a cycle. */
  totalSize: number;
  /** The part of a cycle that goes up. */
  stepRatio: number;
  mode: CyclicMode;
  gamma: number;
  /** @internal */ _scaleFnCustom: ((x: number) => number) | null;
  scaleMode: 'cycle' | 'iterations';
  cycleMomentum: boolean;
  declare useBeta1?: boolean;
  declare baseMomentums?: number[];
  declare maxMomentums?: number[];

  constructor(
    optimizer: AnyOptimizer,
    baseLr: PerGroup,
    maxLr: PerGroup,
    ...rest: Optional<'stepSizeUp', number, CyclicLROptions>
  ) {
    const options = readOptions('CyclicLR', rest, DEFAULTS);
    const { stepSizeUp, stepSizeDown, mode, scaleFn, lastEpoch } = options;
    super(optimizer);
    const baseLrs = perGroup('base_lr', optimizer, baseLr);
    this.maxLrs = perGroup('max_lr', optimizer, maxLr);
    if (!Object.hasOwn(SCALES, mode) && scaleFn === null) throw new ValueError('mode is invalid and scale_fn is None');
    checkPeriod('CyclicLR', 'stepSizeUp', stepSizeUp);
    this.totalSize = stepSizeUp + (stepSizeDown ?? stepSizeUp);
    checkPeriod('CyclicLR', 'stepSizeUp + stepSizeDown', this.totalSize);
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = mode;
    this.gamma = options.gamma;
    this._scaleFnCustom = scaleFn;
    this.scaleMode = options.scaleMode;
    if (scaleFn === null) this.scaleMode = mode === 'exp_range' ? 'iterations' : 'cycle';
    this.cycleMomentum = options.cycleMomentum;
    if (this.cycleMomentum) this._startMomentum(options);
    if (lastEpoch === -1) this._setLrs(() => baseLrs);
    this.start(lastEpoch);
    this.baseLrs = baseLrs;
  }

  private _startMomentum({ baseMomentum, maxMomentum, lastEpoch }: typeof DEFAULTS): void {
    this.useBeta1 = usesBeta1(this.optimizer);
    this.baseMomentums = perGroup('base_momentum', this.optimizer, baseMomentum);
    this.maxMomentums = perGroup('max_momentum', this.optimizer, maxMomentum);
    if (lastEpoch === -1) startMomentum(this.optimizer, this.useBeta1, this.baseMomentums, this.maxMomentums);
  }

  /** @internal */
  override get _privateState(): readonly string[] {
    return ['_scaleFnCustom'];
  }

  /** The height of the cycle: `scaleFn`, or what `mode` says. */
  scaleFn(x: number): number {
    return this._scaleFnCustom ? this._scaleFnCustom(x) : SCALES[this.mode](x, this.gamma);
  }

  /** Sets the momentum too. */
  override getLr(): number[] {
    this._warnOutsideStep();
    const { stepRatio, lastEpoch } = this;
    const cycle = Math.floor(1 + lastEpoch / this.totalSize);
    const x = 1 + lastEpoch / this.totalSize - cycle;
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const scale = this.scaleFn(this.scaleMode === 'cycle' ? cycle : lastEpoch);
    if (this.cycleMomentum) this._moveMomentum(height, scale);
    return this.maxLrs.map((max, i) => this.baseLrs[i]! + (max - this.baseLrs[i]!) * height * scale);
  }

  private _moveMomentum(height: number, scale: number): void {
    const { optimizer, useBeta1, baseMomentums, maxMomentums } = this;
    maxMomentums!.forEach((max, i) => {
      setMomentum(optimizer.paramGroups[i]!, useBeta1!, max - (max - baseMomentums![i]!) * height * scale);
    });
  }
}
