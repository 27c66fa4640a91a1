import { isPlainObject } from '../../args';
import { KeyError, RuntimeError, ValueError } from '../../errors';
import { describe, type Optimizer } from '../optimizer';
import { stateName } from './stateNames';

/** A scheduler's state under PyTorch's names. */
export type SchedulerStateDict = Record<string, unknown>;

/** Any optimizer, whatever its options. */
// biome-ignore lint/suspicious/noExplicitAny: an optimizer reads and writes its options, so none of one kind fits all
export type AnyOptimizer = Optimizer<any>;

/** Any scheduler, whatever its step takes. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyScheduler = LRScheduler<any>;

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

const OVERRIDDEN_WARNING =
  'Seems like `optimizer.step()` has been overridden after learning rate scheduler initialization. Please, make sure to call ' +
  '`optimizer.step()` before `lr_scheduler.step()`. See more details at ' +
  'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate';

/** What an optimizer was when its first scheduler came (`steps`: how many it had done), and its `step` at the last one. */
const seen = new WeakMap<AnyOptimizer, { steps: number; step: unknown }>();

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
  private _isStepping = false;
  private _hasWarned = false;

  constructor(optimizer: AnyOptimizer) {
    if (!Array.isArray(optimizer?.paramGroups)) throw new TypeError(`${describe(optimizer)} is not an Optimizer`);
    this.optimizer = optimizer;
    seen.set(optimizer, { steps: seen.get(optimizer)?.steps ?? optimizer._stepCount, step: optimizer.step });
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
    if (this._stepCount === 1) this._warnOfOrder();
    this._stepCount++;
    if (epoch != null) this._warnOfEpoch();
    this._updateLr(epoch);
  }

  private _warnOfOrder(): void {
    const { steps, step } = seen.get(this.optimizer)!;
    if (this.optimizer.step !== step) console.warn(OVERRIDDEN_WARNING);
    else if (this.optimizer._stepCount === steps) console.warn(ORDER_WARNING);
  }

  /** @internal */
  _updateLr(epoch?: number | null): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this._setLrs(() => (epoch == null ? undefined : this.closedFormLr?.()) ?? this.getLr());
  }

  /** @internal Puts one learning rate into each group: those that `compute` gives, which may ask {@link getLr}. */
  _setLrs(compute: () => readonly number[]): void {
    const groups = this.optimizer.paramGroups;
    const lrs = this._stepping(compute);
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

  private _stepping<R>(fn: () => R): R {
    this._isStepping = true;
    try {
      return fn();
    } finally {
      this._isStepping = false;
    }
  }

  /** @internal */
  _groupLrs(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** @internal For the library's {@link getLr}, which is often mistaken for {@link getLastLr}. */
  _warnOutsideStep(): void {
    if (this._isStepping) return;
    console.warn('To get the last learning rate computed by the scheduler, please use `getLastLr()`.');
  }

  /** @internal Once per scheduler. */
  _warnOfEpoch(): void {
    if (!this._hasWarned) console.warn(EPOCH_WARNING);
    this._hasWarned = true;
  }

  /** The learning rates that this scheduler set last, one per group. */
  getLastLr(): number[] {
    return [...(this._lastLr ?? this._groupLrs())];
  }

  /** @internal Properties beginning with `_` that belong to the state all the same: nobody could continue without them. */
  get _privateState(): readonly string[] {
    return [];
  }

  /**
   * The state under PyTorch's names, without those that begin with `_` where they are not needed to continue. Of functions it
   * has only the properties, or null. See torch.optim.lr_scheduler.LRScheduler.state_dict.
   */
  stateDict(): SchedulerStateDict {
    const state = Object.fromEntries(
      this._stateEntries().map(([property, value]) => [stateName(property), save(value)]),
    );
    // Not listed, but there for whoever loads the same object.
    const hidden = { _step_count: { value: this._stepCount }, _last_lr: { value: this.getLastLr() } };
    return Object.defineProperties(state, hidden);
  }

  /**
   * Continues from a state of {@link stateDict} or of PyTorch's; what this scheduler does not have is ignored, as PyTorch's older
   * files have more. The optimizer's own state brings the learning rates.
   */
  loadStateDict(stateDict: SchedulerStateDict): void {
    if (typeof stateDict !== 'object' || stateDict === null) {
      throw new TypeError(`${this.constructor.name}.loadStateDict: expects an object, got ${describe(stateDict)}`);
    }
    const shared = this._stateEntries().filter(([property]) => Object.hasOwn(stateDict, stateName(property)));
    const loaded = shared.map(([property, own]) => [property, load(own, stateDict[stateName(property)])] as const);
    Object.assign(this, Object.fromEntries(loaded));
    this._stepCount = (stateDict._step_count as number | undefined) ?? this.lastEpoch + 1;
    this._lastLr = (stateDict._last_lr as number[] | undefined) ?? null;
  }

  private _stateEntries(): [string, unknown][] {
    const isState = (property: string) =>
      property.startsWith('_') ? this._privateState.includes(property) : property !== 'optimizer';
    return Object.entries(this).filter(([property]) => isState(property));
  }
}

/** A value as the state dict has it: a copy, since a dict from before must not change with the scheduler. */
function save(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(save);
  if (value instanceof LRScheduler) return value.stateDict();
  if (value instanceof Map) return Object.defineProperty(new Map(value), 'toJSON', { value: toObject });
  if (typeof value === 'function') return Object.keys(value).length > 0 ? { ...value } : null;
  return isPlainObject(value) ? { ...value } : value;
}

/** The inverse of {@link save}, for a property that is `own` now: functions and schedulers stay, and take over their state. */
function load(own: unknown, saved: unknown): unknown {
  if (typeof own === 'function') return Object.assign(own, saved);
  if (own instanceof LRScheduler) {
    own.loadStateDict(saved as SchedulerStateDict);
    return own;
  }
  if (Array.isArray(own) && own.some(isLive)) {
    const states = saved as unknown[];
    if (states.length === own.length) return own.map((item, i) => load(item, states[i]));
    throw new ValueError(
      `loadStateDict: the state is of ${states.length} schedulers or functions, here are ${own.length}`,
    );
  }
  // JSON has no Maps.
  if (!(own instanceof Map) || !isPlainObject(saved)) return save(saved);
  return new Map(Object.entries(saved).map(([key, value]) => [Number(key), value]));
}

function isLive(value: unknown): boolean {
  return typeof value === 'function' || value instanceof LRScheduler;
}

function toObject(this: Map<unknown, unknown>): object {
  return Object.fromEntries(this);
}

function missingInitialLr(group: number): never {
  throw new KeyError(
    `param 'initial_lr' is not specified in param_groups[${group}] when resuming scheduler with last_epoch >= 0.\n` +
      'This typically happens when:\n' +
      "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
      "2. You're using last_epoch >= 0 for a fresh training run (not recommended)",
  );
}
