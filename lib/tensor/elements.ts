import type { DType, TypedArray } from '../backend/engine';
import { ValueError } from '../errors';
import { checkInt32 } from './dtype';
import type { Tensor } from './tensor';

/** The dtype that a typed array holds. */
export function dtypeOf(data: TypedArray): DType {
  // By tag, not by class: an array may come from another realm (a Jest test's, a worker's).
  const tag = data[Symbol.toStringTag];
  return tag === 'Float32Array' ? 'float32' : tag === 'Int32Array' ? 'int32' : 'bool';
}

/** The content of a tensor, to be converted. */
export function contentOf(source: Tensor): Flat {
  return { flat: source.toTypedArray(), shape: [...source.shape], natural: source.dtype };
}

/** Elements in order, their shape, and the dtype that they have by themselves. */
export interface Flat {
  flat: ArrayLike<number>;
  shape: number[];
  natural: DType;
}

/** Reads numbers, booleans, nested arrays of them, or a typed array; ragged nesting is an error. */
export function flatten(data: unknown): Flat {
  if (ArrayBuffer.isView(data)) return fromView(data);
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: number[] = [];
  let allBooleans = true;
  const visit = (item: unknown, depth: number): void => {
    if (Array.isArray(item)) {
      if (item.length !== shape[depth]) throw ragged(shape[depth], depth, item.length);
      for (const inner of item) visit(inner, depth + 1);
    } else if (depth !== shape.length) throw ragged(shape[depth], depth, 0);
    else if (typeof item === 'boolean') flat.push(Number(item));
    else if (typeof item === 'number') {
      allBooleans = false;
      flat.push(item);
    } else throw new TypeError(`tensor: takes numbers, booleans and arrays of them, got ${describe(item)}`);
  };
  visit(data, 0);
  return { flat, shape, natural: allBooleans && flat.length > 0 ? 'bool' : 'float32' };
}

/** Small integers have no dtype of their own here; they become what PyTorch's arithmetic would promote them to. */
const VIEWS: Record<string, DType> = {
  Float32Array: 'float32',
  Int32Array: 'int32',
  Uint8Array: 'int32',
  Int8Array: 'int32',
  Int16Array: 'int32',
  Uint16Array: 'int32',
};

function fromView(view: ArrayBufferView): Flat {
  const tag = (view as TypedArray)[Symbol.toStringTag];
  const natural = VIEWS[tag];
  if (natural) return { flat: view as TypedArray, shape: [(view as TypedArray).length], natural };
  throw new TypeError(
    `tensor: ${tag} has no dtype here (there are float32, int32 and bool); convert it first, for example with Float32Array.from`,
  );
}

function ragged(expected: number | undefined, depth: number, got: number): ValueError {
  return new ValueError(`expected sequence of length ${expected ?? 0} at dim ${depth} (got ${got})`);
}

function describe(item: unknown): string {
  return item === null ? 'null' : typeof item === 'object' ? item.constructor.name : `${typeof item} ${String(item)}`;
}

/** A fresh typed array of `dtype`, with PyTorch's conversions: towards zero for integers, non-zero is true. */
export function convert(where: string, flat: ArrayLike<number>, dtype: DType): TypedArray {
  if (dtype === 'float32') return Float32Array.from(flat);
  if (dtype === 'bool') return Uint8Array.from(flat, (x) => (x === 0 ? 0 : 1));
  return Int32Array.from(flat, (x) => {
    const truncated = Math.trunc(x);
    checkInt32(where, truncated);
    return truncated;
  });
}

/** Nested arrays of numbers or booleans, as `tolist()` gives them. */
export type NestedList = number | boolean | NestedList[];

/** Flat elements in rows, as `shape` has them. */
export function nest(flat: NestedList[], shape: readonly number[]): NestedList {
  if (shape.length === 0) return flat[0]!;
  const [, ...inner] = shape;
  const step = inner.reduce((a, b) => a * b, 1);
  return Array.from({ length: shape[0]! }, (_, i) => nest(flat.slice(i * step, (i + 1) * step), inner));
}
