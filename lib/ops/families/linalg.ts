/** Linear algebra that PyTorch has in the root namespace and as methods. */
import { noMore, type Optional, readArgs } from '../../args';
import type { Tensor } from '../../tensor/tensor';
import { choleskyInverse, choleskySolve } from '../linalg/cholesky';
import { matrixExp } from '../linalg/exponential';
import * as lu from '../linalg/lu';
import { pinv } from '../linalg/spectral';

export { choleskyInverse, choleskySolve } from '../linalg/cholesky';
export { matrixExp } from '../linalg/exponential';
export { luUnpack, type UnpackOptions } from '../linalg/lu';

/** The X of A X = b for the A that `linalg.luFactor` gave `LUData` and `LUPivots` for. See torch.lu_solve. */
export function luSolve(b: Tensor, LUData: Tensor, LUPivots: Tensor): Tensor {
  noMore('luSolve(b, LUData, LUPivots)', arguments.length, 3);
  return lu.luSolve(LUData, LUPivots, b);
}

/** As `linalg.pinv` with `rtol` for `rcond`. See torch.pinverse. */
export function pinverse(input: Tensor, ...rest: Optional<'rcond', number>): Tensor {
  return pinv(input, { rtol: readArgs('pinverse', rest, { rcond: 1e-15 }).rcond });
}

/** Their first argument is the method's self. */
export const linalgMethods = { choleskyInverse, choleskySolve, luSolve, matrixExp, pinverse };
