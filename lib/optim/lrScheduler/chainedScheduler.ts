import { type Optional, readArgs } from '../../args';
import { ValueError } from '../../errors';
import type { AnyOptimizer, AnyScheduler } from './base';
import { CompositeScheduler } from './composite';

/**
 * Steps all its schedulers, one after the other, each on what the one before left. See
 * torch.optim.lr_scheduler.ChainedScheduler.
 */
export class ChainedScheduler extends CompositeScheduler {
  constructor(schedulers: readonly AnyScheduler[], ...rest: Optional<'optimizer', AnyOptimizer | null>) {
    const { optimizer } = readArgs('ChainedScheduler', rest, { optimizer: null as AnyOptimizer | null });
    if (schedulers.length < 1) {
      throw new ValueError('ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.');
    }
    super(schedulers, optimizer ?? schedulers[0]!.optimizer);
    this._lastLr = this._groupLrs();
  }

  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step();
    this._lastLr = this._groupLrs();
  }
}
