/** torch.autograd. */
export * from '../tensor/autograd';
export * as functional from './functional';
