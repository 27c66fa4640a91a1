import { KeyError, RuntimeError, ValueError } from '../../errors';
import { describe, type Optimizer } from '../optimizer';
import { stateName } from './stateNames';

/** A scheduler's state under PyTorch's names. */
export type SchedulerStateDict = Record<string, unknown>;

/** Any optimizer, whatever its options. */
// biome-ignore lint/suspicious/noExplicitAny: an optimizer reads and writes its options, so none of one kind fits all
export type AnyOptimizer = Optimizer<any>;

const EPOCH_WARNING =
  'The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use ' +
  '`scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed form is ' +
  'used instead of the new chainable form, where available. Please open an issue if you are unable to replicate your use ' +
  'case: https://github.com/pytorch/pytorch/issues/new/choose.';
const ORDER_WARNING =
  'Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should call them in ' +
  'the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this will result in PyTorch ' +
  'skipping the first value of the learning rate schedule. See more details at ' +
  'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate';

/** How many steps an optimizer had done when its first scheduler came. */
const stepsBefore = new WeakMap<AnyOptimizer, number>();

/**
 * Base of the schedulers, which set the learning rates of an optimizer's groups. A subclass says in {@link getLr} what they are
 * at `lastEpoch`; its constructor calls `super(optimizer)`, sets its own properties, and ends with `this.start(lastEpoch)`.
 * Its properties, but those that begin with `_`, are its state. `StepArgs` is what {@link step} takes. See
 * torch.optim.lr_scheduler.LRScheduler.
 */
export abstract class LRScheduler<StepArgs extends unknown[] = [epoch?: number | null]> {
  readonly optimizer: AnyOptimizer;
  /** The groups' learning rates at the start of the schedule. */
  declare baseLrs: number[];
  /** Calls of {@link step}; 0 after construction. */
  declare lastEpoch: number;
  /** @internal Null: what the groups have. */ _lastLr: number[] | null = null;
  /** @internal */ _stepCount = 0;
  /** @internal True during the step that the constructor does. */ _isInitial = false;
  #isStepping = false;
  #hasWarned = false;

  constructor(optimizer: AnyOptimizer) {
    if (!Array.isArray(optimizer?.paramGroups)) throw new TypeError(`${describe(optimizer)} is not an Optimizer`);
    this.optimizer = optimizer;
    if (!stepsBefore.has(optimizer)) stepsBefore.set(optimizer, optimizer._stepCount);
  }

  /** The groups' learning rates at `lastEpoch`, which {@link step} has just counted up. To look at them: {@link getLastLr}. */
  abstract getLr(): number[];

  /** The same, computed from `baseLrs` alone, for `step(epoch)`; only where PyTorch has it. */
  protected closedFormLr?(): number[];

  /** Takes the base learning rates from the groups and does the first step, to epoch `lastEpoch` + 1. */
  protected start(lastEpoch: number): void {
    const groups = this.optimizer.paramGroups;
    if (lastEpoch === -1) for (const group of groups) group.initialLr ??= group.lr;
    this.baseLrs = groups.map(({ initialLr }, i) => initialLr ?? missingInitialLr(i));
    this.lastEpoch = lastEpoch;
    this._initialStep();
  }

  /** @internal */
  _initialStep(): void {
    this._stepCount = 0;
    this._isInitial = true;
    try {
      this.step(...([] as unknown[] as StepArgs));
    } finally {
      this._isInitial = false;
    }
  }

  /** Sets the next learning rates; to be called after the optimizer's step. `epoch` jumps there, and is deprecated. */
  step(...args: StepArgs): void {
    const [epoch] = args as unknown[] as [epoch?: number | null];
    if (this.lastEpoch === undefined) {
      throw new RuntimeError(`${this.constructor.name}: its constructor must end with this.start(lastEpoch)`);
    }
    if (this._stepCount === 1 && this.optimizer._stepCount === stepsBefore.get(this.optimizer)) {
      console.warn(ORDER_WARNING);
    }
    this._stepCount++;
    if (epoch != null) this._warnOfEpoch();
    this._updateLr(epoch);
  }

  /** @internal */
  _updateLr(epoch?: number | null): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.#isStepping = true;
    try {
      const jump = epoch == null ? undefined : this.closedFormLr?.();
      this._setLrs(jump ?? this.getLr());
    } finally {
      this.#isStepping = false;
    }
  }

  /** @internal Puts one learning rate into each group. */
  _setLrs(lrs: readonly number[]): void {
    const groups = this.optimizer.paramGroups;
    if (lrs.length !== groups.length) {
      throw new ValueError(
        `${this.constructor.name}: there are ${lrs.length} learning rates for ${groups.length} parameter groups`,
      );
    }
    groups.forEach((group, i) => {
      group.lr = lrs[i]!;
    });
    this._lastLr = this._groupLrs();
  }

  /** @internal */
  _groupLrs(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** @internal For the library's {@link getLr}, which is often mistaken for {@link getLastLr}. */
  _warnOutsideStep(): void {
    if (this.#isStepping) return;
    console.warn('To get the last learning rate computed by the scheduler, please use `getLastLr()`.');
  }

  /** @internal Once per scheduler. */
  _warnOfEpoch(): void {
    if (!this.#hasWarned) console.warn(EPOCH_WARNING);
    this.#hasWarned = true;
  }

  /** The learning rates that this scheduler set last, one per group. */
  getLastLr(): number[] {
    return [...(this._lastLr ?? this._groupLrs())];
  }

  /** The state under PyTorch's names, without those that begin with `_`. See torch.optim.lr_scheduler.LRScheduler.state_dict. */
  stateDict(): SchedulerStateDict {
    return Object.fromEntries(this.#stateEntries().map(([property, value]) => [stateName(property), copy(value)]));
  }

  /**
   * Continues from a state of {@link stateDict} or of PyTorch's; what this scheduler does not have is ignored, as PyTorch's older
   * files have more. The optimizer's own state brings the learning rates.
   */
  loadStateDict(stateDict: SchedulerStateDict): void {
    if (typeof stateDict !== 'object' || stateDict === null) {
      throw new TypeError(`${this.constructor.name}.loadStateDict: expects an object, got ${describe(stateDict)}`);
    }
    for (const [property] of this.#stateEntries()) {
      const name = stateName(property);
      if (Object.hasOwn(stateDict, name)) Object.assign(this, { [property]: copy(stateDict[name]) });
    }
    this._stepCount = (stateDict._step_count as number | undefined) ?? this.lastEpoch + 1;
    this._lastLr = (stateDict._last_lr as number[] | undefined) ?? null;
  }

  #stateEntries(): [string, unknown][] {
    return Object.entries(this).filter(([property]) => property !== 'optimizer' && !property.startsWith('_'));
  }
}

/** State is handed over by value: a dict from before must not change with the scheduler. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  return value instanceof Map ? new Map(value) : value;
}

function missingInitialLr(group: number): never {
  throw new KeyError(
    `param 'initial_lr' is not specified in param_groups[${group}] when resuming scheduler with last_epoch >= 0.\n` +
      'This typically happens when:\n' +
      "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
      "2. You're using last_epoch >= 0 for a fresh training run (not recommended)",
  );
}
