/** Those of the mathematical families that are methods of Tensor. */
import type { Tensor } from '../../tensor/tensor';
import * as combine from '../combine';
import * as inplaceMath from '../inplaceMath';
import * as special from '../special';
import * as trigonometry from '../trigonometry';

const { undifferentiable: _undifferentiable, ...combineMethods } = combine;
const { floatOnly: _floatOnly, notImplemented: _notImplemented, polygamma, ...specialMethods } = special;

/** Their first argument is the method's self. */
export const mathMethods = {
  ...trigonometry,
  ...specialMethods,
  ...combineMethods,
  ...inplaceMath,
  /** The n-th derivative of digamma. See torch.Tensor.polygamma. */
  polygamma: (self: Tensor, n: number, ...more: []): Tensor => polygamma(n, self, ...more),
};
