export {
  GELU,
  GLU,
  Hardsigmoid,
  Hardswish,
  LogSigmoid,
  LogSoftmax,
  Mish,
  ReLU,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  Softmax2d,
  Softmin,
  Softsign,
  Tanh,
  Tanhshrink,
} from './activation';
export {
  CELU,
  ELU,
  Hardshrink,
  Hardtanh,
  LeakyReLU,
  PReLU,
  ReLU6,
  RReLU,
  Softplus,
  Softshrink,
  Threshold,
} from './activationOptions';
export { Bilinear } from './bilinear';
export { ModuleDict, ModuleList, ParameterList, Sequential } from './containers';
export { CosineSimilarity, PairwiseDistance } from './distance';
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from './dropout';
export { Flatten, Unflatten } from './flatten';
export * as functional from './functional';
export type { Handle } from './hooks';
export * as init from './init';
export { Identity, Linear } from './linear';
export * from './losses';
export { Module } from './module';
export { Parameter } from './parameter';
export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from './shuffle';
export type { StateDict } from './stateDict';
export * as utils from './utils';
