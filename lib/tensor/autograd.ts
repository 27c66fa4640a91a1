/** torch.autograd. */
export { type BackwardOptions, grad, type GradOptions } from './backward';
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from './context';
export { Function, FunctionContext } from './function';
export { gradcheck, type GradcheckOptions, gradgradcheck } from './gradcheck';
