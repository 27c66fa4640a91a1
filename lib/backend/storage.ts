import { RuntimeError } from '../errors';
import { type DType, native, type Value } from './engine';

/**
 * What one or more Tensors point to: a value that can be replaced, and how often it was. A parameter's storage becomes a
 * variable (see {@link promote}), which the optimizers' steps change in place.
 */
export class Storage {
  /** Counts in-place changes, so that backward can tell that a saved value is gone. */
  version = 0;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Whether it was made in inference mode. */
  readonly inference: boolean;
  /** Why the value is gone, once it is. */
  freed: string | null = null;
  #value: Value | null;
  #variable: Value | null = null;
  #owners = 0;

  constructor(value: Value, inference = false) {
    this.#value = value;
    this.inference = inference;
    this.shape = value.shape;
    this.dtype = value.dtype as DType;
  }

  get bytes(): number {
    return this.shape.reduce((a, b) => a * b, this.dtype === 'bool' ? 1 : 4);
  }

  /** The current value. It stays ours: do not dispose it, nor keep it past the next change. */
  get value(): Value {
    if (this.#value) return this.#value;
    this.check();
    this.#value = native()!.executeSingleOutput('FlambeauRead', [], [this.#variable!]);
    this.#value.kept = true;
    return this.#value;
  }

  /** Takes over `value` as the new content. Its shape and dtype must be the old ones, and nobody may have freed those. */
  replace(value: Value): void {
    const misfit =
      value.dtype !== this.dtype || String(value.shape) !== String(this.shape)
        ? `Storage: a ${this.dtype} [${this.shape}] cannot take a ${value.dtype} [${value.shape}] in place`
        : null;
    const refusal = this.freed ?? misfit;
    if (refusal !== null) {
      value.dispose();
      throw new RuntimeError(refusal);
    }
    this.#drop();
    this.#value = value;
    this.version++;
  }

  /**
   * Moves the content to a variable of native/ops/variable.h, if it is not there yet, and returns the handle for an op that is
   * about to change it: the cached read is dropped first, for what somebody still holds is copied.
   */
  promote(): Value {
    if (!this.#variable) {
      this.#variable = native()!.executeSingleOutput('FlambeauVariable', [], [this.value]);
      this.#variable.kept = true;
    }
    this.#dropValue();
    this.version++;
    return this.#variable;
  }

  /** Throws once the content is gone. */
  check(): void {
    if (this.freed) throw new RuntimeError(this.freed);
  }

  /** Drops the cached read of what may have changed. */
  forget(): void {
    if (this.#variable) this.#dropValue();
  }

  retain(): void {
    this.#owners++;
  }

  /** Called once per owner; the last one frees the content. `reason` is what a later use will be told. */
  release(reason = 'the tensor was freed'): void {
    if (--this.#owners > 0) return;
    this.freed = reason;
    this.#drop();
  }

  #drop(): void {
    this.#dropValue();
    this.#variable?.dispose();
    this.#variable = null;
  }

  #dropValue(): void {
    this.#value?.dispose();
    this.#value = null;
  }
}
