import { inspect } from 'node:util';
import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import { type Copier, copyProperties, DEEPCOPY } from '../tensor/deepcopy';
import type { Tensor } from '../tensor/tensor';
import {
  type BackwardHook,
  type BackwardPreHook,
  callWithHooks,
  type ForwardHook,
  type ForwardPreHook,
  type Handle,
  HookTable,
} from './hooks';
import {
  findMember,
  isParameter,
  isTensor,
  joinName,
  membersOf,
  type Named,
  type NamedOptions,
  ownMembers,
  printModule,
  registerMember,
  unique,
} from './members';
import type { Parameter } from './parameter';
import { Placed } from './placed';
import { type LoadResult, loadStateDict, type StateDict, saveStateDict } from './stateDict';

/** What a module keeps beside its own properties. */
interface State {
  /** Names registered with registerBuffer, and whether the state dict has them. */
  readonly buffers: Map<string, { persistent: boolean }>;
  hooks: HookTable | null;
}

const STATE = Symbol('state');

/** A module is called like a function, with the arguments and the result of its `forward`. */
export interface Module {
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/**
 * Base of all layers and models: subclass it, assign parameters and other modules to properties, and write `forward`.
 * What is assigned is registered, under the name of the property; `#private` members are not seen. See torch.nn.Module.
 *
 * ```ts
 * class Net extends nn.Module {
 *   fc = new nn.Linear(4, 2);
 *   forward(x: Tensor) { return this.fc(x).relu(); }
 * }
 * ```
 */
export abstract class Module extends Placed {
  /** True in training mode, which some layers (Dropout) mind. */
  declare training: boolean;
  /** @internal */ declare readonly [STATE]: State;

  // biome-ignore lint/suspicious/noExplicitAny: every subclass has arguments of its own
  abstract forward(...args: any[]): any;

  constructor() {
    super();
    const self = ((...args: Parameters<this['forward']>) => {
      const { hooks } = self[STATE];
      return hooks ? callWithHooks(self, hooks, args) : self.forward(...args);
    }) as unknown as this;
    // A module's own: a function's `name` and `length` would shadow properties of those names.
    delete (self as { name?: string }).name;
    delete (self as { length?: number }).length;
    Object.setPrototypeOf(self, new.target.prototype);
    Object.defineProperty(self, STATE, { value: { buffers: new Map(), hooks: null } });
    self.training = true;
    // biome-ignore lint/correctness/noConstructorReturn: what makes a module callable
    return self;
  }

  /** Registers `tensor` (or null) as a buffer: state that is not trained. Not in the state dict if not `persistent`. */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    ...rest: [persistent?: boolean] | [options?: { persistent?: boolean }]
  ): void {
    const { persistent } = readArgs('registerBuffer', rest, { persistent: true });
    registerMember(this, name, 'buffer', tensor, isTensor, 'a Tensor');
    this[STATE].buffers.set(name, { persistent });
  }

  /** Registers a parameter (or null) under `name`, as assigning it does. */
  registerParameter(name: string, parameter: Parameter | null): void {
    registerMember(this, name, 'parameter', parameter, isParameter, 'an nn.Parameter');
  }

  /** Registers a child module (or null) under `name`, as assigning it does. */
  registerModule(name: string, module: Module | null): void {
    registerMember(this, name, 'module', module, isModule, 'an nn.Module');
  }

  /** The same as {@link registerModule}. */
  addModule(name: string, module: Module | null): void {
    this.registerModule(name, module);
  }

  /** Direct children with their names. */
  namedChildren(): Named<Module>[] {
    return unique(ownMembers(this, isModule));
  }

  /** Direct children. */
  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** This module and all below it, with dotted names, each once unless `removeDuplicate` is false. */
  namedModules(...rest: [options?: { prefix?: string; removeDuplicate?: boolean }]): Named<Module>[] {
    const { prefix, removeDuplicate } = readArgs('namedModules', rest, { prefix: '', removeDuplicate: true }, 0);
    const children = ownMembers(this, isModule);
    const all: Named<Module>[] = [
      [prefix, this],
      ...children.flatMap(([name, child]) =>
        child.namedModules({ prefix: joinName(prefix, name), removeDuplicate: false }),
      ),
    ];
    return removeDuplicate ? unique(all) : all;
  }

  /** This module and all below it. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** Parameters with dotted names; one that has several names is listed once unless `removeDuplicate` is false. */
  namedParameters(options: NamedOptions = {}): Named<Parameter>[] {
    return membersOf(this, 'namedParameters', options, (module) => ownMembers(module, isParameter));
  }

  /** Parameters, each once. */
  parameters(...rest: [options?: { recurse?: boolean }]): Parameter[] {
    const { recurse } = readArgs('parameters', rest, { recurse: true });
    return this.namedParameters({ recurse }).map(([, parameter]) => parameter);
  }

  /** Buffers with dotted names. */
  namedBuffers(options: NamedOptions = {}): Named<Tensor>[] {
    return membersOf(this, 'namedBuffers', options, (module) =>
      ownMembers(module, isTensor).filter(([name]) => module[STATE].buffers.has(name)),
    );
  }

  /** Buffers, each once. */
  buffers(...rest: [options?: { recurse?: boolean }]): Tensor[] {
    const { recurse } = readArgs('buffers', rest, { recurse: true });
    return this.namedBuffers({ recurse }).map(([, buffer]) => buffer);
  }

  /** The module at a dotted path; '' is this one. */
  getSubmodule(target: string): Module {
    if (target === '') return this;
    return target.split('.').reduce<Module>((module, name) => {
      const child = (module as unknown as Record<string, unknown>)[name];
      if (child === undefined) throw new RuntimeError(`${module._getName()} has no attribute \`${name}\``);
      if (!(child instanceof Module)) throw new RuntimeError(`\`${name}\` is not an nn.Module`);
      return child;
    }, this);
  }

  /** The parameter at a dotted path. */
  getParameter(target: string): Parameter {
    return findMember(this.namedParameters({ removeDuplicate: false }), target, 'nn.Parameter');
  }

  /** The buffer at a dotted path. */
  getBuffer(target: string): Tensor {
    return findMember(this.namedBuffers({ removeDuplicate: false }), target, 'buffer');
  }

  /** Calls `fn` with every module below this one and then with this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Training mode, or evaluation mode with `train(false)`, for this module and all below it. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new TypeError('training mode is expected to be boolean');
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }

  /** Evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Whether backward computes gradients for the parameters. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad);
    return this;
  }

  /** Drops the gradients of all parameters, or zeroes them with `setToNone: false`. */
  zeroGrad(...rest: [options?: { setToNone?: boolean }]): void {
    const { setToNone } = readArgs('zeroGrad', rest, { setToNone: true });
    for (const parameter of this.parameters()) parameter._zeroGrad(setToNone);
  }

  /** Parameters and persistent buffers by their dotted names, sharing storage with the module. */
  stateDict(...rest: [options?: { prefix?: string; keepVars?: boolean }]): StateDict {
    return saveStateDict(this, readArgs('stateDict', rest, { prefix: '', keepVars: false }, 0));
  }

  /**
   * Copies a state dict into this module. Missing and unexpected keys and wrong shapes are all listed in one error, before
   * anything is changed; `strict: false` lets keys differ and returns them.
   */
  loadStateDict(
    stateDict: StateDict,
    ...rest: [strict?: boolean] | [options?: { strict?: boolean; assign?: boolean }]
  ): LoadResult {
    return loadStateDict(this, stateDict, readArgs('loadStateDict', rest, { strict: true, assign: false }));
  }

  /** Calls `hook(module, args)` before forward; what it returns, if anything, replaces the arguments. */
  registerForwardPreHook(hook: ForwardPreHook<this>, options: { prepend?: boolean } = {}): Handle {
    return hooksOf(this).add('forwardPre', hook, options);
  }

  /** Calls `hook(module, args, output)` after forward; what it returns, if anything, replaces the output. */
  registerForwardHook(hook: ForwardHook<this>, options: { prepend?: boolean; alwaysCall?: boolean } = {}): Handle {
    return hooksOf(this).add('forward', hook, options);
  }

  /** Calls `hook(module, gradInput, gradOutput)` when both are computed; what it returns replaces gradInput. */
  registerFullBackwardHook(hook: BackwardHook<this>, options: { prepend?: boolean } = {}): Handle {
    return hooksOf(this).add('backward', hook, options);
  }

  /** Calls `hook(module, gradOutput)` before the module is differentiated; what it returns replaces gradOutput. */
  registerFullBackwardPreHook(hook: BackwardPreHook<this>, options: { prepend?: boolean } = {}): Handle {
    return hooksOf(this).add('backwardPre', hook, options);
  }

  /** What stands between the parentheses when this module is printed. */
  extraRepr(): string {
    return '';
  }

  /** @internal */
  _getName(): string {
    return this.constructor.name;
  }

  /** @internal Names of buffers with whether the state dict has them. */
  get _buffers(): ReadonlyMap<string, { persistent: boolean }> {
    return this[STATE].buffers;
  }

  /** @internal */
  [DEEPCOPY](copy: Copier): this {
    // The constructor of this class alone, which makes the function; what those of subclasses did is copied.
    const twin: this = Reflect.construct(Module as never, [], this.constructor);
    const { buffers, hooks } = this[STATE];
    copy.became(this, twin);
    copyProperties(this, twin, copy, [STATE]);
    for (const [name, entry] of buffers) twin[STATE].buffers.set(name, { ...entry });
    twin[STATE].hooks = hooks?.clone() ?? null;
    return twin;
  }

  override toString(): string {
    return printModule(this._getName(), this.extraRepr(), ownMembers(this, isModule));
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

// A function, not a private method: that would be a member of the object that the constructor replaces.
function hooksOf(module: Module): HookTable {
  module[STATE].hooks ??= new HookTable();
  return module[STATE].hooks;
}

const isModule = (value: unknown): value is Module => value instanceof Module;
