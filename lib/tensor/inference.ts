import { type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { currentContext, inContext } from './context';
import type { Tensor } from './tensor';

// A program that never asks for it pays one look at this.
let everEnabled = false;

/**
 * Runs `fn`, sync or async, without recording gradients; the tensors that it makes are inference tensors, which can neither
 * take part in what is differentiated later nor be changed in place outside. `mode: false` ends it for `fn`. See
 * torch.inference_mode.
 */
export function inferenceMode<R>(fn: () => R, ...rest: Optional<'mode', boolean>): R {
  const { mode } = readArgs('inferenceMode', rest, { mode: true });
  if (typeof mode !== 'boolean') throw new TypeError(`inferenceMode: mode must be a boolean, got ${String(mode)}`);
  everEnabled ||= mode;
  return inContext('inferenceMode', { gradEnabled: !mode, inference: mode }, fn);
}

/** True inside {@link inferenceMode}. See torch.is_inference_mode_enabled. */
export function isInferenceModeEnabled(): boolean {
  return everEnabled && currentContext().inference;
}

/** True for what was made in {@link inferenceMode}, and for its views. See torch.is_inference. */
export function isInference(input: Tensor): boolean {
  return (input._view?.base ?? input)._storage.inference;
}

/** PyTorch's refusal to change an inference tensor, or a view of a tensor that was made as one, outside of inference mode. */
export function refuseInPlaceOfInference(self: Tensor): void {
  if (!everEnabled || currentContext().inference) return;
  if (isInference(self)) {
    throw new RuntimeError(
      'Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get a normal tensor ' +
        'before doing inplace update. See https://github.com/pytorch/rfcs/pull/17 for more details.',
    );
  }
  if (self._view && self._storage.inference) {
    throw new RuntimeError(
      'A view was created in inference mode and is being modified inplace in normal mode. Given that this use case is ' +
        'ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace ' +
        "either both inside the inference_mode block (if you don't want the inplace to be tracked) or both outside (if you " +
        'want the inplace to be tracked).',
    );
  }
}

/** PyTorch's refusal to keep an inference tensor for backward. */
export function refuseSavingInference(saved: readonly Tensor[]): void {
  if (!everEnabled || !saved.some(isInference)) return;
  throw new RuntimeError(
    'Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation ' +
      'tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in autograd, or use ' +
      '`noGrad()` instead of `inferenceMode()`.',
  );
}

/** PyTorch's refusal to differentiate an inference tensor. */
export function refuseGradOfInference(self: Tensor): void {
  if (!everEnabled || currentContext().inference || !isInference(self)) return;
  throw new RuntimeError('Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.');
}
