import { noMore } from '../args';
import { ValueError } from '../errors';
import { asDtype, type DType, dtypeOfNumber, promoteTypes as promote } from './dtype';
import { Tensor } from './tensor';

/** The smallest dtype that holds both: bool < int32 < float32. See torch.promote_types. */
export function promoteTypes(type1: string, type2: string): DType {
  noMore('promoteTypes(type1, type2)', arguments.length, 2);
  return promote(asDtype('promoteTypes', type1), asDtype('promoteTypes', type2));
}

/** The dtype of arithmetic on two tensors or numbers. See torch.result_type. */
export function resultType(tensor1: Tensor | number | boolean, tensor2: Tensor | number | boolean): DType {
  noMore('resultType(tensor1, tensor2)', arguments.length, 2);
  const [a, b] = [tensor1, tensor2].map((x) => {
    if (x instanceof Tensor) return x.dtype;
    if (typeof x === 'number' || typeof x === 'boolean') return dtypeOfNumber(x);
    throw new TypeError(`resultType(): takes Tensors and numbers, not ${x === null ? 'null' : typeof x}`);
  });
  return promote(a!, b!);
}

/** Whether a result of dtype `from` may be written into one of dtype `to`: never from float32 to integers, from those to bool. See torch.can_cast. */
export function canCast(from: string, to: string): boolean {
  noMore('canCast(from, to)', arguments.length, 2);
  const target = asDtype('canCast', to);
  return promote(asDtype('canCast', from), target) === target;
}

/** The dtype of what is made of numbers: always 'float32'. See torch.get_default_dtype. */
export function getDefaultDtype(): DType {
  return 'float32';
}

/** Accepts 'float32', the only floating-point dtype here. See torch.set_default_dtype. */
export function setDefaultDtype(d: string): void {
  noMore('setDefaultDtype(d)', arguments.length, 1);
  if (asDtype('setDefaultDtype', d) !== 'float32') {
    throw new TypeError(`only floating-point types are supported as the default type, got ${d}`);
  }
}

/** The limits of a floating-point dtype, as {@link finfo} gives them. */
export interface FloatInfo {
  readonly bits: number;
  /** The distance from 1 to the next number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number of full precision; `smallestNormal` is the same. */
  readonly tiny: number;
  readonly smallestNormal: number;
  readonly resolution: number;
  readonly dtype: DType;
}

const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;

/** The limits of float32. See torch.finfo. */
export function finfo(type = 'float32'): FloatInfo {
  noMore('finfo(type)', arguments.length, 1);
  const dtype = asDtype('finfo', type);
  if (dtype !== 'float32') {
    throw new TypeError(`finfo() requires a floating point input type, got ${dtype}. Use iinfo to handle integers`);
  }
  const limits = { eps: 2 ** -23, max: FLOAT32_MAX, min: -FLOAT32_MAX, tiny: 2 ** -126, smallestNormal: 2 ** -126 };
  return { bits: 32, ...limits, resolution: 1e-6, dtype };
}

/** The limits of an integer dtype, as {@link iinfo} gives them. */
export interface IntInfo {
  readonly bits: number;
  readonly max: number;
  readonly min: number;
  readonly dtype: DType;
}

/** The limits of int32, which stands for PyTorch's int64 too. See torch.iinfo. */
export function iinfo(type: string): IntInfo {
  noMore('iinfo(type)', arguments.length, 1);
  const dtype = asDtype('iinfo', type);
  if (dtype === 'bool') throw new TypeError('bool is not supported by iinfo');
  if (dtype !== 'int32') {
    throw new TypeError(`iinfo() requires an integer input type, got ${dtype}. Use finfo to handle floating point`);
  }
  return { bits: 32, max: 2 ** 31 - 1, min: -(2 ** 31), dtype };
}

const TENSOR_TYPES: Record<string, DType> = {
  'torch.FloatTensor': 'float32',
  'torch.IntTensor': 'int32',
  'torch.LongTensor': 'int32',
  'torch.BoolTensor': 'bool',
};

/** The dtype of 'torch.FloatTensor' and the like, or of a dtype's own name. */
export function dtypeOfType(type: string): DType {
  if (Object.hasOwn(TENSOR_TYPES, type)) return TENSOR_TYPES[type]!;
  if (typeof type === 'string' && /^torch\..*Tensor$/.test(type)) {
    throw new ValueError(`invalid type: '${type}': there are ${Object.keys(TENSOR_TYPES).join(', ')}`);
  }
  return asDtype('type', type);
}
