/** torch.testing. */
export { type AssertCloseOptions, AssertionError, assertClose, type Comparable } from './assertClose';
