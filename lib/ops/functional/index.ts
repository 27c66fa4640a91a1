/** torch.autograd.functional. */
export { type HessianOptions, hessian, type JacobianOptions, jacobian } from './jacobian';
export { hvp, jvp, type ProductOptions, vhp, vjp } from './products';
