/** torch.linalg. */

import { type Optional, readArgs } from '../../args';
import type { Tensor } from '../../tensor/tensor';
import { checkTensor } from '../define';
import { crossAlong } from '../products';

export { matmul } from '../matmul';
export { LinAlgError } from './check';
export { cholesky, type QR, qr } from './factors';
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
