/** The functions of torch's root namespace. */
import './methods';

export { celu, celu_, selu, selu_ } from './activations';
export { type AlphaOptions, add, type DivOptions, div, maximum, minimum, mul, pow, sub } from './arithmetic';
export { diag, diagonal, flip, repeat, roll, tile, tril, triu } from './arrange';
export {
  broadcastShapes,
  isComplex,
  isFloatingPoint,
  isInference,
  isNonzero,
  isSameSize,
  isSigned,
  isTensor,
  numel,
} from './attributes';
export { clone } from './cast';
export { clamp, clampMax, clampMin, clip } from './clamp';
export { eq, ge, gt, le, logicalAnd, logicalNot, logicalOr, logicalXor, lt, ne } from './compare';
export { cosineSimilarity, pairwiseDistance, pdist } from './distance';
export {
  alphaDropout,
  alphaDropout_,
  dropout,
  dropout_,
  featureAlphaDropout,
  featureAlphaDropout_,
  featureDropout,
  featureDropout_,
} from './dropout';
export { einsum } from './einsum';
export { amax, amin, argmax, argmin, max, min } from './extremes';
export {
  adjoint,
  argwhere,
  blockDiag,
  combinations,
  concat,
  concatenate,
  diagEmbed,
  diagflat,
  dsplit,
  dstack,
  fliplr,
  flipud,
  hsplit,
  moveaxis,
  narrowCopy,
  ravel,
  rowStack,
  splitWithSizes,
  swapaxes,
  swapdims,
  trilIndices,
  triuIndices,
  unravelIndex,
  vander,
  vsplit,
} from './families/assembly';
export {
  cholesky,
  choleskyInverse,
  choleskySolve,
  ger,
  luSolve,
  luUnpack,
  matrixExp,
  pinverse,
  qr,
  svd,
  type UsvDecomposition,
} from './families/linalg';
export * from './families/math';
export {
  bitwiseLeftShift,
  bitwiseRightShift,
  type CovOptions,
  corrcoef,
  cov,
  cumulativeTrapezoid,
  dist,
  type Frexp,
  floatPower,
  frexp,
  type GradientOptions,
  gcd,
  gcd_,
  gradient,
  greater,
  greaterEqual,
  type IsinOptions,
  isin,
  isneginf,
  isposinf,
  isreal,
  lcm,
  lcm_,
  ldexp,
  ldexp_,
  less,
  lessEqual,
  nextafter,
  notEqual,
  renorm,
  type TrapezoidOptions,
  trapezoid,
  trapz,
} from './families/numeric';
export * from './families/rootInPlace';
export {
  diagonalScatter,
  indexPut,
  indexPut_,
  indexReduce,
  put,
  scatterReduce,
  selectScatter,
  sliceScatter,
} from './families/scattering';
export * from './families/sorting';
export { i0, i0_, igamma, igammac, mvlgamma } from './families/special';
export { bilinear } from './gates';
export { gather, indexAdd, indexSelect, narrow, scatterAdd, select, takeAlongDim } from './indexing';
export { cat, chunk, split, stack, unbind } from './join';
export * as linalg from './linalg';
export { chainMatmul } from './linalg/multiDot';
export { det, inv as inverse, logdet, matrixPower, slogdet } from './linalg/systems';
export {
  indexCopy,
  indexFill,
  maskedFill,
  maskedScatter,
  maskedSelect,
  scatter,
  take,
} from './masked';
export { addmm, bmm, dot, matmul, mm, mv, outer } from './matmul';
export type { ValuesIndices } from './named';
export { nonzero } from './nonzero';
export { norm } from './norm';
export { hardshrink, prelu, relu, relu_, rrelu, rrelu_, threshold, threshold_ } from './piecewise';
export {
  abs,
  ceil,
  cos,
  erf,
  exp,
  expm1,
  floor,
  isfinite,
  isinf,
  isnan,
  log,
  log1p,
  neg,
  reciprocal,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  tanh,
  trunc,
  where,
} from './pointwise';
export {
  addbmm,
  addmv,
  addr,
  baddbmm,
  cdist,
  cross,
  inner,
  kron,
  tensordot,
  trace,
  vdot,
} from './products';
export { all, any, countNonzero, cumsum, mean, nansum, prod, sum } from './reduce';
export {
  broadcastTensors,
  broadcastTo,
  flatten,
  movedim,
  permute,
  reshape,
  squeeze,
  t,
  transpose,
  unflatten,
  unsqueeze,
} from './shape';
export { channelShuffle, pixelShuffle, pixelUnshuffle } from './shuffle';
export { logSoftmax, logsumexp, softmax } from './softmax';
export * as special from './specialNamespace';
export { std, variance as var } from './statistics';
export { Slice, type Subscript, slice } from './subscript';
export {
  bartlettWindow,
  blackmanWindow,
  hammingWindow,
  hannWindow,
  kaiserWindow,
  type WindowOptions,
} from './windows';
