export { LRScheduler, type SchedulerStateDict } from './base';
export { LinearLR, type LinearLROptions } from './linearLR';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduceLROnPlateau';
export { StepLR } from './stepLR';
