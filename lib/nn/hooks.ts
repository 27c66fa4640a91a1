import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import { Function, type FunctionContext } from '../tensor/function';
import { Tensor } from '../tensor/tensor';
import type { Module } from './module';

// biome-ignore lint/suspicious/noExplicitAny: hooks see the arguments and results of any module
type Any = any;

export type ForwardPreHook<M> = (module: M, args: Any[]) => Any;
export type ForwardHook<M> = (module: M, args: Any[], output: Any) => Any;
export type BackwardHook<M> = (module: M, gradInput: (Tensor | null)[], gradOutput: (Tensor | null)[]) => Any;
export type BackwardPreHook<M> = (module: M, gradOutput: (Tensor | null)[]) => Any;

/** What registering a hook returns. */
export interface Handle {
  /** Takes the hook off. */
  remove(): void;
}

type Kind = 'forwardPre' | 'forward' | 'backward' | 'backwardPre';
interface Entry {
  hook: (...args: Any[]) => Any;
  alwaysCall: boolean;
}

/** The hooks of one module, in the order in which they run. */
export class HookTable {
  readonly #lists: Record<Kind, Entry[]> = { forwardPre: [], forward: [], backward: [], backwardPre: [] };

  add(kind: Kind, hook: Entry['hook'], options: { prepend?: boolean; alwaysCall?: boolean }): Handle {
    const allowed = kind === 'forward' ? { prepend: false, alwaysCall: false } : { prepend: false };
    const { prepend, alwaysCall } = { alwaysCall: false, ...readArgs(`register ${kind} hook`, [options], allowed, 0) };
    if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, got ${typeof hook}`);
    const entry = { hook, alwaysCall };
    if (prepend) this.#lists[kind].unshift(entry);
    else this.#lists[kind].push(entry);
    return { remove: () => void (this.#lists[kind] = this.#lists[kind].filter((e) => e !== entry)) };
  }

  /** A table of the same hooks. */
  clone(): HookTable {
    const twin = new HookTable();
    for (const [kind, entries] of Object.entries(this.#lists)) twin.#lists[kind as Kind] = [...entries];
    return twin;
  }

  of(kind: Kind): readonly Entry[] {
    return this.#lists[kind];
  }
}

/** Calls `module` as PyTorch's `_call_impl` does: pre-hooks, forward between the backward hooks, hooks. */
export function callWithHooks(module: Module, hooks: HookTable, args: Any[]): Any {
  const called = new Set<Entry>();
  try {
    let current = args;
    for (const { hook } of hooks.of('forwardPre')) {
      const replaced = hook(module, current);
      if (replaced !== undefined && replaced !== null) current = Array.isArray(replaced) ? replaced : [replaced];
    }
    const watch =
      hooks.of('backward').length + hooks.of('backwardPre').length > 0 ? new BackwardWatch(module, hooks) : null;
    if (watch) current = watch.inputs(current);
    let output = module.forward(...(current as Parameters<Module['forward']>));
    for (const entry of hooks.of('forward')) {
      called.add(entry);
      output = entry.hook(module, current, output) ?? output;
    }
    return watch ? watch.outputs(output) : output;
  } catch (error) {
    // PyTorch calls the hooks that asked for it even when forward has failed.
    for (const entry of hooks.of('forward'))
      if (entry.alwaysCall && !called.has(entry)) entry.hook(module, args, undefined);
    throw error;
  }
}

/** Catches the gradients at a module's outputs and inputs by identity operations around it. */
class BackwardWatch {
  #gradOutput: (Tensor | null)[] = [];
  #inputsTracked = false;
  readonly #module: Module;
  readonly #hooks: HookTable;

  constructor(module: Module, hooks: HookTable) {
    this.#module = module;
    this.#hooks = hooks;
  }

  inputs(args: Any[]): Any[] {
    const tensors = args.filter((arg) => arg instanceof Tensor);
    this.#inputsTracked = tensors.some((t) => t.requiresGrad);
    if (!this.#inputsTracked) return args;
    const passed = identity(tensors, (grads) => this.#runBackward(grads));
    return args.map((arg) => (arg instanceof Tensor ? passed.shift() : arg));
  }

  outputs(output: Any): Any {
    const list = [output].flat();
    const tensors = list.filter((y) => y instanceof Tensor);
    if (!tensors.some((t) => t.requiresGrad)) return output;
    const passed = identity(tensors, (grads) => {
      this.#gradOutput = this.#runPre(grads);
      if (!this.#inputsTracked) this.#runBackward(list.map(() => null));
      return this.#gradOutput;
    });
    const result = list.map((y) => (y instanceof Tensor ? passed.shift() : y));
    return Array.isArray(output) ? result : result[0];
  }

  #runPre(grads: (Tensor | null)[]): (Tensor | null)[] {
    return this.#hooks
      .of('backwardPre')
      .reduce((current, { hook }) => asList(hook(this.#module, current), current), grads);
  }

  #runBackward(grads: (Tensor | null)[]): (Tensor | null)[] {
    return this.#hooks
      .of('backward')
      .reduce((current, { hook }) => asList(hook(this.#module, current, this.#gradOutput), current), grads);
  }
}

function asList(result: Any, otherwise: (Tensor | null)[]): (Tensor | null)[] {
  if (result === undefined || result === null) return otherwise;
  const list: (Tensor | null)[] = Array.isArray(result) ? result : [result];
  if (list.length !== otherwise.length) {
    throw new RuntimeError(
      `Backward hook returned an invalid number of grad_input, got ${list.length}, but expected ${otherwise.length}`,
    );
  }
  return list;
}

/** The tensors themselves, whose gradients pass through `onGrads` together. */
function identity(tensors: Tensor[], onGrads: (grads: (Tensor | null)[]) => (Tensor | null)[]): Tensor[] {
  class BackwardHookFunction extends Function {
    static override forward(_ctx: FunctionContext, ...xs: Tensor[]): Tensor[] {
      return xs.map((x) => x.detach());
    }

    static override backward(ctx: FunctionContext, ...grads: (Tensor | null)[]): (Tensor | null)[] {
      return onGrads(grads).map((g, i) => (ctx.needsInputGrad[i] ? g : null));
    }
  }
  return BackwardHookFunction.apply<Tensor[]>(...tensors);
}
