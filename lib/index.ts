/** Flambeau: PyTorch's training API for Node. The public surface; no logic. */
import './backend/kernels';

export { getBackend, libtensorflowVersion } from './backend/engine';
export * as utils from './data/utils';
export { IndexError, KeyError, RuntimeError, ValueError } from './errors';
export * as nn from './nn';
export * from './ops';
export * as autograd from './ops/autograd';
export * as optim from './optim';
export { isAnomalyCheckNanEnabled, isAnomalyEnabled } from './tensor/anomaly';
export {
  defaultGenerator,
  enableGrad,
  getRngState,
  initialSeed,
  isGradEnabled,
  isolated,
  manualSeed,
  noGrad,
  seed,
  setGradEnabled,
  setRngState,
} from './tensor/context';
export {
  arange,
  empty,
  eye,
  full,
  fullLike,
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
export { deepcopy } from './tensor/deepcopy';
export { accelerator, backends, cuda, device, mps, xpu } from './tensor/device';
export { bool, type DType, float32, int32, int64, long } from './tensor/dtype';
export {
  canCast,
  type FloatInfo,
  finfo,
  getDefaultDtype,
  type IntInfo,
  iinfo,
  promoteTypes,
  resultType,
  setDefaultDtype,
} from './tensor/dtypeInfo';
export { fromTfjs } from './tensor/fromTfjs';
export { Generator } from './tensor/generator';
export { inferenceMode, isInferenceModeEnabled } from './tensor/inference';
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
export {
  areDeterministicAlgorithmsEnabled,
  getFloat32MatmulPrecision,
  getNumThreads,
  setFloat32MatmulPrecision,
  setNumThreads,
  useDeterministicAlgorithms,
} from './tensor/settings';
export { type NestedList, Tensor } from './tensor/tensor';
export { asarray, asTensor, BoolTensor, FloatTensor, IntTensor, LongTensor, scalarTensor } from './tensor/typedTensors';
export * as testing from './testing';
export * as vision from './vision';
