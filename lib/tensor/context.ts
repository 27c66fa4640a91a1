import { AsyncLocalStorage } from 'node:async_hooks';
import { Generator } from './generator';

/** What follows the asynchronous flow of a program: whether gradients are recorded. */
interface Context {
  readonly gradEnabled: boolean;
}

const storage = new AsyncLocalStorage<Context>();
let globalGradEnabled = true;
// Set while our own synchronous code (a rule, an update) runs; cheaper than a context, and nothing can interleave.
let forced: boolean | null = null;

/** True where operations record what backward needs. See torch.is_grad_enabled. */
export function isGradEnabled(): boolean {
  return forced ?? storage.getStore()?.gradEnabled ?? globalGradEnabled;
}

/** Runs `fn`, sync or async, without recording gradients; returns what `fn` returns. See torch.no_grad. */
export function noGrad<R>(fn: () => R): R {
  return inContext(false, fn);
}

/** Runs `fn`, sync or async, with recording on, inside a {@link noGrad} too. See torch.enable_grad. */
export function enableGrad<R>(fn: () => R): R {
  return inContext(true, fn);
}

/** Switches recording for the rest of the program, as torch.set_grad_enabled(mode) called as a function. */
export function setGradEnabled(mode: boolean): void {
  globalGradEnabled = mode;
}

function inContext<R>(gradEnabled: boolean, fn: () => R): R {
  if (typeof fn !== 'function') throw new TypeError(`noGrad, enableGrad: take a function, got ${String(fn)}`);
  const outer = forced;
  return storage.run({ gradEnabled }, () => {
    forced = null;
    try {
      return fn();
    } finally {
      forced = outer;
    }
  });
}

/** For our own synchronous code: runs `fn` with recording on or off. */
export function withGrad<R>(gradEnabled: boolean, fn: () => R): R {
  const outer = forced;
  forced = gradEnabled;
  try {
    return fn();
  } finally {
    forced = outer;
  }
}

const generator = new Generator();

/** The generator that every random function uses unless it is given one. */
export function defaultGenerator(): Generator {
  return generator;
}

/** Seeds the default generator: the numbers that follow are PyTorch's after torch.manual_seed(seed). */
export function manualSeed(seed: number | bigint): Generator {
  return generator.manualSeed(seed);
}

/** The seed that the default generator was last given. See torch.initial_seed. */
export function initialSeed(): number {
  return generator.initialSeed();
}

/** The default generator's state, byte for byte torch.get_rng_state(). */
export function getRngState(): Uint8Array {
  return generator.getState();
}

/** Puts the default generator into a state that {@link getRngState} or torch.get_rng_state gave. */
export function setRngState(state: Uint8Array): void {
  generator.setState(state);
}
