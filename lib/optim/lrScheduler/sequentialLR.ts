import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import type { AnyOptimizer, AnyScheduler } from './base';
import { readOptions } from './checks';
import { CompositeScheduler } from './composite';

/**
 * One scheduler after the other: `schedulers[i]` takes over, from its own epoch 0, at epoch `milestones[i - 1]`. See
 * torch.optim.lr_scheduler.SequentialLR.
 */
export class SequentialLR extends CompositeScheduler {
  /** The epochs at which the next scheduler takes over. */
  _milestones: number[];

  constructor(
    optimizer: AnyOptimizer,
    schedulers: readonly AnyScheduler[],
    milestones: readonly number[],
    ...rest: Optional<'lastEpoch', number>
  ) {
    const { lastEpoch } = readOptions('SequentialLR', rest, { lastEpoch: -1 });
    if (schedulers.length < 1) {
      throw new ValueError('SequentialLR expects at least one scheduler, but got no scheduler.');
    }
    super(schedulers, optimizer);
    if (milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but ' +
          `got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    }
    this._milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    // What the schedulers' constructors did is undone, but for the one that is to begin.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr!;
    undo(this._schedulers);
    const first = this._schedulers[this._indexAt(0)]!;
    first._initialStep();
    this._lastLr = first.getLastLr();
  }

  /** @internal */
  override get _privateState(): readonly string[] {
    return [...super._privateState, '_milestones'];
  }

  private _indexAt(epoch: number): number {
    return this._milestones.filter((milestone) => milestone <= epoch).length;
  }

  override step(): void {
    this.lastEpoch++;
    const index = this._indexAt(this.lastEpoch);
    const scheduler = this._schedulers[index]!;
    if (this._milestones[index - 1] === this.lastEpoch) scheduler._updateLr(0);
    else scheduler.step();
    this._lastLr = scheduler.getLastLr();
  }
}

function undo(schedulers: readonly AnyScheduler[]): void {
  for (const scheduler of schedulers) {
    if (scheduler instanceof CompositeScheduler) undo(scheduler._schedulers);
    else scheduler.lastEpoch--;
  }
}
