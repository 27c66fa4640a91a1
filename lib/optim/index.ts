export { Adadelta, type AdadeltaOptions } from './adadelta';
export { Adafactor, type AdafactorOptions } from './adafactor';
export { Adagrad, type AdagradOptions } from './adagrad';
export { Adam, type AdamOptions, AdamW, type AdamWOptions } from './adam';
export { Adamax, type AdamaxOptions } from './adamax';
export { ASGD, type ASGDOptions } from './asgd';
export {
  type RemovableHandle,
  registerOptimizerStepPostHook,
  registerOptimizerStepPreHook,
  type StateDictHook,
  type StateDictPreHook,
  type StepHook,
} from './hooks';
export { LBFGS, type LBFGSOptions } from './lbfgs';
export { Lion, type LionOptions } from './lion';
export * as lrScheduler from './lrScheduler';
export { Muon, type MuonOptions } from './muon';
export { NAdam, type NAdamOptions } from './nadam';
export { Optimizer, type ParamGroup, type Params } from './optimizer';
export { RAdam, type RAdamOptions } from './radam';
export { RMSprop, type RMSpropOptions } from './rmsprop';
export { Rprop, type RpropOptions } from './rprop';
export { SGD, type SGDOptions } from './sgd';
export { SparseAdam, type SparseAdamOptions } from './sparseAdam';
export type { OptimizerStateDict } from './stateDict';
export * as swaUtils from './swaUtils';
