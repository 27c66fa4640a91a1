/** The functions of the mathematical families, and those of them that are methods of Tensor. */
import type { Tensor } from '../../tensor/tensor';
import * as combine from '../combine';
import * as inplaceMath from '../inplaceMath';
import * as special from '../special';
import * as trigonometry from '../trigonometry';

export {
  absolute,
  addcdiv,
  addcmul,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  copysign,
  divide,
  fix,
  floorDivide,
  fmax,
  fmin,
  fmod,
  heaviside,
  lerp,
  multiply,
  negative,
  remainder,
  rsub,
  subtract,
  trueDivide,
  type ValueOptions,
} from '../combine';
export {
  digamma,
  erfc,
  erfinv,
  exp2,
  frac,
  lgamma,
  log2,
  log10,
  logaddexp,
  logaddexp2,
  logit,
  type NanToNumOptions,
  nanToNum,
  polygamma,
  positive,
  sgn,
  signbit,
  xlogy,
} from '../special';
export * from '../trigonometry';

const { floatOnly: _floatOnly, notImplemented: _notImplemented, polygamma, ...specialMethods } = special;

/** Their first argument is the method's self. */
export const mathMethods = {
  ...trigonometry,
  ...specialMethods,
  ...combine,
  ...inplaceMath,
  /** The n-th derivative of digamma. See torch.Tensor.polygamma. */
  polygamma: (self: Tensor, n: number, ...more: []): Tensor => polygamma(n, self, ...more),
};
