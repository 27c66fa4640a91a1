import { RuntimeError, ValueError } from '../../errors';
import { type AnyOptimizer, type AnyScheduler, LRScheduler } from './base';
import { ReduceLROnPlateau } from './reduceLROnPlateau';

/** Base of the schedulers that step others, all of one optimizer. Their states are under `_schedulers`. */
export abstract class CompositeScheduler extends LRScheduler<[]> {
  /** In the order in which they were given. */
  _schedulers: AnyScheduler[];

  constructor(schedulers: readonly AnyScheduler[], optimizer: AnyOptimizer) {
    super(optimizer);
    schedulers.forEach((scheduler, i) => {
      checkScheduler(new.target.name, scheduler, i, optimizer);
    });
    this._schedulers = [...schedulers];
  }

  /** @internal */
  override get _privateState(): readonly string[] {
    return ['_schedulers'];
  }

  override getLr(): never {
    throw new RuntimeError(
      `${this.constructor.name}.getLr: not implemented, for its schedulers set the learning rates`,
    );
  }
}

function checkScheduler(where: string, scheduler: AnyScheduler, i: number, optimizer: AnyOptimizer): void {
  if (scheduler?.optimizer === undefined) {
    throw new TypeError(`${where} at index ${i} should have \`optimizer\` as its attribute.`);
  }
  if (scheduler instanceof ReduceLROnPlateau) {
    throw new ValueError(
      `${where} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when ` +
        `calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
    );
  }
  if (scheduler.optimizer !== optimizer) {
    throw new ValueError(
      `${where} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at ` +
        `index ${i} has ${scheduler.optimizer}, which is different from ${optimizer.constructor.name}.`,
    );
  }
}
