/** Flambeau: PyTorch's training API for Node. The public surface; no logic. */
import './backend/kernels';

export { getBackend, libtensorflowVersion } from './backend/engine';
export * as utils from './data/utils';
export { IndexError, KeyError, RuntimeError, ValueError } from './errors';
export * as nn from './nn';
export * from './ops';
export * as optim from './optim';
export * as autograd from './tensor/autograd';
export {
  defaultGenerator,
  enableGrad,
  getRngState,
  initialSeed,
  isGradEnabled,
  manualSeed,
  noGrad,
  setGradEnabled,
  setRngState,
} from './tensor/context';
export {
  arange,
  empty,
  eye,
  FloatTensor,
  full,
  fullLike,
  LongTensor,
  linspace,
  ones,
  onesLike,
  rand,
  randint,
  randn,
  randperm,
  type TensorData,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './tensor/creation';
export { bool, type DType, float32, int32, int64, long } from './tensor/dtype';
export { fromTfjs } from './tensor/fromTfjs';
export { Generator } from './tensor/generator';
export { memory, tidy } from './tensor/memory';
export {
  bernoulli,
  emptyLike,
  logspace,
  multinomial,
  normal,
  randintLike,
  randLike,
  randnLike,
} from './tensor/randomCreation';
export { type NestedList, Tensor } from './tensor/tensor';
export * as testing from './testing';
export * as vision from './vision';
