export { Adam, type AdamOptions } from './adam';
export * as lrScheduler from './lrScheduler';
export { Optimizer, type ParamGroup, type Params } from './optimizer';
export { SGD, type SGDOptions } from './sgd';
export type { OptimizerStateDict } from './stateDict';
export * as swaUtils from './swaUtils';
