import { RuntimeError } from '../errors';
import type { Optimizer } from './optimizer';
import type { OptimizerStateDict } from './stateDict';

/** What `step` was called with, as Python's `args` (without self) and `kwargs`. */
export type StepCall = [args: unknown[], kwargs: Record<string, unknown>];
/** Called around each step; before it, a returned `[args, kwargs]` takes the place of what `step` was called with. */
export type StepHook = (optimizer: Optimizer, ...call: StepCall) => unknown;
export type StateDictPreHook = (optimizer: Optimizer) => void;
/** May change the state dict in place, or return another one. */
export type StateDictHook = (
  optimizer: Optimizer,
  stateDict: OptimizerStateDict,
) => OptimizerStateDict | null | undefined | void;

/** Takes a hook off again. */
export interface RemovableHandle {
  remove(): void;
}

/** Hooks of one kind, in the order in which they run. */
export class HookList<H> {
  private _entries: readonly { hook: H }[] = [];

  add(hook: H, prepend = false): RemovableHandle {
    const entry = { hook };
    this._entries = prepend ? [entry, ...this._entries] : [...this._entries, entry];
    return { remove: () => void (this._entries = this._entries.filter((other) => other !== entry)) };
  }

  *[Symbol.iterator](): Iterator<H> {
    for (const { hook } of this._entries) yield hook;
  }
}

/** @internal */
export const globalPreHooks = new HookList<StepHook>();
/** @internal */
export const globalPostHooks = new HookList<StepHook>();

/** Calls `hook` before each step of every optimizer. See torch.optim.optimizer.register_optimizer_step_pre_hook. */
export function registerOptimizerStepPreHook(hook: StepHook): RemovableHandle {
  return globalPreHooks.add(hook);
}

/** Calls `hook` after each step of every optimizer. See torch.optim.optimizer.register_optimizer_step_post_hook. */
export function registerOptimizerStepPostHook(hook: StepHook): RemovableHandle {
  return globalPostHooks.add(hook);
}

/** The call after `hook` has seen it. */
export function afterPreHook(hook: StepHook, optimizer: Optimizer, call: StepCall): StepCall {
  const result = hook(optimizer, ...call);
  if (result === undefined || result === null) return call;
  if (Array.isArray(result) && result.length === 2) return result as StepCall;
  throw new RuntimeError(
    `${optimizer.constructor.name}.step must return None or a tuple of (new_args, new_kwargs), but got ${result}.`,
  );
}
