import { RuntimeError } from '../errors';
import { checkTensor } from './check';
import { refuseGradOfInference } from './inference';
import type { Tensor } from './tensor';

/** Throws unless `requiresGrad` of `self` can be `value`. */
export function checkRequiresGrad(self: Tensor, value: boolean): void {
  if (self.gradFn && !value) {
    throw new RuntimeError(
      'you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph ' +
        "that doesn't require differentiation use var_no_grad = var.detach().",
    );
  }
  if (value && self.dtype !== 'float32') {
    throw new RuntimeError(`only Tensors of floating point dtype can require gradients, got ${self.dtype}`);
  }
  if (value) refuseGradOfInference(self);
}

/** Throws unless the content of `value` can become that of `self`. */
export function checkData(self: Tensor, value: Tensor): void {
  checkTensor('data', value, 'value');
  if (value.dtype === self.dtype && String(value.shape) === String(self.shape)) return;
  throw new RuntimeError(
    `data: a ${self.dtype} tensor of shape [${self.shape.join(', ')}] cannot take a ${value.dtype} one of shape ` +
      `[${value.shape.join(', ')}]; a tensor keeps its shape and dtype`,
  );
}

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
