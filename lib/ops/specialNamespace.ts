/** torch.special: what of it there is here. */
export { erf, expm1, log1p, round, sigmoid as expit } from './pointwise';
export { logSoftmax, logsumexp, softmax } from './softmax';
export {
  digamma,
  digamma as psi,
  erfc,
  erfinv,
  exp2,
  lgamma as gammaln,
  logit,
  polygamma,
  xlogy,
} from './special';
export {
  entr,
  erfcx,
  i0,
  i0e,
  i1,
  i1e,
  igamma as gammainc,
  igammac as gammaincc,
  logNdtr,
  mvlgamma as multigammaln,
  ndtr,
  ndtri,
  xlog1py,
  zeta,
} from './specialMath';
export { sinc } from './trigonometry';
