/** torch.nn.functional: what has no parameters of its own. */
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
export { bilinear, type GumbelSoftmaxOptions, glu, gumbelSoftmax } from '../ops/gates';
export { oneHot } from '../ops/indexing';
export { linear } from '../ops/matmul';
export {
  type HardtanhOptions,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  hardtanh_,
  leakyRelu,
  leakyRelu_,
  prelu,
  type RreluOptions,
  relu,
  relu_,
  relu6,
  rrelu,
  rrelu_,
  softshrink,
  threshold,
  threshold_,
} from '../ops/piecewise';
export { sigmoid, tanh } from '../ops/pointwise';
export { channelShuffle, pixelShuffle, pixelUnshuffle } from '../ops/shuffle';
export {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from './dropoutFunctions';
export * from './losses/functional';
export { logSoftmax, softmax, softmin } from './softmaxFunctions';
