/** torch.nn.functional: what has no parameters of its own. */
import { type Optional, readArgs } from '../args';
import { fromHost } from '../backend/engine';
import { ValueError } from '../errors';
import { relu_ } from '../ops/inplace';
import { relu as reluOp } from '../ops/pointwise';
import { defaultGenerator } from '../tensor/context';
import { Tensor } from '../tensor/tensor';

export type { InplaceOptions } from '../ops/activate';
export {
  celu,
  celu_,
  elu,
  elu_,
  type GeluApproximation,
  gelu,
  logsigmoid,
  mish,
  type SoftplusOptions,
  selu,
  selu_,
  silu,
  softplus,
  softsign,
  tanhshrink,
} from '../ops/activations';
export {
  type CosineOptions,
  cosineSimilarity,
  type DistanceOptions,
  type NormalizeOptions,
  normalize,
  pairwiseDistance,
  pdist,
} from '../ops/distance';
export { oneHot } from '../ops/indexing';
export { linear } from '../ops/matmul';
export { sigmoid, tanh } from '../ops/pointwise';
export { logSoftmax, softmax } from '../ops/softmax';
export { type CrossEntropyOptions, crossEntropy, type NLLLossOptions, nllLoss } from './crossEntropy';
export { type MSELossOptions, mseLoss } from './mse';

/** max(x, 0). See torch.nn.functional.relu. */
export function relu(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  return readArgs('relu', rest, { inplace: false }).inplace ? relu_(input) : reluOp(input);
}

/**
 * Zeroes each element with probability `p` and scales the others by 1/(1−p); the mask comes from the default generator and is
 * PyTorch's. Not training: the input itself. See torch.nn.functional.dropout.
 */
export function dropout(
  input: Tensor,
  ...rest: Optional<'p', number, { training?: boolean; inplace?: boolean }>
): Tensor {
  const { p, training, inplace } = readArgs('dropout', rest, { p: 0.5, training: true, inplace: false });
  if (!(p >= 0 && p <= 1)) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`);
  if (!training || p === 0) return input;
  const factor = p === 1 ? 0 : dropoutMask(input, p);
  return inplace ? input.mul_(factor) : input.mul(factor);
}

function dropoutMask(input: Tensor, p: number): Tensor {
  const keep = 1 - p;
  // PyTorch divides the float32 mask by the float32 probability.
  const scale = Math.fround(1 / Math.fround(keep));
  const generator = defaultGenerator();
  return Tensor._of(fromHost(() => generator.bernoulli(input._size, keep, scale), input.shape, 'float32'));
}
