/** torch.linalg. */

import { type Optional, readArgs } from '../../args';
import type { Tensor } from '../../tensor/tensor';
import { checkTensor } from '../define';
import { crossAlong } from '../products';

export { matmul } from '../matmul';
export { LinAlgError } from './check';
export { matrixExp } from './exponential';
export { cholesky, type QR, qr } from './factors';
export { type CheckOptions, type CholeskyEx, choleskyEx, type InvEx, invEx, type SolveEx, solveEx } from './info';
export { type LU, type LUFactor, type LuSolveOptions, lu, luFactor, luSolve, type PivotOptions } from './lu';
export {
  diagonal,
  type LeastSquares,
  type LeastSquaresDriver,
  type LeastSquaresOptions,
  lstsq,
  tensorinv,
  tensorsolve,
  vander,
  vecdot,
} from './more';
export { multiDot } from './multiDot';
export { cond, type MatrixOrder, matrixNorm, norm, vectorNorm } from './norms';
export {
  type Eigh,
  eigh,
  eigvalsh,
  matrixRank,
  pinv,
  type SVD,
  svd,
  svdvals,
} from './spectral';
export { det, inv, matrixPower, type SignLogabsdet, slogdet, solve, solveTriangular } from './systems';

/** The cross product of 3-vectors along `dim`, by default the last. See torch.linalg.cross. */
export function cross(input: Tensor, other: Tensor, ...rest: Optional<'dim', number>): Tensor {
  checkTensor('linalg.cross', input);
  checkTensor('linalg.cross', other, 'other');
  return crossAlong(input, other, readArgs('linalg.cross', rest, { dim: -1 }).dim);
}
