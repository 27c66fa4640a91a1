import { RuntimeError } from '../errors';
import { type DType, native, type OpAttr, type Value } from './engine';

/**
 * What one or more Tensors point to: a value that can be replaced, and how often it was. A parameter's storage becomes a
 * resource variable of libtensorflow (see {@link promote}), which the optimizers' kernels update in place.
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
    if (this.freed) throw new RuntimeError(this.freed);
    this.#value = native()!.executeSingleOutput('ReadVariableOp', [dtypeAttr()], [this.#variable!]);
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
    this.#dropValue();
    if (this.#variable) {
      native()!.executeMultipleOutputs('AssignVariableOp', [dtypeAttr()], [this.#variable, value], 0);
      value.dispose();
    } else this.#value = value;
    this.version++;
  }

  /**
   * Moves the content to a resource variable, if it is not there yet, and returns the handle for a kernel that is about to
   * change it: the cached read is dropped first, for libtensorflow copies what somebody still holds.
   */
  promote(): Value {
    if (!this.#variable) {
      const value = this.value;
      this.#variable = newVariable(this.shape);
      native()!.executeMultipleOutputs('AssignVariableOp', [dtypeAttr()], [this.#variable, value], 0);
    }
    this.#dropValue();
    this.version++;
    return this.#variable;
  }

  retain(): void {
    this.#owners++;
  }

  /** Called once per owner; the last one frees the content. `reason` is what a later use will be told. */
  release(reason = 'the tensor was freed'): void {
    if (--this.#owners > 0) return;
    this.freed = reason;
    this.#dropValue();
    this.#variable?.dispose();
    this.#variable = null;
  }

  #dropValue(): void {
    this.#value?.dispose();
    this.#value = null;
  }
}

// libtensorflow's name for "anonymous": each handle is a variable of its own and is freed with its handle.
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

function newVariable(shape: readonly number[]): Value {
  const { binding } = native()!;
  const handle = native()!.executeSingleOutput(
    'VarHandleOp',
    [
      dtypeAttr(),
      { name: 'shape', type: binding.TF_ATTR_SHAPE, value: shape },
      { name: 'shared_name', type: binding.TF_ATTR_STRING, value: ANONYMOUS },
      { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
    ],
    [],
  );
  handle.kept = true;
  return handle;
}

let dtype: OpAttr | undefined;
/** Variables are float32: what optimizers update. */
function dtypeAttr(): OpAttr {
  const { binding } = native()!;
  dtype ??= { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  return dtype;
}
