import { type Attrs, native, runMulti, type Value } from './engine';
import { defineKernel, type Value as KernelValue } from './kernel';
import type { Storage } from './storage';

type Values = Record<string, Value>;
type KernelInputs = Record<string, KernelValue>;

export interface InPlaceDefinition<A extends Attrs> {
  /** The storages that the kernel changes, in order. */
  targets: readonly string[];
  /** Changes resource variables, given by their handles. */
  native(inputs: KernelInputs, attrs: A): void;
  /** The new values of the targets, in order: what every other backend runs, and the native way is tested against. */
  reference(inputs: KernelInputs, attrs: A): KernelValue[];
}

const targetsOf = new Map<string, readonly string[]>();

/** Registers a kernel that changes storages in place, for {@link runInPlace}. */
export function defineInPlaceKernel<A extends Attrs>(name: string, definition: InPlaceDefinition<A>): void {
  targetsOf.set(name, definition.targets);
  defineKernel<A>(name, {
    native: (inputs, attrs) => {
      definition.native(inputs, attrs);
      return [];
    },
    reference: (inputs, attrs) => definition.reference(inputs, attrs),
  });
}

/** Runs an in-place kernel on `targets`: on libtensorflow they become resource variables, elsewhere their values are replaced. */
export function runInPlace(kernel: string, targets: Record<string, Storage>, inputs: Values, attrs: Attrs = {}): void {
  const names = targetsOf.get(kernel)!;
  const onNative = native() !== null;
  const all = { ...inputs };
  for (const name of names) all[name] = onNative ? targets[name]!.promote() : targets[name]!.value;
  const results = runMulti(kernel, all, attrs);
  if (!onNative) names.forEach((name, i) => targets[name]!.replace(results[i]!));
}
