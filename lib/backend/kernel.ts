import * as tf from '@tensorflow/tfjs';
import * as engine from './engine';
import { type Attrs, type NativeBackend, native, type OpAttr } from './engine';
import { hasOwnOps } from './native';

/** A value as tfjs declares it: kernels call tfjs' functions. */
export type Value = tf.Tensor;

/** {@link engine.constant} and {@link engine.fromArray} for kernels. */
export const constant = engine.constant as (...args: Parameters<typeof engine.constant>) => Value;
export const fromArray = engine.fromArray as (...args: Parameters<typeof engine.fromArray>) => Value;

type Inputs = Record<string, Value>;
type Outputs = Value | Value[];

export interface KernelDefinition<A extends Attrs> {
  /** The native way: TensorFlow ops run through {@link nativeOp}. */
  native(inputs: Inputs, attrs: A): Outputs;
  /** The same in tfjs' own kernels: every other backend runs it, and the native way is tested against it. */
  reference(inputs: Inputs, attrs: A): Outputs;
}

/** The backends that run the reference. */
const OTHERS = ['cpu', 'wasm'];

const references = new Map<string, (inputs: Inputs, attrs: Attrs) => Outputs>();

/** Registers a fused kernel with tfjs under `name`, for `run` to call. */
export function defineKernel<A extends Attrs>(name: string, definition: KernelDefinition<A>): void {
  const reference = (inputs: Inputs, attrs: Attrs) =>
    tf.tidy(() => definition.reference(inputs, attrs as A) as tf.Tensor);
  references.set(name, reference);
  const register = (backendName: string, body: (inputs: Inputs, attrs: Attrs) => Outputs) =>
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs }) => body(inputs as unknown as Inputs, attrs as Attrs) as tf.Tensor,
    });
  register('tensorflow', (inputs, attrs) => definition.native(inputs, attrs as A));
  for (const backendName of OTHERS) register(backendName, reference);
}

/** {@link defineKernel} where `native` runs an op of native/kernels.cc: where the binding lacks them, the reference serves. */
export function defineOwnKernel<A extends Attrs>(name: string, definition: KernelDefinition<A>): void {
  const { native, reference } = definition;
  const instead = (inputs: Inputs, attrs: A) => tf.tidy(() => reference(inputs, attrs) as tf.Tensor);
  defineKernel<A>(name, { native: hasOwnOps() ? native : instead, reference });
}

/** The reference of a kernel, for specs that compare it with the native way on the same backend. */
export function referenceOf(
  name: string,
): (inputs: Record<string, engine.Value>, attrs: Attrs) => engine.Value | engine.Value[] {
  const reference = references.get(name);
  if (!reference) throw new Error(`no kernel named ${name}`);
  return reference as never;
}

/** Runs one TensorFlow op with one output. `attrs` should be a constant made by {@link attrList}. */
export function nativeOp(op: string, attrs: OpAttr[], inputs: Value[]): Value {
  return native()!.executeSingleOutput(op, attrs, inputs) as Value;
}

/** Runs one TensorFlow op with `outputs` outputs. */
export function nativeOpMulti(op: string, attrs: OpAttr[], inputs: Value[], outputs: number): Value[] {
  return native()!.executeMultipleOutputs(op, attrs, inputs, outputs) as Value[];
}

const ATTR_TYPE = { type: 'TF_ATTR_TYPE', bool: 'TF_ATTR_BOOL', int: 'TF_ATTR_INT', float: 'TF_ATTR_FLOAT' } as const;
const DTYPE = { float32: 'TF_FLOAT', int32: 'TF_INT32', bool: 'TF_BOOL' } as const;

/** A number in an op's attribute is an integer unless it is written `{ float: x }`. */
type AttrValue = boolean | number | { float: number } | keyof typeof DTYPE;

/** Op attributes in the binding's form, made once per distinct `spec` and reused: `{ T: 'float32', keep_dims: false }`. */
export function attrList(spec: Record<string, AttrValue>): OpAttr[] {
  let key = '';
  for (const name in spec) key += `${name}=${keyOf(spec[name]!)},`;
  let list = attrLists.get(key);
  if (!list) {
    const binding = native()!.binding;
    list = Object.entries(spec).map(([name, value]) => toAttr(binding, name, value));
    attrLists.set(key, list);
  }
  return list;
}
const attrLists = new Map<string, OpAttr[]>();

const keyOf = (value: AttrValue) => (typeof value === 'object' ? `float ${value.float}` : value);

function toAttr(binding: NativeBackend['binding'], name: string, value: AttrValue): OpAttr {
  if (typeof value === 'object') return { name, type: binding[ATTR_TYPE.float], value: value.float };
  if (typeof value === 'boolean') return { name, type: binding[ATTR_TYPE.bool], value };
  if (typeof value === 'number') return { name, type: binding[ATTR_TYPE.int], value };
  return { name, type: binding[ATTR_TYPE.type], value: binding[DTYPE[value]] };
}
