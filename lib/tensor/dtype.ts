import type { DType } from '../backend/engine';

export type { DType };

/** 32-bit floating point, the dtype of everything that is trained. */
export const float32 = 'float32';
/** 32-bit integers; class labels and indices. */
export const int32 = 'int32';
/** PyTorch's int64: here int32, with a check of the range. */
export const int64 = 'int32';
/** As {@link int64}. */
export const long = 'int32';
/** True or false. */
export const bool = 'bool';

/** What PyTorch calls a tensor of each dtype. */
export const TYPE_NAMES = { float32: 'torch.FloatTensor', int32: 'torch.IntTensor', bool: 'torch.BoolTensor' };

const ALIASES: Record<string, DType> = {
  float32: 'float32',
  float: 'float32',
  int32: 'int32',
  int: 'int32',
  int64: 'int32',
  long: 'int32',
  bool: 'bool',
};

/** Reads a dtype by any of its names; refuses by name what does not exist here (float64, float16, uint8 …). */
export function asDtype(where: string, name: unknown): DType {
  const dtype = typeof name === 'string' && Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (!dtype) {
    throw new TypeError(
      `${where}: dtype must be 'float32', 'int32' (also 'int64', 'long') or 'bool', got ${String(name)}`,
    );
  }
  return dtype;
}

const RANK: Record<DType, number> = { bool: 0, int32: 1, float32: 2 };

/** The dtype of a result computed from both: bool < int32 < float32. */
export function promoteTypes(a: DType, b: DType): DType {
  return RANK[a] >= RANK[b] ? a : b;
}

/** Integral numbers count as integers, as Python's do. */
export function dtypeOfNumber(value: number | boolean): DType {
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) && !Object.is(value, -0) ? 'int32' : 'float32';
}

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** Checks that `value` fits what stands for PyTorch's int64 here. */
export function checkInt32(where: string, value: number): void {
  if (!Number.isInteger(value) || value > INT32_MAX || value < INT32_MIN) {
    throw new RangeError(`${where}: int32 takes integers from ${INT32_MIN} to ${INT32_MAX}, got ${value}`);
  }
}
