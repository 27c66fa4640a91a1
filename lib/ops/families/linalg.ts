/** Linear algebra that PyTorch has in the root namespace and as methods. */
import { noMore, type Optional, readArgs } from '../../args';
import type { Tensor } from '../../tensor/tensor';
import { choleskyInverse, choleskySolve } from '../linalg/cholesky';
import { matrixExp } from '../linalg/exponential';
import * as factors from '../linalg/factors';
import * as lu from '../linalg/lu';
import * as spectral from '../linalg/spectral';
import { outer } from '../matmul';
import { type Named, named } from '../named';

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
  return spectral.pinv(input, { rtol: readArgs('pinverse', rest, { rcond: 1e-15 }).rcond });
}

/** As `linalg.cholesky`; with `upper` the factor's transpose. See torch.cholesky. */
export function cholesky(input: Tensor, ...rest: Optional<'upper', boolean>): Tensor {
  return factors.cholesky(input, readArgs('cholesky', rest, { upper: false }));
}

/** As `linalg.qr`, reduced if `some`, else complete. See torch.qr. */
export function qr(input: Tensor, ...rest: Optional<'some', boolean>): factors.QR {
  return factors.qr(input, readArgs('qr', rest, { some: true }).some ? 'reduced' : 'complete');
}

/** U, S and V, the transpose of `linalg.svd`'s Vh, by these names. */
export interface UsvDecomposition extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly 2: Tensor;
  readonly length: 3;
  readonly U: Tensor;
  readonly S: Tensor;
  readonly V: Tensor;
}

/**
 * A = U diag(S) Vᵀ, reduced if `some`; without `computeUv` U [*, m, m] and V [*, n, n] are zeros. See torch.svd, and
 * `linalg.svd`, which gives Vᵀ.
 */
export function svd(input: Tensor, ...rest: Optional<'some', boolean, { computeUv?: boolean }>): UsvDecomposition {
  const { some, computeUv } = readArgs('svd', rest, { some: true, computeUv: true });
  if (computeUv) {
    const { U, S, Vh } = spectral.svd(input, !some);
    return named([U, S, Vh.mT], ['U', 'S', 'V']);
  }
  const S = spectral.svdvals(input);
  const [batch, [m, n]] = [input.shape.slice(0, -2), input.shape.slice(-2) as [number, number]];
  return named([input.newZeros([...batch, m, m]), S, input.newZeros([...batch, n, n])], ['U', 'S', 'V']);
}

/** As {@link outer}. See torch.ger. */
export function ger(input: Tensor, vec2: Tensor): Tensor {
  noMore('ger(input, vec2)', arguments.length, 2);
  return outer(input, vec2);
}

/** Their first argument is the method's self. */
export const linalgMethods = {
  ...{ cholesky, choleskyInverse, choleskySolve, ger, luSolve, matrixExp, pinverse, qr, svd },
};
