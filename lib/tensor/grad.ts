import { RuntimeError } from '../errors';
import type { Tensor } from './tensor';

/** Throws unless `value` can be the gradient of `self`; null stands for what is no tensor. */
export function checkGrad(self: Tensor, value: Tensor | null): asserts value is Tensor {
  if (value === null) throw new TypeError('assigned grad expected to be a Tensor or null');
  if (String(value.shape) !== String(self.shape)) {
    throw new RuntimeError(
      `attempting to assign a gradient of size '[${value.shape.join(', ')}]' to a tensor of size '[${self.shape.join(', ')}]'. ` +
        'Please ensure that the gradient and the tensor are the same size',
    );
  }
  if (value.dtype !== self.dtype) {
    throw new RuntimeError(
      `attempting to assign a gradient with dtype '${value.dtype}' to a tensor with dtype '${self.dtype}'`,
    );
  }
}
