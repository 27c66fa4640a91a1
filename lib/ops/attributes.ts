/** What a tensor says of itself. */

import { noMore } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { isInference as isMadeInInference } from '../tensor/inference';
import { Tensor } from '../tensor/tensor';
import { broadcastShape, checkTensor, normalDim } from './define';
import { sameShape } from './dims';
import { stridesOf } from './layout';

/** Whether `obj` is a Tensor. See torch.is_tensor. */
export function isTensor(obj: unknown): obj is Tensor {
  noMore('isTensor(obj)', arguments.length, 1);
  return obj instanceof Tensor;
}

/** Number of elements. See torch.numel. */
export function numel(input: Tensor): number {
  noMore('numel(input)', arguments.length, 1);
  checkTensor('numel', input);
  return input._size;
}

/** Whether the dtype is float32. See torch.is_floating_point. */
export function isFloatingPoint(input: Tensor): boolean {
  noMore('isFloatingPoint(input)', arguments.length, 1);
  checkTensor('isFloatingPoint', input);
  return input.dtype === 'float32';
}

/** False: there are no complex tensors. See torch.is_complex. */
export function isComplex(input: Tensor): boolean {
  noMore('isComplex(input)', arguments.length, 1);
  checkTensor('isComplex', input);
  return false;
}

/** Whether the dtype has negative numbers: all but bool. See torch.Tensor.is_signed. */
export function isSigned(input: Tensor): boolean {
  noMore('isSigned(input)', arguments.length, 1);
  checkTensor('isSigned', input);
  return input.dtype !== 'bool';
}

/** Whether the only element is not 0; a tensor of another size is an error. See torch.is_nonzero. */
export function isNonzero(input: Tensor): boolean {
  noMore('isNonzero(input)', arguments.length, 1);
  checkTensor('isNonzero', input);
  if (input._size === 1) return Boolean(input.item()) || Number.isNaN(input.item());
  const size = input._size === 0 ? 'no values' : 'more than one value';
  throw new RuntimeError(`Boolean value of Tensor with ${size} is ambiguous`);
}

/** Whether the shapes are equal. See torch.Tensor.is_same_size. */
export function isSameSize(input: Tensor, other: Tensor): boolean {
  noMore('isSameSize(input, other)', arguments.length, 2);
  checkTensor('isSameSize', input);
  checkTensor('isSameSize', other, 'other');
  return sameShape(input.shape, other.shape);
}

/** True for what was made in inferenceMode, and for its views. See torch.is_inference. */
export function isInference(input: Tensor): boolean {
  noMore('isInference(input)', arguments.length, 1);
  checkTensor('isInference', input);
  return isMadeInInference(input);
}

/** The shape of the result of broadcasting; a number is a shape of one dimension. See torch.broadcast_shapes. */
export function broadcastShapes(...shapes: (number | readonly number[])[]): number[] {
  const lists = shapes.map((shape) => [shape].flat() as number[]);
  for (const size of lists.flat()) {
    if (!Number.isInteger(size)) throw new TypeError(`broadcastShapes: sizes must be integers, got ${String(size)}`);
    if (size < 0) throw new ValueError(`broadcastShapes: a dimension of negative length ${size}`);
  }
  return lists.reduce<number[]>(broadcastShape, []);
}

/** Methods only. */
export const attributeMethods = {
  isFloatingPoint,
  isComplex,
  isSigned,
  isSameSize,
  isInference,
  /** Whether the only element is not 0. See torch.Tensor.is_nonzero. */
  isNonzero,
  /** Number of elements, as `numel()`. See torch.Tensor.nelement. */
  nelement: (self: Tensor): number => self._size,
  /** Number of dimensions, as `dim()`. See torch.Tensor.ndimension. */
  ndimension: (self: Tensor): number => self.ndim,
  /** Bytes of an element. See torch.Tensor.element_size. */
  elementSize: (self: Tensor): number => itemsize(self),
  /** −1: the cpu has no number. See torch.Tensor.get_device. */
  getDevice: (_self: Tensor): number => -1,
};

/** How many elements lie between neighbours in each dimension; of one dimension, if `dim` is given. See torch.Tensor.stride. */
export function stride(self: Tensor): number[];
export function stride(self: Tensor, dim: number): number;
export function stride(self: Tensor, dim?: number): number[] | number {
  const strides = [...stridesOf(self)];
  return dim === undefined ? strides : strides[normalDim(dim, self.ndim)]!;
}

const itemsize = (x: Tensor) => (x.dtype === 'bool' ? 1 : 4);

/** Properties. */
export interface Attributes {
  /** Bytes of an element. See torch.Tensor.itemsize. */
  readonly itemsize: number;
  /** Bytes of all elements. See torch.Tensor.nbytes. */
  readonly nbytes: number;
  /** True. */
  readonly isCpu: boolean;
  /** False. */
  readonly isCuda: boolean;
  /** False. */
  readonly isSparse: boolean;
  /** A matrix transposed. See torch.Tensor.H. */
  readonly H: Tensor;
  /** The last two dimensions exchanged, as `mT`: there are no complex tensors. See torch.Tensor.mH. */
  readonly mH: Tensor;
}

export const attributes: { [K in keyof Attributes]: (self: Tensor) => Attributes[K] } = {
  itemsize,
  nbytes: (self) => itemsize(self) * self._size,
  isCpu: () => true,
  isCuda: () => false,
  isSparse: () => false,
  H(self) {
    if (self.ndim === 2 || self.ndim === 0) return self.t();
    const batches = self.ndim > 2 ? ' For batches of matrices, consider using tensor.mH' : '';
    throw new RuntimeError(
      `tensor.H is only supported on matrices (2-D tensors). Got ${self.ndim}-D tensor.${batches}`,
    );
  },
  mH(self) {
    if (self.ndim !== 1) return self.ndim === 0 ? self : self.mT;
    throw new RuntimeError('tensor.mH is only supported on matrices or batches of matrices. Got 1-D tensor.');
  },
};
