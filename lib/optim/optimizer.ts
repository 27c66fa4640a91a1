import { isPlainObject, readArgs } from '../args';
import { fromHost, type Value } from '../backend/engine';
import { KeyError, ValueError } from '../errors';
import { withGrad } from '../tensor/context';
import { zerosLike } from '../tensor/creation';
import { scoped, unscoped } from '../tensor/memory';
import { Tensor } from '../tensor/tensor';
import { loadStateDict, type OptimizerStateDict, saveStateDict } from './stateDict';

/** Parameters that are trained with the same options; these can be changed at any time. */
export type ParamGroup<O extends object = object> = { params: Tensor[]; lr: number; initialLr?: number } & O;

/** What the constructor takes: tensors, or groups `{ params, …options }`, or `[name, tensor]` pairs. */
export type Params<O extends object = object> =
  | Iterable<Tensor>
  | Iterable<[string, Tensor]>
  | Iterable<{ params: Tensor | Iterable<Tensor> | Iterable<[string, Tensor]> } & Partial<O>>;

/** Tensors (and the step count) that a rule keeps per parameter. */
export type Slots = Record<string, Tensor | null>;
export interface State {
  /** Steps that this parameter has taken part in. */
  step: number;
  slots: Slots;
}

type Hook<O extends object> = (optimizer: Optimizer<O>) => void;

/** Scalars of one step, as tensors. */
export type Scalars = Record<string, Value>;

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
  /** @internal Not `#private`, which deepcopy could not copy. */ readonly _preHooks = new Set<Hook<O>>();
  /** @internal */ readonly _postHooks = new Set<Hook<O>>();

  /** `check` throws for options that are wrong, as PyTorch does; it sees those of each group. */
  constructor(params: Params<O>, defaults: O & { lr: number }) {
    this.defaults = defaults;
    this.checkOptions(defaults);
    const groups = readGroups(params);
    if (groups.length === 0) throw new ValueError('optimizer got an empty parameter list');
    for (const group of groups) this.addParamGroup(group as never);
  }

  /** Throws ValueError for an option out of its domain. */
  protected abstract checkOptions(options: O & { lr: number }): void;

  /** The scalars of step number `step`, computed on the host in float64. */
  protected abstract scalars(step: number, group: ParamGroup<O>): Record<string, number>;

  /** The slots of a parameter that takes its first step. */
  protected abstract init(p: Tensor, group: ParamGroup<O>): Slots;

  /** Changes `p` and its slots in place, given the gradient. */
  protected abstract update(p: Tensor, g: Tensor, state: State, scalars: Scalars, group: ParamGroup<O>): void;

  /** The state's entries as PyTorch names them; a rule overrides it where it keeps something in another form. */
  protected exportState({ slots }: State, _group: ParamGroup<O>): Record<string, Tensor | null> {
    return slots;
  }

  /** The inverse of {@link exportState}; the tensors are the optimizer's own copies. */
  protected importState(entries: Record<string, Tensor | number | null>, _group: ParamGroup<O>): State {
    const { step = 0, ...slots } = entries;
    return { step: step instanceof Tensor ? step.item() : (step ?? 0), slots: slots as Slots };
  }

  /** Adds a group; options that it does not name have the optimizer's defaults. See torch.optim.Optimizer.add_param_group. */
  addParamGroup(
    group: { params: Tensor | Iterable<Tensor> | Iterable<[string, Tensor]> } & Partial<O> & { lr?: number },
  ): void {
    if (!isPlainObject(group)) throw new TypeError(`param_group must be a dict, but got ${describe(group)}`);
    const { params, ...options } = group;
    if (params === undefined) throw new KeyError("'params': a parameter group needs them");
    const tensors = checkParams(params instanceof Tensor ? [params] : [...params]);
    const merged = readArgs(this.constructor.name, [options], { ...this.defaults, ...known(options) }, 0);
    this.checkOptions(merged);
    const present = new Set(this.paramGroups.flatMap((g) => g.params));
    if (tensors.some((p) => present.has(p)))
      throw new ValueError('some parameters appear in more than one parameter group');
    // As in PyTorch, a group's own options come first.
    this.paramGroups.push({ params: tensors, ...options, ...merged });
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
    for (const hook of this._preHooks) hook(this);
    const loss = closure ? withGrad(true, closure) : undefined;
    withGrad(false, () => {
      for (const group of this.paramGroups) this._stepGroup(group);
    });
    this._stepCount++;
    for (const hook of this._postHooks) hook(this);
    return loss;
  }

  private _stepGroup(group: ParamGroup<O>): void {
    const scalars = new Map<number, Scalars>();
    try {
      for (const p of group.params) if (p._grad) this._stepParameter(p, p._grad, group, scalars);
    } finally {
      for (const set of scalars.values()) for (const value of Object.values(set)) value.dispose();
    }
  }

  private _stepParameter(p: Tensor, grad: Tensor, group: ParamGroup<O>, cache: Map<number, Scalars>): void {
    let state = this.state.get(p);
    if (!state) {
      state = { step: 0, slots: this.init(p, group) };
      this.state.set(p, state);
    }
    const step = state.step + 1;
    let scalars = cache.get(step);
    if (!scalars) {
      scalars = this._hostScalars(step, group);
      cache.set(step, scalars);
    }
    const { made } = scoped(() => this.update(p, grad, state, scalars, group));
    for (const tensor of made) tensor._free('the optimizer was done with it');
    state.step = step;
  }

  private _hostScalars(step: number, group: ParamGroup<O>): Scalars {
    const names = Object.keys(this.scalars(step, group));
    return Object.fromEntries(
      names.map((name) => [name, fromHost(() => Float32Array.of(this.scalars(step, group)[name]!), [], 'float32')]),
    );
  }

  /** Groups and state under PyTorch's names, sharing storage with this optimizer. See torch.optim.Optimizer.state_dict. */
  stateDict(): OptimizerStateDict {
    return saveStateDict(this.paramGroups, this.state, (state, group) =>
      this.exportState(state, group as ParamGroup<O>),
    );
  }

  /** Takes over groups and state, copied; nothing is changed if they do not fit. See torch.optim.Optimizer.load_state_dict. */
  loadStateDict(stateDict: OptimizerStateDict): void {
    const loaded = unscoped(() =>
      loadStateDict(this.paramGroups, stateDict, (entries, group) => this.importState(entries, group as ParamGroup<O>)),
    );
    // Options that an older file does not have keep their defaults.
    const groups = loaded.groups.map((group) => ({ ...group, ...this.defaults, ...group })) as ParamGroup<O>[];
    this.paramGroups.splice(0, this.paramGroups.length, ...groups);
    this.state.clear();
    for (const [p, state] of loaded.state) this.state.set(p, state);
  }

  /** Calls `hook(optimizer)` before each step. */
  registerStepPreHook(hook: Hook<O>): { remove(): void } {
    return register(this._preHooks, hook);
  }

  /** Calls `hook(optimizer)` after each step. */
  registerStepPostHook(hook: Hook<O>): { remove(): void } {
    return register(this._postHooks, hook);
  }

  toString(): string {
    const groups = this.paramGroups.map((group, i) => {
      const { params: _, ...options } = group;
      const lines = Object.entries(options).map(([name, value]) => `    ${name}: ${String(value)}\n`);
      return `Parameter Group ${i}\n${lines.sort().join('')}`;
    });
    return `${this.constructor.name} (\n${groups.join('\n')})`;
  }
}

/** A new slot for `p`: zeros, which outlive the step. */
export function zeroSlot(p: Tensor): Tensor {
  return unscoped(() => zerosLike(p));
}

function register<H>(hooks: Set<H>, hook: H): { remove(): void } {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}

function readGroups(params: unknown): { params: unknown }[] {
  if (params instanceof Tensor) {
    throw new TypeError(
      'params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor',
    );
  }
  if (typeof params !== 'object' || params === null || !(Symbol.iterator in params)) {
    throw new TypeError(
      `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${describe(params)}`,
    );
  }
  const list = [...(params as Iterable<unknown>)];
  return isPlainObject(list[0]) ? (list as { params: unknown }[]) : list.length === 0 ? [] : [{ params: list }];
}

function checkParams(list: unknown[]): Tensor[] {
  const tensors = list.map((item) => (Array.isArray(item) ? (item[1] as unknown) : item));
  for (const p of tensors) {
    if (!(p instanceof Tensor))
      throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${describe(p)}`);
    if (!p.isLeaf) throw new ValueError("can't optimize a non-leaf Tensor");
  }
  if (new Set(tensors).size < tensors.length) {
    console.warn(
      'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see ' +
        'github.com/pytorch/pytorch/issues/40967 for more information',
    );
  }
  return tensors as Tensor[];
}

/** Keys that a group may have beside the options: what a scheduler keeps there. */
function known(options: object): object {
  return 'initialLr' in options ? { initialLr: undefined } : {};
}

/** What an error calls a value of the wrong kind: its class, or its type. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' || typeof value === 'function' ? value.constructor.name : typeof value;
}

/** Throws ValueError with PyTorch's words unless `ok`. */
export function check(ok: boolean, message: string): asserts ok {
  if (!ok) throw new ValueError(message);
}
