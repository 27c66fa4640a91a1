/** torch.autograd. */
export { detectAnomaly, setDetectAnomaly } from './anomaly';
export { type BackwardOptions, backwardOf as backward, type GradOptions, grad } from './backward';
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from './context';
export { Function, FunctionContext } from './function';
export { type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck';
export { inferenceMode } from './inference';
