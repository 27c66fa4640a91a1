import * as tf from '@tensorflow/tfjs';
import { fromHost, native, type Value } from './engine';
import { attrList } from './kernel';
import { hasOwnOps } from './native';
import type { Storage } from './storage';

/** The numbers of a step, by name. */
export type Numbers = Readonly<Record<string, number>>;
/** Which variant of a rule is meant. */
export type Flags = Readonly<Record<string, boolean>>;

/** `V` is {@link Value}, for kernels as tfjs declares it. */
export interface StepDefinition<V = Value> {
  /** The numbers that the rule reads, in the order in which the native op has them; those of {@link PREFIX} come first. */
  numbers: readonly string[];
  flags?: readonly string[];
  /** Whether the reference does itself what {@link PREFIX} says. */
  whole?: boolean;
  /** The new values of the targets, given the gradient: what every other backend runs, and the native op is tested against. */
  reference(targets: V[], g: V, s: Numbers, flags: Flags): V[];
}

/** p ← decay · p, and g ← sign · g + l2 · p: what comes first in every step. */
const PREFIX = ['sign', 'l2', 'decay'];

/** What one parameter's step changes, itself first, and its gradient. */
export interface StepCall {
  targets: readonly Storage[];
  gradient: Storage;
}

const definitions = new Map<string, StepDefinition>();

/** Registers an optimizer's step: native/ops/rules.h has it as the op Flambeau + `name`. */
export function defineStep(name: string, definition: StepDefinition): void {
  definitions.set(name, definition);
}

/** Takes the step of several parameters, in one native call; the host computes the numbers anew each time. */
export function runStep(name: string, calls: readonly StepCall[], numbers: () => Numbers, flags: Flags = {}): void {
  for (const { targets, gradient } of calls) {
    for (const target of targets) target.check();
    gradient.check();
  }
  if (native() && hasOwnOps()) runNative(name, calls, numbers, flags);
  else for (const call of calls) runReference(name, call, numbers(), flags);
}

function runNative(name: string, calls: readonly StepCall[], numbers: () => Numbers, flags: Flags): void {
  const { numbers: names, flags: known = [] } = definitions.get(name)!;
  const targets = calls.flatMap(({ targets }) => targets.map((target) => target.promote()));
  const gradients = calls.map(({ gradient }) => gradient.value);
  const k = known.reduce((bits, flag, i) => bits + (flags[flag] ? 2 ** i : 0), 0);
  const keys = [...PREFIX, ...names];
  const scalars = fromHost(() => pack(keys, numbers()), [keys.length], 'float32');
  try {
    const attrs = attrList({ N: calls.length, M: targets.length, k });
    native()!.executeMultipleOutputs(`Flambeau${name}`, attrs, [scalars, ...targets, ...gradients], 0);
  } finally {
    scalars.dispose();
    // One that is a target, too, was read before it changed.
    for (const { gradient } of calls) gradient.forget();
  }
}

const pack = (keys: readonly string[], numbers: Numbers) => Float32Array.from(keys, (key) => numbers[key]!);

function runReference(name: string, { targets, gradient }: StepCall, numbers: Numbers, flags: Flags): void {
  const values = targets.map(({ value }) => value);
  const results = stepReference(name, values, gradient.value, numbers, flags);
  targets.forEach((target, i) => void target.replace(results[i]!));
}

/** The new values of `targets` as tfjs' own kernels compute them. */
export function stepReference(
  name: string,
  targets: Value[],
  gradient: Value,
  numbers: Numbers,
  flags: Flags,
): Value[] {
  const { reference, whole } = definitions.get(name)!;
  const s = Object.fromEntries(Object.entries(numbers).map(([key, x]) => [key, Math.fround(x)])) as Numbers;
  const [p, ...slots] = targets as tf.Tensor[];
  const g = gradient as tf.Tensor;
  const results = tf.tidy(() => {
    if (whole) return reference(targets, gradient, s, flags) as tf.Tensor[];
    const decayed = s.decay === 1 ? p! : tf.mul(p!, s.decay!);
    const signed = s.sign === 1 ? g : tf.neg(g);
    const effective = s.l2 === 0 ? signed : tf.add(signed, tf.mul(p!, s.l2!));
    return reference([decayed, ...slots], effective, s, flags) as tf.Tensor[];
  }) as Value[];
  for (const result of results) result.kept = true;
  return results;
}
