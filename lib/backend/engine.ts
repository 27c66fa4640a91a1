import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { RuntimeError } from '../errors';
import { loadNative } from './native';

/**
 * A TensorFlow.js tensor: the raw value behind a Storage, never shown to users but through `tensor.tfjs`. Declared here by what
 * we use of it, so that our declarations do not depend on tfjs' own.
 */
export interface Value {
  readonly shape: number[];
  readonly dtype: string;
  readonly rank: number;
  readonly size: number;
  /** True keeps tfjs' own `tidy` off. */
  kept: boolean;
  dataSync(): TypedArray;
  dispose(): void;
}
export type DType = 'float32' | 'int32' | 'bool';
export type TypedArray = Float32Array | Int32Array | Uint8Array;
export type Attrs = Record<string, unknown>;

const NATIVE = 'tensorflow';
const engine = start();

/** Chooses libtensorflow where it loads, else tfjs' cpu backend after one warning line. FLAMBEAU_BACKEND=cpu asks for the latter. */
function start() {
  const asked = process.env.FLAMBEAU_BACKEND;
  if (asked !== undefined && !['cpu', 'tensorflow'].includes(asked)) {
    throw new RuntimeError(`FLAMBEAU_BACKEND: must be 'tensorflow' or 'cpu', got '${asked}'`);
  }
  if (asked === 'cpu' || !tryNative(asked === NATIVE)) {
    void tf.setBackend('cpu');
    // Its own "speed things up" banner would be a second, misleading warning.
    (tf.backend() as { firstUse?: boolean }).firstUse = false;
  }
  return tf.engine();
}

function tryNative(required: boolean): boolean {
  try {
    const backend = loadNative();
    tf.registerBackend(NATIVE, () => backend, 3);
    void tf.setBackend(NATIVE);
    return true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    if (required) throw new RuntimeError(`FLAMBEAU_BACKEND=tensorflow: ${reason}`, { cause });
    console.warn(`flambeau: running on the slow cpu backend (${reason}). Run: npx flambeau install-native`);
    return false;
  }
}

/** The name of the tfjs backend in use: 'tensorflow' (native) or 'cpu'. */
export function getBackend(): string {
  return engine.backendName;
}

/** The libtensorflow version, or null where the native library is not in use. */
export function libtensorflowVersion(): string | null {
  return native()?.binding.TF_Version ?? null;
}

/** The threads that one kernel may run on. */
export function numThreads(): number {
  return native() ? Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism() : 1;
}

/** The one doorway to TensorFlow.js: runs one of its kernels, or one of ours from `kernels/`. */
export function run(kernel: string, inputs: Record<string, Value>, attrs: Attrs = {}): Value {
  const out = runKernel(kernel, inputs, attrs) as Value;
  out.kept = true; // a user's tf.tidy must not free what our tensors hold
  return out;
}

/** {@link run} for kernels with several outputs. */
export function runMulti(kernel: string, inputs: Record<string, Value>, attrs: Attrs = {}): Value[] {
  const outs = runKernel(kernel, inputs, attrs) as Value[];
  for (const out of outs) out.kept = true;
  return outs;
}

function runKernel(kernel: string, inputs: Record<string, Value>, attrs: Attrs): unknown {
  try {
    return engine.runKernel(kernel, inputs as never, attrs as never);
  } catch (cause) {
    // The binding's own errors come from another realm in Jest, and name no place.
    const message = String((cause as { message?: unknown }).message ?? cause).replace(
      /^Invalid TF_Status: \d+\s*Message: /,
      '',
    );
    throw new RuntimeError(`${kernel}: ${message}`, { cause });
  }
}

/** Wraps a typed array, which the value may share from then on: pass a fresh one. */
export function fromArray(data: TypedArray, shape: readonly number[], dtype: DType): Value {
  const value = engine.makeTensor(data, shape as number[], dtype) as unknown as Value;
  value.kept = true;
  return value;
}

/**
 * A value that the host computes anew each step (a learning rate, a mask, a permutation). Everything of that kind enters
 * here, so that a recorded step can call the thunk again.
 */
export function fromHost(thunk: () => TypedArray, shape: readonly number[], dtype: DType): Value {
  return fromArray(thunk(), shape, dtype);
}

const MAX_CONSTANTS = 512;
const constants: Record<DType, Map<number | string, Value>> = { float32: new Map(), int32: new Map(), bool: new Map() };

/** A literal (a scalar, or a vector such as axes), made once and kept, so that `x.mul(2)` in a loop costs no new tensor. Never dispose it. */
export function constant(value: number | readonly number[], dtype: DType = 'float32'): Value {
  const cache = constants[dtype];
  // A Map takes −0 for 0.
  const key = typeof value === 'number' ? (Object.is(value, -0) ? '-0' : value) : `[${value}]`;
  const known = cache.get(key);
  if (known) return cache.size < MAX_CONSTANTS / 2 ? known : moveToEnd(cache, key, known);
  if (cache.size >= MAX_CONSTANTS) evict(cache);
  const [elements, shape] = typeof value === 'number' ? [[value], []] : [value, [value.length]];
  const made = fromArray(arrayOf(dtype, elements), shape, dtype);
  cache.set(key, made);
  return made;
}

/** The last used goes last, so that a call's second literal cannot evict its first. */
function moveToEnd(cache: Map<number | string, Value>, key: number | string, value: Value): Value {
  cache.delete(key);
  cache.set(key, value);
  return value;
}

function evict(cache: Map<number | string, Value>): void {
  const [key, value] = cache.entries().next().value!;
  cache.delete(key);
  value.dispose();
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** A new typed array for elements of `dtype`: of that length, or a copy of that content. */
export function arrayOf(dtype: DType, source: number | ArrayLike<number>): TypedArray {
  return new ARRAYS[dtype](source as never);
}

/** tfjs' tensors alive now, without our cached literals: what a leak check compares. */
export function liveValues(): number {
  const kept = Object.values(constants).reduce((sum, cache) => sum + cache.size, 0);
  return engine.memory().numTensors - kept;
}

/** What only `backend/` may touch: the native backend with its binding, or null on any other backend. */
export function native(): NativeBackend | null {
  return engine.backendName === NATIVE ? (engine.backend as unknown as NativeBackend) : null;
}

export interface OpAttr {
  name: string;
  type: number;
  value: unknown;
}

/** What the binding says of a tensor that it made. */
interface OutputMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The parts of tfjs-node's NodeJSKernelBackend that we call. */
export interface NativeBackend {
  executeSingleOutput(op: string, attrs: OpAttr[], inputs: Value[]): Value;
  executeMultipleOutputs(op: string, attrs: OpAttr[], inputs: Value[], outputs: number): Value[];
  getInputTensorIds(values: Value[]): number[];
  createOutputTensor(metadata: OutputMetadata): Value;
  binding: {
    executeOp(op: string, attrs: OpAttr[], inputs: number[], outputs: number): OutputMetadata[];
    createTensor(shape: number[], dtype: number, values: TypedArray): number;
    deleteTensor(id: number): void;
    TF_Version: string;
    TF_ATTR_TYPE: number;
    TF_ATTR_BOOL: number;
    TF_ATTR_INT: number;
    TF_ATTR_FLOAT: number;
    TF_ATTR_STRING: number;
    TF_FLOAT: number;
    TF_INT32: number;
    TF_INT64: number;
    TF_BOOL: number;
  };
}
