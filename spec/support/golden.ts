import { setTimeout } from 'node:timers/promises';
import * as flambeau from 'flambeau';
import { autograd, memory, Tensor } from 'flambeau';
import { decode, expectClose, readGolden, type TensorJson, type Tolerance } from './fixtures';

/** Anything that a PyTorch function takes or gives. Non-finite numbers are written as strings. */
type Json = null | boolean | number | string | TensorJson | Json[];

/** A call of one function with what PyTorch says of it; spec/reference/golden.py makes it. */
export interface GoldenCase extends Tolerance {
  fn: string;
  /** The namespace: '' is the root, 'Tensor' a method of the first argument. */
  ns: string;
  name: string;
  args: Json[];
  options: Record<string, Json>;
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
  /** The message of a call that PyTorch refuses, and the class of the error. */
  throws?: string;
  raises?: string;
}

/** What is known to differ from PyTorch, and why: by function and name of the case. */
export type Differences = Record<string, string>;

/** What is known to be said in other words than PyTorch's, and why. */
export type OwnWords = Record<string, string>;

/**
 * One test for each case of a family, and one for each function that its cases leak nothing. A case in `differs` must fail,
 * or its entry is out of date; a refusal in `ownWords` need not share its words with PyTorch's.
 */
export function describeGolden(family: string, differs: Differences = {}, ownWords: OwnWords = {}): void {
  const { cases } = readGolden<GoldenCase>(family);
  const nameOf = ({ ns, fn }: GoldenCase) => (ns ? `${ns}.${fn}` : fn);
  const keys = cases.map((golden) => `${nameOf(golden)} ${golden.name}`);
  for (const fn of new Set(cases.map(nameOf))) {
    const own = cases.filter((golden) => nameOf(golden) === fn);
    describe(fn, () => {
      for (const golden of own) {
        const key = `${fn} ${golden.name}`;
        const reason = differs[key];
        if (reason) it.failing(`${golden.name} [${reason}]`, () => checkCase(golden));
        else it(golden.name, () => checkCase(golden, ownWords[key] !== undefined));
      }
      it('leaks nothing', async () => expect(await leaking(own)).toEqual([]));
    });
  }
  it('lists no difference that is none', () => {
    expect(Object.keys({ ...differs, ...ownWords }).filter((key) => !keys.includes(key))).toEqual([]);
  });
}

/** The names of the cases that leave something behind. A full collection is slow, so they are asked one by one only if some do. */
async function leaking(cases: readonly GoldenCase[]): Promise<string[]> {
  if (!(await leaks(cases))) return [];
  const names: string[] = [];
  for (const golden of cases) if (await leaks([golden])) names.push(golden.name);
  return names;
}

async function leaks(cases: readonly GoldenCase[]): Promise<boolean> {
  await setTimeout(0);
  const before = memory().numTensors;
  cases.forEach(attempt);
  // What is being compiled may hold an object for a moment: a leak is what stays.
  for (let tries = 0; memory().numTensors > before; tries++) {
    if (tries === 3) return true;
    await setTimeout(20);
  }
  return false;
}

/** Whether the values are right is not asked here. */
function attempt(golden: GoldenCase): void {
  try {
    checkCase(golden);
  } catch {}
}

/** Compares a call with what PyTorch says of it; a refusal also in its words, unless it has its own. */
export function checkCase(golden: GoldenCase, ownWords = false): void {
  if (golden.throws === undefined) checkValues(golden);
  else checkRefusal(golden, ownWords);
}

function checkValues(golden: GoldenCase): void {
  const differentiable = golden.cotangents.some((cotangent) => cotangent !== null);
  const wanted = (grads: Json | undefined) =>
    golden.leaves === 'all' || !differentiable || grads === undefined || isTensor(grads ?? null);
  const args = golden.args.map((arg, i) => revive(arg, golden.grads[i], wanted));
  const options = reviveOptions(golden.options, (key) => isTensor(golden.optionGrads?.[key] ?? null));
  if (golden.seed !== undefined) flambeau.manualSeed(golden.seed);
  const out = call(golden, args, options);
  compare(out, golden.out, golden);
  const outs = tensorsIn(out);
  if (!differentiable) return;
  expect(outs.map((t) => t.requiresGrad)).toEqual(golden.cotangents.map((cotangent) => cotangent !== null));
  outs.forEach((t, i) => {
    const cotangent = golden.cotangents[i];
    if (cotangent) t.backward(decode(cotangent), { retainGraph: true });
  });
  compareGradients(args, golden.grads, golden);
  for (const [key, grad] of Object.entries(golden.optionGrads ?? {})) compareGradients([options[key]], [grad], golden);
  if (golden.secondGrads) compareSecond(args, outs, golden);
}

function checkRefusal(golden: GoldenCase, ownWords: boolean): void {
  const args = golden.args.map((arg) => revive(arg, undefined, () => false));
  let refusal: unknown = null;
  try {
    call(
      golden,
      args,
      reviveOptions(golden.options, () => false),
    );
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Error);
  const { name, message } = refusal as Error;
  expect(message).not.toBe('');
  // What is not implemented in PyTorch is refused for good here.
  expect(name).toBe(golden.raises === 'NotImplementedError' ? 'RuntimeError' : golden.raises);
  // What Python's parser of arguments says, speaks of Python's signatures.
  const ofParser = golden.throws!.includes('invalid combination of arguments');
  if (!ownWords && !ofParser && sharedWords(golden.throws!, message) < 0.5) expect(message).toBe(golden.throws);
}

/** The part of the words and numbers in `expected` that are in `actual`, too. */
function sharedWords(expected: string, actual: string): number {
  const words = (text: string) =>
    text
      .replaceAll('_', '')
      .toLowerCase()
      .match(/[a-z]{3,}|-?\d+/g) ?? [];
  const said = new Set(words(actual));
  const wanted = words(expected);
  return wanted.filter((word) => said.has(word)).length / Math.max(1, wanted.length);
}

function isTensor(json: Json): json is TensorJson {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** An argument as a JavaScript value; `wanted` says of each float tensor whether it takes part in differentiation. */
function revive(json: Json, grads: Json | undefined, wanted: (grads: Json | undefined) => boolean): unknown {
  if (Array.isArray(json))
    return json.map((item, i) => revive(item, (grads as Json[] | null | undefined)?.[i], wanted));
  if (isTensor(json)) {
    const tensor = decode(json);
    return json.dtype === 'float32' && wanted(grads) ? tensor.requiresGrad_() : tensor;
  }
  return typeof json === 'string' && ['NaN', 'Infinity', '-Infinity'].includes(json) ? Number(json) : json;
}

function reviveOptions(options: Record<string, Json>, wanted: (key: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, revive(value, null, () => wanted(key))]),
  );
}

type AnyFunction = (...args: unknown[]) => unknown;

function call({ fn, ns }: GoldenCase, args: unknown[], options: Record<string, unknown>): unknown {
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
  const target = path.reduce<unknown>((owner, key) => (owner as Record<string, unknown>)[key], flambeau);
  if (typeof target !== 'function') throw new Error(`flambeau has no ${path.join('.')}`);
  return (target as AnyFunction)(...all);
}

function tensorsIn(out: unknown): Tensor[] {
  return (Array.isArray(out) ? out.flat(Number.POSITIVE_INFINITY) : [out]).filter((item) => item instanceof Tensor);
}

function compare(actual: unknown, expected: Json, tolerance: Tolerance): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(actual)).toBe(true);
    expect(actual).toHaveLength(expected.length);
    expected.forEach((item, i) => {
      compare((actual as unknown[])[i], item, tolerance);
    });
  } else if (isTensor(expected)) {
    expect(actual).toBeInstanceOf(Tensor);
    expectClose(actual as Tensor, expected, tolerance);
  } else expect(actual).toEqual(expected);
}

function compareGradients(args: unknown[], grads: Json, tolerance: Tolerance): void {
  eachTensor(args, grads, (arg, expected) => {
    if (!expected) return;
    expect(arg.grad).not.toBeNull();
    expectClose(arg.grad!, expected, tolerance);
  });
}

/** Visits the tensors in `args` with what `json`, of the same structure, says of each. */
function eachTensor(args: unknown[], json: Json, visit: (arg: Tensor, json: TensorJson | null) => void): void {
  args.forEach((arg, i) => {
    const own = (json as Json[] | null)?.[i] ?? null;
    if (Array.isArray(arg)) eachTensor(arg, own, visit);
    else if (arg instanceof Tensor) visit(arg, own as TensorJson | null);
  });
}

/** The gradients of the gradients. */
function compareSecond(args: unknown[], outs: Tensor[], golden: GoldenCase): void {
  const leaves = tensorsIn(args).filter((arg) => arg.requiresGrad);
  const first = autograd.grad(
    outs,
    leaves,
    golden.cotangents.map((json) => json && decode(json)),
    { createGraph: true },
  );
  const roots: Tensor[] = [];
  const seeds: Tensor[] = [];
  eachTensor(args, golden.gradCotangents!, (arg, json) => {
    const root = first[leaves.indexOf(arg)];
    // A gradient that does not depend on any leaf has no gradient: PyTorch's must be 0.
    if (!json || !root!.requiresGrad) return;
    seeds.push(decode(json));
    roots.push(root!);
  });
  const second = roots.length > 0 ? autograd.grad(roots, leaves, seeds, { allowUnused: true }) : [];
  eachTensor(args, golden.secondGrads!, (arg, json) => {
    if (json) expectClose(second[leaves.indexOf(arg)] ?? flambeau.zerosLike(arg), json, golden);
  });
}
