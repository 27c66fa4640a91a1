import { collectNow, forget, register } from '../backend/collector';
import { liveValues } from '../backend/engine';
import type { Tensor } from './tensor';

/**
 * Who frees a Tensor: the innermost scope that it was made in, or, outside of any scope, the collector once nothing reaches
 * it. Scopes are the library's own (each rule in backward) and the user's ({@link tidy}).
 */
let scope: Set<Tensor> | null = null;

/** Called by Tensor's constructor. */
export function adopt(tensor: Tensor): void {
  if (scope) scope.add(tensor);
  else track(tensor);
}

/** Leaves `tensor` to the collector, whatever scope is open. */
export function track(tensor: Tensor): void {
  scope?.delete(tensor);
  tensor._tag = register(tensor, tensor._storage);
}

/** Called by dispose: the tensor's share of its storage is given back by hand. */
export function disown(tensor: Tensor): void {
  if (tensor._tag >= 0) forget(tensor._tag);
  else scope?.delete(tensor);
}

/** Runs `fn` in a scope of its own and returns its result and all tensors made in it, which nobody owns yet. */
export function scoped<R>(fn: () => R): { result: R; made: Set<Tensor> } {
  const outer = scope;
  const made = new Set<Tensor>();
  scope = made;
  try {
    return { result: fn(), made };
  } catch (error) {
    for (const tensor of made) tensor._free('an error ended the scope that it was made in');
    throw error;
  } finally {
    scope = outer;
  }
}

/** Runs `fn` outside of every scope: what it makes lives until nothing reaches it. */
export function unscoped<R>(fn: () => R): R {
  const outer = scope;
  scope = null;
  try {
    return fn();
  } finally {
    scope = outer;
  }
}

/**
 * Runs a synchronous `fn` and frees at once every tensor that it made, except those that it returns (alone, in arrays or in
 * plain objects), with what their gradients need, and those it gave to `keep`. It is never needed: what is unreachable is
 * freed anyway, only later.
 */
export function tidy<R>(fn: () => R): R {
  const { result, made } = scoped(fn);
  if (result instanceof Promise) {
    for (const tensor of made) adopt(tensor);
    throw new TypeError('tidy: takes a synchronous function, got one that returns a promise');
  }
  const kept = new Set<Tensor>();
  reach(result, kept);
  for (const tensor of made) {
    if (kept.has(tensor)) adopt(tensor);
    else tensor._free('tidy freed it when its function returned');
  }
  return result;
}

/** Collects the tensors in `value` and all that backward from them would read. */
function reach(value: unknown, into: Set<Tensor>): void {
  const queue: unknown[] = [value];
  const seen = new Set<unknown>();
  while (queue.length) {
    const item = queue.pop();
    if (!isObject(item) || seen.has(item)) continue;
    seen.add(item);
    if (isTensor(item)) {
      into.add(item);
      queue.push(item.gradFn);
    } else if (isNode(item)) queue.push(...item.saved, ...item.edges.map((edge) => edge?.node));
    else if (Symbol.iterator in item) queue.push(...(item as Iterable<unknown>));
    else queue.push(...Object.values(item));
  }
}

type NodeLike = { saved: readonly Tensor[]; edges: readonly ({ node: unknown } | null)[] };
// Modules are functions.
const isObject = (x: unknown): x is object => (typeof x === 'object' && x !== null) || typeof x === 'function';
const isTensor = (x: object): x is Tensor => '_storage' in x;
const isNode = (x: object): x is NodeLike => 'edges' in x && 'saved' in x;

/**
 * Native tensors alive now (TensorFlow's own count, less the cached literals). Frees first all that nothing reaches, so two
 * calls show a leak exactly; a full garbage collection makes it slow.
 */
export function memory(): { numTensors: number } {
  collectNow();
  return { numTensors: liveValues() };
}
