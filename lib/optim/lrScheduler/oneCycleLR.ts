import { type Optional, readArgs } from '../../args';
import { KeyError, ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { type AnnealStrategy, checkAnnealStrategy, checkInteger, checkPeriod, type PerGroup, perGroup } from './checks';
import { type MomentumGroup, type MomentumOptions, setMomentum, startMomentum, usesBeta1 } from './momentum';

export interface OneCycleLROptions extends MomentumOptions {
  /** With `stepsPerEpoch`, in the place of `totalSteps`. */
  epochs?: number | null;
  stepsPerEpoch?: number | null;
  /** The part of the cycle that goes up, from 0 to 1. */
  pctStart?: number;
  annealStrategy?: AnnealStrategy;
  /** The first learning rate is `maxLr / divFactor`. */
  divFactor?: number;
  /** The last learning rate is the first one divided by `finalDivFactor`. */
  finalDivFactor?: number;
  /** Down as far and as long as up, and then to the last learning rate. */
  threePhase?: boolean;
  lastEpoch?: number;
}

const DEFAULTS = {
  totalSteps: null as number | null,
  epochs: null as number | null,
  stepsPerEpoch: null as number | null,
  pctStart: 0.3,
  annealStrategy: 'cos' as AnnealStrategy,
  cycleMomentum: true,
  baseMomentum: 0.85 as PerGroup,
  maxMomentum: 0.95 as PerGroup,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
  lastEpoch: -1,
};

/** Between which of a group's options a phase moves, by PyTorch's names: it is part of the state. */
type Phase = {
  end_step: number;
  start_lr: keyof typeof BOUNDS;
  end_lr: keyof typeof BOUNDS;
  start_momentum: keyof typeof BOUNDS;
  end_momentum: keyof typeof BOUNDS;
};

const BOUNDS = {
  initial_lr: 'initialLr',
  max_lr: 'maxLr',
  min_lr: 'minLr',
  base_momentum: 'baseMomentum',
  max_momentum: 'maxMomentum',
} as const;

type Group = MomentumGroup & { maxLr?: number; minLr?: number };

/**
 * One cycle for the whole training: the learning rates go up to `maxLr` (one, or one for each group) and then down to almost
 * nothing, momentum the other way. Give `totalSteps`, or `epochs` and `stepsPerEpoch`; to be stepped after each batch. See
 * torch.optim.lr_scheduler.OneCycleLR, https://arxiv.org/abs/1708.07120.
 */
export class OneCycleLR extends LRScheduler {
  totalSteps: number;
  /** @internal */ _schedulePhases: Phase[];
  /** @internal */ _annealFuncType: AnnealStrategy;
  cycleMomentum: boolean;
  declare useBeta1?: boolean;

  constructor(
    optimizer: AnyOptimizer,
    maxLr: PerGroup,
    ...rest: Optional<'totalSteps', number | null, OneCycleLROptions>
  ) {
    const options = readArgs('OneCycleLR', rest, DEFAULTS);
    const { pctStart, annealStrategy, lastEpoch } = options;
    super(optimizer);
    this.totalSteps = readTotalSteps(options);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${String(pctStart)}`);
    }
    this._schedulePhases = makePhases(this.totalSteps, options);
    checkAnnealStrategy(annealStrategy);
    this._annealFuncType = annealStrategy;
    const maxLrs = perGroup('max_lr', optimizer, maxLr);
    for (const name of ['divFactor', 'finalDivFactor'] as const) checkPeriod('OneCycleLR', name, options[name]);
    this.cycleMomentum = options.cycleMomentum;
    if (this.cycleMomentum) this._startMomentum(options);
    if (lastEpoch === -1) this._setBounds(maxLrs, options);
    this.start(lastEpoch);
  }

  private _startMomentum({ baseMomentum, maxMomentum, lastEpoch }: typeof DEFAULTS): void {
    this.useBeta1 = usesBeta1(this.optimizer);
    const max = perGroup('max_momentum', this.optimizer, maxMomentum);
    const base = perGroup('base_momentum', this.optimizer, baseMomentum);
    if (lastEpoch === -1) startMomentum(this.optimizer, this.useBeta1, base, max);
  }

  private _setBounds(maxLrs: readonly number[], { divFactor, finalDivFactor }: typeof DEFAULTS): void {
    this.optimizer.paramGroups.forEach((group: Group, i) => {
      const initialLr = maxLrs[i]! / divFactor;
      Object.assign(group, { initialLr, maxLr: maxLrs[i], minLr: initialLr / finalDivFactor });
    });
  }

  /** @internal */
  override get _privateState(): readonly string[] {
    return ['_schedulePhases', '_annealFuncType'];
  }

  /** Sets the momentum too. */
  override getLr(): number[] {
    this._warnOutsideStep();
    const { lastEpoch, totalSteps } = this;
    if (lastEpoch > totalSteps) {
      throw new ValueError(`Tried to step ${lastEpoch} times. The specified number of total steps is ${totalSteps}`);
    }
    const { phase, done } = this._place();
    return this.optimizer.paramGroups.map((group: Group) => {
      const between = (start: keyof typeof BOUNDS, end: keyof typeof BOUNDS) =>
        this._anneal(bound(group, start), bound(group, end), done);
      const lr = between(phase.start_lr, phase.end_lr);
      if (this.cycleMomentum) {
        setMomentum(group, this.useBeta1!, between(phase.start_momentum, phase.end_momentum));
      }
      return lr;
    });
  }

  /** The phase that `lastEpoch` is in, and how much of it is done. */
  private _place(): { phase: Phase; done: number } {
    const { _schedulePhases: phases, lastEpoch } = this;
    const found = phases.findIndex(({ end_step }) => lastEpoch <= end_step);
    const at = found < 0 ? phases.length - 1 : found;
    const phase = phases[at]!;
    const start = phases[at - 1]?.end_step ?? 0;
    if (phase.end_step === start) throw new ValueError(`OneCycleLR: the phase that ends at step ${start} has no steps`);
    return { phase, done: (lastEpoch - start) / (phase.end_step - start) };
  }

  private _anneal(start: number, end: number, done: number): number {
    if (this._annealFuncType === 'linear') return (end - start) * done + start;
    return end + ((start - end) / 2) * (Math.cos(Math.PI * done) + 1);
  }
}

function readTotalSteps({ totalSteps, epochs, stepsPerEpoch }: typeof DEFAULTS): number {
  if (totalSteps !== null) {
    checkInteger(totalSteps, 1, 'Expected positive integer total_steps, but got');
    return totalSteps;
  }
  if (epochs === null || stepsPerEpoch === null) {
    throw new ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  checkInteger(epochs, 1, 'Expected positive integer epochs, but got');
  checkInteger(stepsPerEpoch, 1, 'Expected positive integer steps_per_epoch, but got');
  return epochs * stepsPerEpoch;
}

function makePhases(totalSteps: number, { pctStart, threePhase }: typeof DEFAULTS): Phase[] {
  const up: Phase = {
    end_step: pctStart * totalSteps - 1,
    start_lr: 'initial_lr',
    end_lr: 'max_lr',
    start_momentum: 'max_momentum',
    end_momentum: 'base_momentum',
  };
  const down: Phase = {
    end_step: totalSteps - 1,
    start_lr: 'max_lr',
    end_lr: 'min_lr',
    start_momentum: 'base_momentum',
    end_momentum: 'max_momentum',
  };
  if (!threePhase) return [up, down];
  const back: Phase = { ...down, end_step: 2 * pctStart * totalSteps - 2, end_lr: 'initial_lr' };
  return [up, back, { ...down, start_lr: 'initial_lr', start_momentum: 'max_momentum' }];
}

/** What the constructor left in the group. */
function bound(group: Group, name: keyof typeof BOUNDS): number {
  const value = group[BOUNDS[name]];
  if (value === undefined) throw new KeyError(`'${name}'`);
  return value;
}
