import assert from 'node:assert/strict';
import * as flambeau from 'flambeau';
import { autograd, Tensor } from 'flambeau';
import { decode, expectAsExact, expectClose, type TensorJson } from './fixtures';

/** Anything that a PyTorch function takes or gives. Non-finite numbers are written as strings. */
export type Json = null | boolean | number | string | TensorJson | Json[];

/** A call of one function with what PyTorch says of it; spec/reference/golden.py makes it. */
export interface GoldenCase {
  fn: string;
  /** The namespace: '' is the root, 'Tensor' a method of the first argument. */
  ns: string;
  name: string;
  args: Json[];
  options: Record<string, Json>;
  /** The function is a module, made by these for each call. */
  init?: { args: Json[]; options: Record<string, Json> };
  seed?: number;
  /** Every float argument takes part in differentiation, also where PyTorch's has no gradient. */
  leaves?: 'all';
  out: Json;
  /** One per output; null where PyTorch's needs no gradient. */
  cotangents: (TensorJson | null)[];
  /** In the structure of `args`. */
  grads: Json[];
  optionGrads?: Record<string, Json>;
  /** The gradients of `grads` under these cotangents, in the structure of `args`. */
  gradCotangents?: Json[];
  secondGrads?: Json[];
  /** PyTorch's float64 results, one for each that is compared, where its float32 ones are visibly away from them. */
  exact?: TensorJson[];
  /** The message of a call that PyTorch refuses, and the class of the error. */
  throws?: string;
  raises?: string;
}

/** Families hold other things than calls, too. */
export const isCall = (golden: GoldenCase): boolean =>
  golden.fn !== undefined &&
  golden.args !== undefined &&
  (golden.cotangents !== undefined || golden.throws !== undefined);

export const nameOf = ({ ns, fn }: Pick<GoldenCase, 'ns' | 'fn'>): string => (ns ? `${ns}.${fn}` : fn);

/** One of our results beside PyTorch's. */
export interface Compared {
  order: 'value' | 'gradient' | 'second';
  actual: Tensor;
  expected: TensorJson;
  exact?: TensorJson | undefined;
}

/** Throws unless a result is PyTorch's, within torch.testing's tolerances or what its own rounding allows. */
export function expectSame({ actual, expected, exact }: Compared): void {
  if (exact) expectAsExact(actual, expected, exact);
  else expectClose(actual, expected);
}

/** Calls the function, differentiates it as PyTorch did, and pairs the results. A difference in structure is an error. */
export function replay(golden: GoldenCase): Compared[] {
  const found = results(golden);
  const { exact } = golden;
  if (!exact) return found;
  assert.equal(found.length, exact.length, 'the number of results');
  return found.map((compared, i) => ({ ...compared, exact: exact[i] }));
}

function results(golden: GoldenCase): Compared[] {
  const differentiable = golden.cotangents.some((cotangent) => cotangent !== null);
  const args = argumentsOf(golden);
  const options = reviveOptions(golden.options, (key) => isTensor(golden.optionGrads?.[key] ?? null));
  if (golden.seed !== undefined) flambeau.manualSeed(golden.seed);
  const out = call(golden, args, options);
  const found = [...values(out, golden.out)];
  if (!differentiable) return found;
  const outs = tensorsIn(out);
  assert.deepEqual(
    Array.from(outs, (t) => t.requiresGrad),
    Array.from(golden.cotangents, (cotangent) => cotangent !== null),
    'which outputs require grad',
  );
  outs.forEach((t, i) => {
    const cotangent = golden.cotangents[i];
    if (cotangent) t.backward(decode(cotangent), { retainGraph: true });
  });
  found.push(...gradients(args, golden.grads));
  for (const [key, grad] of Object.entries(golden.optionGrads ?? {})) found.push(...gradients([options[key]], [grad]));
  if (golden.secondGrads) found.push(...secondGradients(args, outs, golden));
  return found;
}

/** The arguments as JavaScript values, those that PyTorch differentiated as leaves that require grad. */
export function argumentsOf(golden: GoldenCase): unknown[] {
  const differentiable = golden.cotangents?.some((cotangent) => cotangent !== null);
  const wanted = (grads: Json | undefined) =>
    golden.leaves === 'all' || !differentiable || grads === undefined || isTensor(grads ?? null);
  return golden.args.map((arg, i) =>
    revive(arg, golden.grads?.[i], golden.throws === undefined ? wanted : () => false),
  );
}

export function isTensor(json: Json): json is TensorJson {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** A JavaScript value; `wanted` says of each float tensor whether it takes part in differentiation. */
function revive(json: Json, grads: Json | undefined, wanted: (grads: Json | undefined) => boolean): unknown {
  if (Array.isArray(json))
    return json.map((item, i) => revive(item, (grads as Json[] | null | undefined)?.[i], wanted));
  if (isTensor(json)) {
    const tensor = decode(json);
    return json.dtype === 'float32' && wanted(grads) ? tensor.requiresGrad_() : tensor;
  }
  return typeof json === 'string' && ['NaN', 'Infinity', '-Infinity'].includes(json) ? Number(json) : json;
}

export function reviveOptions(
  options: Record<string, Json>,
  wanted: (key: string) => boolean = () => false,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, revive(value, null, () => wanted(key))]),
  );
}

type AnyFunction = (...args: unknown[]) => unknown;

export function call({ fn, ns, init }: GoldenCase, args: unknown[], options: Record<string, unknown>): unknown {
  const all = Object.keys(options).length > 0 ? [...args, options] : args;
  if (ns === 'Tensor') {
    const [given, ...rest] = all;
    // What changes its tensor in place takes a copy: a leaf that requires grad would refuse.
    const self = (fn.endsWith('_') ? (given as Tensor).clone() : given) as Record<string, unknown>;
    const member = self[fn];
    if (member === undefined) throw new Error(`Tensor has no ${fn}`);
    return typeof member === 'function' ? member.apply(self, rest) : member;
  }
  const path = [...(ns ? ns.split('.') : []), fn];
  const target = path.reduce<unknown>((owner, key) => (owner as Record<string, unknown> | undefined)?.[key], flambeau);
  if (typeof target !== 'function') throw new Error(`flambeau has no ${path.join('.')}`);
  return (init ? made(target, init) : (target as AnyFunction))(...all);
}

function made(Class: unknown, { args, options }: NonNullable<GoldenCase['init']>): AnyFunction {
  const given = [...args.map((arg) => revive(arg, undefined, () => false)), reviveOptions(options)];
  return new (Class as new (...args: unknown[]) => AnyFunction)(...given);
}

export function tensorsIn(out: unknown): Tensor[] {
  return (Array.isArray(out) ? out.flat(Number.POSITIVE_INFINITY) : [out]).filter((item) => item instanceof Tensor);
}

function* values(actual: unknown, expected: Json): Generator<Compared> {
  if (Array.isArray(expected)) {
    assert(Array.isArray(actual), `expected an array, got ${String(actual)}`);
    assert.equal(actual.length, expected.length, 'the number of outputs');
    for (const [i, item] of expected.entries()) yield* values(actual[i], item);
  } else if (isTensor(expected)) {
    assert(actual instanceof Tensor, `expected a Tensor, got ${String(actual)}`);
    yield { order: 'value', actual, expected };
  } else {
    assert.deepEqual(actual, typeof expected === 'string' ? (revive(expected, null, () => false) as Json) : expected);
  }
}

function gradients(args: unknown[], grads: Json): Compared[] {
  return pairs(args, grads).flatMap(([arg, expected]) => {
    if (!expected) return [];
    assert(arg.grad !== null, 'an argument has no gradient');
    return [{ order: 'gradient', actual: arg.grad, expected }];
  });
}

/** The tensors in `args` with what `json`, of the same structure, says of each. */
function pairs(args: unknown[], json: Json): [Tensor, TensorJson | null][] {
  return args.flatMap((arg, i): [Tensor, TensorJson | null][] => {
    const own = (json as Json[] | null)?.[i] ?? null;
    if (Array.isArray(arg)) return pairs(arg, own);
    return arg instanceof Tensor ? [[arg, own as TensorJson | null]] : [];
  });
}

/** The gradients of the gradients. */
function secondGradients(args: unknown[], outs: Tensor[], golden: GoldenCase): Compared[] {
  const leaves = tensorsIn(args).filter((arg) => arg.requiresGrad);
  const reached = outs.filter((_, i) => golden.cotangents[i]);
  const cotangents = golden.cotangents.filter((json) => json !== null).map(decode);
  const first = autograd.grad(reached, leaves, cotangents, { createGraph: true, allowUnused: true });
  // A gradient that does not depend on any leaf has no gradient: PyTorch's must be 0.
  const seeded = pairs(args, golden.gradCotangents!).flatMap(([arg, json]) => {
    const root = first[leaves.indexOf(arg)];
    return json && root?.requiresGrad ? [{ root, seed: decode(json) }] : [];
  });
  const roots = seeded.map(({ root }) => root);
  const seeds = seeded.map(({ seed }) => seed);
  const second = roots.length > 0 ? autograd.grad(roots, leaves, seeds, { allowUnused: true }) : [];
  return pairs(args, golden.secondGrads!).flatMap(([arg, expected]) =>
    expected ? [{ order: 'second', actual: second[leaves.indexOf(arg)] ?? flambeau.zerosLike(arg), expected }] : [],
  );
}
