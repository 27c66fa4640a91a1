import { isPlainObject, type Optional, readArgs } from '../args';
import type { Numbers } from '../backend/step';
import { withGrad } from '../tensor/context';
import { scoped, unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';
import { Batches, type Scalars } from './batches';
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
import { type Step, usualScalars } from './rule';
import { type Entries, loadStateDict, numberOf, type OptimizerStateDict, saveStateDict, stepTensor } from './stateDict';

export { describe, type Numbers, type Params, type Scalars, type Step };

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

/** Tensors that a rule keeps per parameter. */
export type Slots = Record<string, Tensor | null>;
export interface State {
  /** Steps that this parameter has taken part in. */
  step: number;
  slots: Slots;
  /** What the rule keeps beside, float32 as in PyTorch. */
  numbers: Numbers;
}
const NO_NUMBERS: Numbers = {};

/**
 * Base of all optimizers: it owns the groups, the state and the loop; a rule says what happens to one parameter, in three
 * short members. Parameters without a gradient are skipped whole. See torch.optim.Optimizer.
 */
// biome-ignore lint/suspicious/noExplicitAny: every optimizer is an Optimizer, whatever its options are
export abstract class Optimizer<O extends object = any> {
  readonly paramGroups: ParamGroup<O>[] = [];
  readonly state = new Map<Tensor, State>();
  readonly defaults: O & { lr: number };
  /** @internal Calls of step, for the schedulers' warning. */ _stepCount = 0;
  private readonly _hooks = {
    preStep: new HookList<StepHook>(),
    postStep: new HookList<StepHook>(),
    preSave: new HookList<StateDictPreHook>(),
    postSave: new HookList<StateDictHook>(),
    preLoad: new HookList<StateDictHook>(),
    postLoad: new HookList<StateDictPreHook>(),
  };

  constructor(params: Params<O>, defaults: O & { lr: number }) {
    this.defaults = { ...defaults, lr: scalarOption('lr', defaults.lr) };
    this._check(this.defaults);
    for (const group of readGroups(params)) this.addParamGroup(group as never);
  }

  private _check(options: O & { lr: number }): void {
    this.checkOptions(options);
    checkWays(this.constructor.name, options);
  }

  /** Throws ValueError for an option out of its domain. */
  protected abstract checkOptions(options: O & { lr: number }): void;

  /** The scalars of step number `step`, computed on the host in float64, beside the {@link usualScalars}, which they may replace. */
  protected abstract scalars(step: number, group: ParamGroup<O>, numbers: Numbers): Numbers;

  /** The slots of a parameter that takes its first step. */
  protected abstract init(p: Tensor, group: ParamGroup<O>): Slots;

  /** The step of `p` in one kernel, which is taken with those of the other parameters; a rule of several takes it itself. */
  protected abstract update(
    p: Tensor,
    state: State,
    group: ParamGroup<O>,
    g: Tensor,
    scalars: Scalars,
  ): Step | undefined;

  /** The numbers of a parameter that takes its first step, and those after step number `step`. */
  protected initNumbers(_group: ParamGroup<O>): Numbers {
    return NO_NUMBERS;
  }
  protected nextNumbers(_step: number, _group: ParamGroup<O>, numbers: Numbers): Numbers {
    return numbers;
  }

  /** The state's entries as PyTorch names them, in its order; a rule overrides it where it keeps something in another form. */
  protected exportState({ step, slots, numbers }: State, _group: ParamGroup<O>): Entries {
    const kept = Object.entries(numbers).map(([name, value]) => [name, stepTensor(value)]);
    return { step: stepTensor(step), ...Object.fromEntries(kept), ...slots };
  }

  /** The inverse of {@link exportState}; the tensors are the optimizer's own copies. */
  protected importState({ step, ...entries }: Entries, group: ParamGroup<O>, _p: Tensor): State {
    const numbers: Record<string, number> = { ...this.initNumbers(group) };
    const slots = { ...entries } as Slots;
    for (const name of Object.keys(numbers)) {
      if (entries[name] !== undefined) numbers[name] = numberOf(entries[name]);
      delete slots[name];
    }
    return { step: numberOf(step), slots, numbers };
  }

  /** The shape of a slot, to check what is loaded. */
  protected slotShape(_name: string, p: Tensor): readonly number[] {
    return p.shape;
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
    merged.lr = scalarOption('lr', merged.lr);
    this._check(merged);
    // As in PyTorch, a group's own options come first.
    const added = { params: tensors, ...options, ...(names ? { paramNames: names } : {}), ...merged };
    checkFits(added, this.paramGroups);
    this.paramGroups.push(added);
  }

  /** Drops all gradients, or zeroes them with `setToNone: false`. */
  zeroGrad(...rest: [options?: { setToNone?: boolean }] | [setToNone?: boolean]): void {
    const { setToNone } = readArgs('zeroGrad', rest, { setToNone: true });
    for (const { params } of this.paramGroups) for (const p of params) p._zeroGrad(setToNone);
  }

  /** One step. `closure`, if given, computes the loss anew (with backward), and its result is returned. */
  step(): undefined;
  step<R>(closure: () => R): R;
  step<R>(closure?: () => R): R | undefined {
    let call: StepCall = [closure ? [closure] : [], {}];
    for (const hook of globalPreHooks) call = afterPreHook(hook, this, call);
    for (const hook of this._hooks.preStep) call = afterPreHook(hook, this, call);
    const given = (call[0][0] ?? call[1].closure) as (() => R) | undefined;
    const loss = this.takeStep(synchronous(this.constructor.name, given));
    this._stepCount++;
    for (const hook of this._hooks.postStep) hook(this, ...call);
    for (const hook of globalPostHooks) hook(this, ...call);
    return loss;
  }

  /** What {@link step} does between the hooks. */
  protected takeStep<R>(closure?: () => R): R | undefined {
    const loss = closure ? withGrad(true, closure) : undefined;
    withGrad(false, () => {
      for (const group of this.paramGroups) this._stepGroup(group);
    });
    return loss;
  }

  private _stepGroup(group: ParamGroup<O>): void {
    const batches = new Batches();
    const scalars = new Map<number | string, Scalars>();
    group.lr = scalarOption('lr', group.lr);
    try {
      for (const p of group.params) {
        const grad = p._grad;
        if (grad) batches.around(p, () => this._stepParameter(p, grad, group, scalars, batches));
      }
    } finally {
      batches.run();
    }
  }

  private _stepParameter(
    p: Tensor,
    grad: Tensor,
    group: ParamGroup<O>,
    cache: Map<number | string, Scalars>,
    batches: Batches,
  ): void {
    // The same one twice steps twice, and a gradient that is a parameter has stepped before.
    if (batches.has(p, grad)) batches.run();
    let state = this.state.get(p);
    if (!state) {
      state = this.initState(p, group);
      this.state.set(p, state);
    }
    const own = state;
    const { numbers } = own;
    const step = own.step + 1;
    const key = numbers === NO_NUMBERS ? step : [step, ...Object.values(numbers)].join();
    let scalars = cache.get(key);
    if (!scalars) {
      scalars = { key, numbers: () => ({ ...usualScalars(group), ...this.scalars(step, group, numbers) }) };
      cache.set(key, scalars);
    }
    const { result, made } = scoped(() => this.update(p, own, group, grad, scalars));
    for (const tensor of made) tensor._free('the optimizer was done with it');
    batches.add(p, grad, result, scalars, () => {
      own.step = step;
      own.numbers = this.nextNumbers(step, group, numbers);
    });
  }

  protected initState(p: Tensor, group: ParamGroup<O>): State {
    return { step: 0, slots: this.init(p, group), numbers: this.initNumbers(group) };
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
    const lr = scalarOption('lr', group.lr);
    return { ...group, ...this.defaults, ...group, lr } as ParamGroup<O>;
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
