/** Comparisons under other names, integers, calculus of samples, and those of it that are methods of Tensor. */
import { corrcoef, cov } from '../calculus';
import * as comparisonForms from '../comparisonForms';
import * as integers from '../integers';
import * as numeric from '../numeric';

export {
  type CovOptions,
  corrcoef,
  cov,
  cumulativeTrapezoid,
  type GradientOptions,
  gradient,
  type TrapezoidOptions,
  trapezoid,
  trapz,
} from '../calculus';
export { greater, greaterEqual, less, lessEqual, notEqual } from '../comparisonForms';
export {
  bitwiseLeftShift,
  bitwiseRightShift,
  type Frexp,
  frexp,
  gcd,
  gcd_,
  lcm,
  lcm_,
  nextafter,
} from '../integers';
export {
  dist,
  floatPower,
  type IsinOptions,
  isin,
  isneginf,
  isposinf,
  isreal,
  ldexp,
  ldexp_,
  renorm,
} from '../numeric';

const { isin: _isin, ...methods } = numeric;

/** Their first argument is the method's self. */
export const numericMethods = { ...methods, ...comparisonForms, ...integers, corrcoef, cov };
