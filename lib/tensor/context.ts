import { AsyncLocalStorage } from 'node:async_hooks';
import { Generator } from './generator';

/** What follows the asynchronous flow of a program. Whoever opens a context may change it; it ends with what it was opened for. */
export interface Context {
  /** Whether gradients are recorded. */
  gradEnabled: boolean;
  /** Whether what is made are inference tensors. */
  readonly inference: boolean;
  /** The default generator. */
  readonly generator: Generator;
  /** Shared by all contexts of one isolated program; see anomaly.ts. */
  readonly anomaly: { enabled: boolean; checkNan: boolean };
}

const storage = new AsyncLocalStorage<Context>();
const fresh = () => ({ gradEnabled: true, inference: false, generator: new Generator() });
const root: Context = { ...fresh(), anomaly: { enabled: false, checkNan: true } };
// Set while our own synchronous code (a rule, an update) runs; cheaper than a context, and nothing can interleave.
let forced: boolean | null = null;

/** The context that the running code belongs to. */
export function currentContext(): Context {
  return storage.getStore() ?? root;
}

/** Runs `fn`, sync or async, in a context that differs from the current one by `changes`. */
export function inContext<R>(where: string, changes: Partial<Context>, fn: () => R): R {
  if (typeof fn !== 'function') throw new TypeError(`${where}: takes a function, got ${String(fn)}`);
  const outer = forced;
  return storage.run({ ...currentContext(), gradEnabled: isGradEnabled(), ...changes }, () => {
    forced = null;
    try {
      return fn();
    } finally {
      forced = outer;
    }
  });
}

/** True where operations record what backward needs. See torch.is_grad_enabled. */
export function isGradEnabled(): boolean {
  return forced ?? currentContext().gradEnabled;
}

/** Runs `fn`, sync or async, without recording gradients; returns what `fn` returns. See torch.no_grad. */
export function noGrad<R>(fn: () => R): R {
  return inContext('noGrad', { gradEnabled: false }, fn);
}

/** Runs `fn`, sync or async, with recording on, inside a {@link noGrad} too. See torch.enable_grad. */
export function enableGrad<R>(fn: () => R): R {
  return inContext('enableGrad', { gradEnabled: true }, fn);
}

/**
 * Runs `fn`, sync or async, with recording on or off. Without `fn` it switches recording for the rest of the program, or of
 * the noGrad, enableGrad, inferenceMode or isolated that it is called in. See torch.set_grad_enabled.
 */
export function setGradEnabled(mode: boolean): void;
export function setGradEnabled<R>(mode: boolean, fn: () => R): R;
export function setGradEnabled<R>(mode: boolean, fn?: () => R): R | undefined {
  if (typeof mode !== 'boolean') throw new TypeError(`setGradEnabled: mode must be a boolean, got ${String(mode)}`);
  if (fn !== undefined) return inContext('setGradEnabled', { gradEnabled: mode }, fn);
  currentContext().gradEnabled = mode;
  return undefined;
}

/**
 * Runs `fn`, sync or async, as if in a process of its own: recording is on, and the default generator is a new one, with
 * PyTorch's first seed. Trainings that run at the same time, each in one, do not touch each other's grad mode and random
 * numbers, and each gives what it gives alone. Returns what `fn` returns.
 *
 * ```ts
 * const train = async (seed: number) => manualSeed(seed) && rand(1).item();
 * const [a, b] = await Promise.all([isolated(() => train(1)), isolated(() => train(2))]);
 * ```
 */
export function isolated<R>(fn: () => R): R {
  return inContext('isolated', { ...fresh(), anomaly: { ...currentContext().anomaly } }, fn);
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

/** The generator that every random function uses unless it is given one: the program's, or that of the {@link isolated}. */
export function defaultGenerator(): Generator {
  return currentContext().generator;
}

/** The generator that a random function was given, or the default one. */
export function generatorOf(given: Generator | null): Generator {
  if (given === null) return defaultGenerator();
  if (given instanceof Generator) return given;
  throw new TypeError(`generator: takes a Generator or null, got ${typeof given}`);
}

/** Seeds the default generator: the numbers that follow are PyTorch's after torch.manual_seed(seed). */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator().manualSeed(seed);
}

/** Seeds the default generator with a random number and returns it. See torch.seed. */
export function seed(): number {
  return defaultGenerator().seed();
}

/** The seed that the default generator was last given. See torch.initial_seed. */
export function initialSeed(): number {
  return defaultGenerator().initialSeed();
}

/** The default generator's state, byte for byte torch.get_rng_state(). */
export function getRngState(): Uint8Array {
  return defaultGenerator().getState();
}

/** Puts the default generator into a state that {@link getRngState} or torch.get_rng_state gave. */
export function setRngState(state: Uint8Array): void {
  defaultGenerator().setState(state);
}
