import { inspect } from 'node:util';
import { arrayOf, type DType, run, type TypedArray, type Value } from '../backend/engine';
import { Storage } from '../backend/storage';
import { dimOutOfRange, RuntimeError } from '../errors';
import { type BackwardOptions, backward } from './backward';
import { type NestedList, nest } from './elements';
import { formatTensor } from './format';
import { checkData, checkGrad, checkRequiresGrad } from './grad';
import { type Handle, registerHook, registerPostAccumulateGradHook, retainGrad } from './gradHooks';
import type { AccumulateGrad, GradHook, Node } from './graph';
import { isInferenceModeEnabled } from './inference';
import { adopt, disown } from './memory';
import { View } from './view';

export type { NestedList };

/**
 * A multi-dimensional array of one dtype that records how it was computed. Made by `tensor(…)`, `zeros(…)` and the like;
 * `new Tensor` is internal. Operations are methods as in PyTorch, attached in `ops/methods.ts`. See torch.Tensor.
 */
export class Tensor {
  /** @internal */ readonly _storage: Storage;
  /** @internal The collector's tag; -1 while a scope owns this tensor. */ _tag = -1;
  /** @internal */ _outputIndex = 0;
  /** @internal */ _accumulator: AccumulateGrad | null = null;
  /** @internal What this tensor shows, if it is a view. */ _view: View | null = null;
  #gradFn: Node | null = null;
  #requiresGrad = false;
  #grad: Tensor | null = null;
  #gradSeen = false;
  #freed = false;

  /** @internal */
  constructor(storage: Storage) {
    if (!(storage instanceof Storage)) {
      throw new TypeError('new Tensor: tensors are made by tensor(…), zeros(…), randn(…) and the like');
    }
    this._storage = storage;
    storage.retain();
    adopt(this);
  }

  /** @internal Wraps a value that nobody else disposes. */
  static _of(value: Value): Tensor {
    return new Tensor(new Storage(value, isInferenceModeEnabled()));
  }

  /** The operation that made this tensor, or null for a leaf. */
  get gradFn(): Node | null {
    if (this._view) this.#sync(this._view);
    return this.#gradFn;
  }

  /** @internal */
  set gradFn(node: Node | null) {
    this.#gradFn = node;
  }

  /** A view follows its base: after an in-place change its content and its history are made anew. */
  #sync(view: View): void {
    if (!view.isStale()) return;
    const fresh = view.show();
    this._storage.replace(run('Identity', { x: fresh._value }));
    this.#gradFn = fresh.gradFn;
    this._outputIndex = fresh._outputIndex;
    if (!fresh.gradFn) fresh._free('its view took it over');
  }

  /** @internal */
  get _value(): Value {
    if (this._view && !this.#freed) this.#sync(this._view);
    if (this.#freed) throw new RuntimeError(this._storage.freed ?? 'Tensor: used after dispose()');
    return this._storage.value;
  }

  /** @internal How often the content was changed in place. */
  get _version(): number {
    return this._view ? this._view.base._version : this._storage.version;
  }

  /** Sizes of the dimensions. */
  get shape(): readonly number[] {
    return this._storage.shape;
  }

  /** 'float32', 'int32' or 'bool'. */
  get dtype(): DType {
    return this._storage.dtype;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The shape, or the size of one dimension, from the end if negative. See torch.Tensor.size. */
  size(): readonly number[];
  size(dim: number): number;
  size(dim?: number): readonly number[] | number {
    if (dim === undefined) return this.shape;
    const size = Number.isInteger(dim) ? this.shape.at(dim) : undefined;
    if (size !== undefined && dim >= -this.ndim) return size;
    throw dimOutOfRange(dim, this.ndim);
  }

  /** Number of dimensions, as {@link ndim}. */
  dim(): number {
    return this.ndim;
  }

  /** Number of elements. */
  numel(): number {
    return this._size;
  }

  /** Size of the first dimension, as Python's len(). */
  get length(): number {
    if (this.ndim === 0) throw new TypeError('length of a 0-d tensor');
    return this.shape[0]!;
  }

  /** The slices along the first dimension, as Python's iteration. */
  *[Symbol.iterator](): Iterator<Tensor> {
    if (this.ndim === 0) throw new TypeError('iteration over a 0-d tensor');
    yield* this.unbind(0);
  }

  /** Always 'cpu'. */
  get device(): string {
    return 'cpu';
  }

  /** True for a tensor that no recorded operation made. */
  get isLeaf(): boolean {
    return this.gradFn === null;
  }

  /** Whether operations on this tensor are recorded for backward. Settable on leaves of dtype float32. */
  get requiresGrad(): boolean {
    return this.#requiresGrad || this.gradFn !== null;
  }

  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }

  /** Sets {@link requiresGrad} and returns this tensor. See torch.Tensor.requires_grad_. */
  requiresGrad_(value = true): this {
    checkRequiresGrad(this, value);
    this.#requiresGrad = value;
    return this;
  }

  /** The gradient that backward accumulated, or null. Non-leaf tensors have one only after {@link retainGrad}. */
  get grad(): Tensor | null {
    this.#gradSeen = true;
    return this.#grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null) checkGrad(this, value instanceof Tensor ? value : null);
    this._setGrad(value, false);
  }

  /** @internal The gradient, without making it visible to the program. */
  get _grad(): Tensor | null {
    return this.#grad;
  }

  /** @internal `secret`: nobody else knows `value`, so until somebody looks it is freed at once when it is replaced. */
  _setGrad(value: Tensor | null, secret: boolean): void {
    const old = this.#grad;
    this.#grad = value;
    if (old && old !== value && !this.#gradSeen) old._free('the gradient was replaced');
    this.#gradSeen = !secret;
  }

  /** @internal Drops the gradient, or zeroes it in place for whoever holds it. */
  _zeroGrad(setToNone: boolean): void {
    if (setToNone) this._setGrad(null, false);
    else if (this.#grad) {
      this.#grad.gradFn = null;
      this.#grad.detach().zero_();
    }
  }

  /** A tensor of the same storage that backward does not see. A change of either, in place, shows in both. */
  detach(): Tensor {
    const detached = new Tensor(this._storage);
    if (this._view) detached._view = this._view.onto(this._view.base.detach());
    return detached;
  }

  /** The same as {@link detach}: `p.data.clamp_(0, 1)` changes `p` unrecorded; what is assigned, of p's shape, is copied into `p`. */
  get data(): Tensor {
    return this.detach();
  }

  set data(value: Tensor) {
    checkData(this, value);
    this.detach().copy_(value.detach());
  }

  /**
   * Accumulates the gradients of this tensor's leaves into their `grad`. `gradient` (same shape) is needed unless this
   * tensor has one element. See torch.Tensor.backward.
   */
  backward(gradient?: Tensor | null | BackwardOptions, options?: BackwardOptions): void {
    backward(this, gradient, options);
  }

  /** Keeps the gradient of a non-leaf in `grad`, too. See torch.Tensor.retain_grad. */
  retainGrad(): void {
    retainGrad(this);
  }

  /** Whether this is a non-leaf that keeps its gradient. */
  get retainsGrad(): boolean {
    return this.gradFn?.retained[this._outputIndex] === this;
  }

  /**
   * Calls `hook` with this tensor's gradient each time it is computed; what the hook returns, if anything, takes its place.
   * Returns a handle whose `remove()` takes the hook off. See torch.Tensor.register_hook.
   */
  registerHook(hook: GradHook): Handle {
    return registerHook(this, hook);
  }

  /** Calls `hook` with this leaf each time that `grad` has changed. See torch.Tensor.register_post_accumulate_grad_hook. */
  registerPostAccumulateGradHook(hook: (leaf: Tensor) => void): Handle {
    return registerPostAccumulateGradHook(this, hook);
  }

  /** A flat copy of the elements, row by row: Float32Array, Int32Array, or Uint8Array of 0 and 1 for bool. */
  toTypedArray(): TypedArray {
    const data = this._value.dataSync() as TypedArray;
    return arrayOf(this.dtype, data);
  }

  /** The elements as nested arrays; a number for a 0-d tensor. */
  tolist(): NestedList {
    const flat = this.toTypedArray();
    const elements: NestedList[] = this.dtype === 'bool' ? Array.from(flat, Boolean) : Array.from(flat);
    return nest(elements, this.shape);
  }

  /** The value of a one-element tensor as a number (a boolean for bool). Waits for nothing: the native side is synchronous. */
  item(): number {
    if (this._size !== 1) throw new RuntimeError(`a Tensor with ${this._size} elements cannot be converted to Scalar`);
    const value = this._value.dataSync()[0]!;
    return (this.dtype === 'bool' ? Boolean(value) : value) as number;
  }

  /**
   * The underlying TensorFlow.js tensor, for use with tfjs' functions. It stays ours: do not dispose it, and use it at once,
   * before this tensor changes in place. Typed `any` to keep tfjs' types out of our declarations.
   */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  get tfjs(): any {
    return this._value;
  }

  /** Frees this tensor's memory now. Not needed: what is unreachable is freed. Using it afterwards is an error. */
  dispose(): void {
    this._free(`Tensor of shape [${this.shape}]: used after dispose()`);
  }

  /** `using x = …` disposes at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  _free(reason: string): void {
    if (this.#freed) return;
    this.#freed = true;
    disown(this);
    this._tag = -1;
    this._storage.release(reason);
    if (!this.#gradSeen) this.#grad?._free(reason);
  }

  /** True after {@link dispose}. */
  get isDisposed(): boolean {
    return this.#freed;
  }

  toString(): string {
    const suffixes: string[] = [];
    if (this.gradFn) suffixes.push(`grad_fn=<${this.gradFn.name}>`);
    else if (this.#requiresGrad) suffixes.push('requires_grad=True');
    return formatTensor(this._value.dataSync() as TypedArray, this.shape, this.dtype, suffixes);
  }

  [inspect.custom](): string {
    return this.#freed ? `Tensor(disposed, shape=[${this.shape}])` : this.toString();
  }

  /** @internal Size of the whole in elements. */
  get _size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }
}

export { View };
