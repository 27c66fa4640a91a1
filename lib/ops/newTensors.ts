/** Tensors made like another one: of its dtype, whatever else it is. Methods only. */

import { readArgs } from '../args';
import { checkScalar } from '../tensor/check';
import { full, readSizes, type Sizes, type TensorData, type TensorOptions, tensor } from '../tensor/creation';
import { asDtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';

const CREATION = { dtype: null as string | null, requiresGrad: false };

function filled(where: string, self: Tensor, size: readonly number[], value: number, rest: readonly unknown[]): Tensor {
  const { dtype, requiresGrad } = readArgs(where, rest, CREATION, 0);
  const target = dtype === null ? self.dtype : asDtype(where, dtype);
  // As PyTorch, which cuts fractions off.
  return full(size, target === 'int32' ? Math.trunc(value) : value, { dtype: target, requiresGrad });
}

/** Zeros of `size`, of self's dtype. See torch.Tensor.new_zeros. */
export function newZeros(self: Tensor, ...size: Sizes<TensorOptions>): Tensor {
  const { shape, options } = readSizes('newZeros', size);
  return filled('newZeros', self, shape, 0, [options]);
}

/** Ones of `size`, of self's dtype. See torch.Tensor.new_ones. */
export function newOnes(self: Tensor, ...size: Sizes<TensorOptions>): Tensor {
  const { shape, options } = readSizes('newOnes', size);
  return filled('newOnes', self, shape, 1, [options]);
}

/** A tensor of `size` and self's dtype whose content is not of use; it is zeros. See torch.Tensor.new_empty. */
export function newEmpty(self: Tensor, ...size: Sizes<TensorOptions>): Tensor {
  const { shape, options } = readSizes('newEmpty', size);
  return filled('newEmpty', self, shape, 0, [options]);
}

/** `fillValue` everywhere in a tensor of `size`, of self's dtype. See torch.Tensor.new_full. */
export function newFull(
  self: Tensor,
  size: readonly number[],
  fillValue: number | boolean,
  ...rest: [options?: TensorOptions]
): Tensor {
  checkScalar('newFull', fillValue, 'fillValue');
  return filled('newFull', self, size, Number(fillValue), rest);
}

/** A copy of `data` of self's dtype, without a history. See torch.Tensor.new_tensor. */
export function newTensor(self: Tensor, data: TensorData | Tensor, ...rest: [options?: TensorOptions]): Tensor {
  const { dtype, requiresGrad } = readArgs('newTensor', rest, CREATION, 0);
  return tensor(data, { dtype: dtype ?? self.dtype, requiresGrad });
}
