import { isPlainObject, type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import { checkWays, scalarOption, synchronous } from './check';
import {
  afterPreHook,
  globalPostHooks,
  globalPreHooks,
  HookList,
  type RemovableHandle,
  type StateDictHook,
  type StateDictPreHook,
  type StepCall,
  type StepHook,
} from './hooks';
import { checkFits, describe, type OwnKeys, ownKeys, type Params, readGroups, readParams } from './params';
import { reprOptimizer } from './repr';
import { type Entries, loadStateDict, type OptimizerStateDict, type State, States, saveStateDict } from './stateDict';

export { describe, type Params, type State };

/** Parameters that are trained with the same options; these can be changed at any time. A group may have keys of the user's own. */
export type ParamGroup<O extends object = object> = {
  params: Tensor[];
  lr: number;
  initialLr?: number;
  paramNames?: string[];
} & OwnKeys &
  O;

/** What an optimizer takes: any of its options; a learning rate may be a one-element tensor, taken by its value. */
export type OptionsOf<D> = { [K in keyof D]?: K extends 'lr' ? D[K] | Tensor : D[K] };

/**
 * Base of all optimizers: it owns the groups and the state. An optimizer of your own extends it with a `step`, as in PyTorch, and
 * keeps what it wants in `state.get(p)`, which is saved with it. See torch.optim.Optimizer.
 */
// biome-ignore lint/suspicious/noExplicitAny: every optimizer is an Optimizer, whatever its options are
export class Optimizer<O extends object = any> {
  paramGroups: ParamGroup<O>[] = [];
  /** What is kept of each parameter, under PyTorch's names in camelCase: `optimizer.state.get(p).expAvg`. */
  readonly state = new States();
  readonly defaults: O & { lr?: number };
  /** @internal Calls of step, for the schedulers' warning. */ _stepCount = 0;
  private readonly _hooks = {
    preStep: new HookList<StepHook>(),
    postStep: new HookList<StepHook>(),
    preSave: new HookList<StateDictPreHook>(),
    postSave: new HookList<StateDictHook>(),
    preLoad: new HookList<StateDictHook>(),
    postLoad: new HookList<StateDictPreHook>(),
  };

  private _isStepping = false;

  constructor(params: Params<O>, defaults: O & { lr?: number | Tensor }) {
    this.defaults = withLr(defaults);
    this._check(this.defaults);
    for (const group of readGroups(params)) this.addParamGroup(group as never);
    const { step } = this;
    // Hooks are called around the step of a subclass, too.
    if (step !== Optimizer.prototype.step) this.step = ((...args: []) => this._hooked(args, step)) as typeof step;
  }

  private _check(options: O & { lr?: number }): void {
    this.checkOptions(options);
    checkWays(this.constructor.name, options);
  }

  /** Throws ValueError for an option out of its domain. */
  protected checkOptions(_options: O & { lr?: number }): void {}

  /** The state's entries as PyTorch names and keeps them; a rule overrides it where it keeps something in another form. */
  protected exportState(state: State, _group: ParamGroup<O>): Entries {
    return state;
  }

  /** The inverse of {@link exportState}; the tensors are the optimizer's own copies. */
  protected importState(entries: Entries, _group: ParamGroup<O>, _p: Tensor): State {
    return entries;
  }

  /** The shape of a slot, to check what is loaded. */
  protected slotShape(_name: string, _p: Tensor): readonly number[] | null {
    return null;
  }

  /** Adds a group; options that it does not name have the optimizer's defaults. See torch.optim.Optimizer.add_param_group. */
  addParamGroup(
    group: { params: Tensor | Iterable<Tensor> | Iterable<[string, Tensor]>; lr?: number | Tensor } & OptionsOf<O> &
      OwnKeys,
  ): void {
    if (!isPlainObject(group)) throw new TypeError(`param_group must be a dict, but got ${describe(group)}`);
    const { params, ...options } = group;
    const { tensors, names } = readParams(params);
    const where = this.constructor.name;
    const own = ownKeys(where, options, Object.keys(this.defaults));
    const merged = readArgs(where, [options], { ...own, ...this.defaults }, 0);
    const checked = withLr(merged);
    this._check(checked);
    // As in PyTorch, a group's own options come first.
    const added = { params: tensors, ...options, ...(names ? { paramNames: names } : {}), ...checked };
    checkFits(added, this.paramGroups);
    this.paramGroups.push(added);
  }

  /** Drops all gradients, or zeroes them with `setToNone: false`. */
  zeroGrad(...rest: [options?: { setToNone?: boolean }] | [setToNone?: boolean]): void {
    const { setToNone } = readArgs('zeroGrad', rest, { setToNone: true });
    for (const { params } of this.paramGroups) for (const p of params) p._zeroGrad(setToNone);
  }

  /** One step. `closure`, if given, computes the loss anew (with backward), and its result is returned. */
  step<R = undefined>(closure?: () => R): R {
    const take = (given?: () => R) => this.takeStep(synchronous(this.constructor.name, given)) as R;
    return this._hooked(closure ? [closure] : [], take);
  }

  /** What {@link step} does between the hooks. */
  protected takeStep<R>(_closure?: () => R): R | undefined {
    throw new RuntimeError(`${this.constructor.name}: an optimizer has a step of its own`);
  }

  /** Calls `take`, unless it is called within another step, with the hooks around it. */
  private _hooked<R>(args: unknown[], take: (...args: never[]) => R): R {
    if (this._isStepping) return take.apply(this, args as never[]);
    let call: StepCall = [args, {}];
    for (const hook of globalPreHooks) call = afterPreHook(hook, this, call);
    for (const hook of this._hooks.preStep) call = afterPreHook(hook, this, call);
    const [given, { closure }] = call;
    this._isStepping = true;
    try {
      const result = take.apply(this, (given.length === 0 && closure ? [closure] : given) as never[]);
      this._stepCount++;
      for (const hook of this._hooks.postStep) hook(this, ...call);
      for (const hook of globalPostHooks) hook(this, ...call);
      return result;
    } finally {
      this._isStepping = false;
    }
  }

  /** Groups and state under PyTorch's names, sharing storage with this optimizer. See torch.optim.Optimizer.state_dict. */
  stateDict(): OptimizerStateDict {
    for (const hook of this._hooks.preSave) hook(this);
    const saved = saveStateDict(this.paramGroups, this.state, (state, group) =>
      this.exportState(state, group as ParamGroup<O>),
    );
    return this._changed(this._hooks.postSave, saved);
  }

  /** Takes over groups and state, copied; nothing is changed if they do not fit. See torch.optim.Optimizer.load_state_dict. */
  loadStateDict(stateDict: OptimizerStateDict): void {
    const given = this._changed(this._hooks.preLoad, { ...stateDict });
    const loaded = unscoped(() =>
      loadStateDict(this.paramGroups, given, {
        shapeOf: (name, p) => this.slotShape(name, p),
        importState: (entries, group, p) => this.importState(entries, this.importGroup(group), p),
      }),
    );
    this.paramGroups.splice(0, this.paramGroups.length, ...loaded.groups.map((group) => this.importGroup(group)));
    this.state.clear();
    for (const [p, state] of loaded.state) this.state.set(p, state);
    for (const hook of this._hooks.postLoad) hook(this);
  }

  /** A loaded group; options that an older file does not have keep their defaults. */
  protected importGroup(group: ParamGroup): ParamGroup<O> {
    return withLr({ ...group, ...this.defaults, ...group }) as ParamGroup<O>;
  }

  private _changed(hooks: Iterable<StateDictHook>, stateDict: OptimizerStateDict): OptimizerStateDict {
    let current = stateDict;
    for (const hook of hooks) current = hook(this, current) ?? current;
    return current;
  }

  /** Calls `hook(optimizer, args, kwargs)` before each step; `[args, kwargs]` that it returns take their place. */
  registerStepPreHook(hook: StepHook): RemovableHandle {
    return this._hooks.preStep.add(hook);
  }

  /** Calls `hook(optimizer, args, kwargs)` after each step. */
  registerStepPostHook(hook: StepHook): RemovableHandle {
    return this._hooks.postStep.add(hook);
  }

  /** Calls `hook(optimizer)` before {@link stateDict}; before the hooks that are there with `prepend`. */
  registerStateDictPreHook(hook: StateDictPreHook, ...rest: Prepend): RemovableHandle {
    return this._hooks.preSave.add(hook, prepended(rest));
  }

  /** Calls `hook(optimizer, stateDict)` after {@link stateDict}; what it returns, if anything, is the result. */
  registerStateDictPostHook(hook: StateDictHook, ...rest: Prepend): RemovableHandle {
    return this._hooks.postSave.add(hook, prepended(rest));
  }

  /** Calls `hook(optimizer, stateDict)` before {@link loadStateDict}; what it returns, if anything, is loaded. */
  registerLoadStateDictPreHook(hook: StateDictHook, ...rest: Prepend): RemovableHandle {
    return this._hooks.preLoad.add(hook, prepended(rest));
  }

  /** Calls `hook(optimizer)` after {@link loadStateDict}. */
  registerLoadStateDictPostHook(hook: StateDictPreHook, ...rest: Prepend): RemovableHandle {
    return this._hooks.postLoad.add(hook, prepended(rest));
  }

  /** As PyTorch prints it. */
  toString(): string {
    return reprOptimizer(this.constructor.name, this.paramGroups);
  }
}

type Prepend = Optional<'prepend', boolean>;

function prepended(rest: Prepend): boolean {
  return readArgs('register hook', rest, { prepend: false }).prepend;
}

/** `options` with the learning rate, where there is one, as a number. */
function withLr<T extends object>(options: T): T & { lr: number } {
  const { lr } = options as { lr?: unknown };
  return { ...options, ...(lr === undefined ? {} : { lr: scalarOption('lr', lr) }) } as T & { lr: number };
}
