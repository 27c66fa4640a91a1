import type { Optional } from '../../args';
import { ValueError } from '../../errors';
import { type AnyOptimizer, LRScheduler } from './base';
import { readOptions } from './checks';

/** A factor for each epoch. */
export type LrLambda = (epoch: number) => number;

/**
 * Base of the schedulers that follow a function of the epoch, one for all groups or one for each. Of a function the state has
 * only what it has as properties.
 */
abstract class LambdaScheduler extends LRScheduler {
  lrLambdas: LrLambda[];

  constructor(
    optimizer: AnyOptimizer,
    lrLambda: LrLambda | readonly LrLambda[],
    ...rest: Optional<'lastEpoch', number>
  ) {
    const { lastEpoch } = readOptions(new.target.name, rest, { lastEpoch: -1 });
    super(optimizer);
    const groups = optimizer.paramGroups.length;
    const lambdas = Array.isArray(lrLambda) ? [...lrLambda] : Array<LrLambda>(groups).fill(lrLambda as LrLambda);
    if (lambdas.length !== groups) throw new ValueError(`Expected ${groups} lr_lambdas, but got ${lambdas.length}`);
    for (const lambda of lambdas) {
      if (typeof lambda !== 'function') throw new TypeError(`lr_lambda should be a function, but got ${typeof lambda}`);
    }
    this.lrLambdas = lambdas;
    this.start(lastEpoch);
  }

  /** The groups' factors at `lastEpoch`. */
  protected factors(): number[] {
    return this.lrLambdas.map((lambda) => lambda(this.lastEpoch));
  }
}

/** The groups' first learning rates times `lrLambda(epoch)`. See torch.optim.lr_scheduler.LambdaLR. */
export class LambdaLR extends LambdaScheduler {
  override getLr(): number[] {
    this._warnOutsideStep();
    return this.factors().map((factor, i) => this.baseLrs[i]! * factor);
  }
}

/** Multiplies the learning rates by `lrLambda(epoch)` at each step. See torch.optim.lr_scheduler.MultiplicativeLR. */
export class MultiplicativeLR extends LambdaScheduler {
  override getLr(): number[] {
    this._warnOutsideStep();
    const lrs = this._groupLrs();
    return this._isInitial ? lrs : this.factors().map((factor, i) => lrs[i]! * factor);
  }
}
