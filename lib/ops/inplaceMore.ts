/** In-place forms of triangles, running sums and products of matrices. */

import { type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { checkScalar } from '../tensor/check';
import { fromTypedArray } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { tril, triu } from './arrange';
import { cumprod } from './cumulative';
import { inPlace, inPlaceOf } from './inplace';
import { addmm } from './matmul';
import { trunc } from './pointwise';
import { addbmm, addmv, addr, baddbmm } from './products';
import { putFlat } from './putFlat';
import { cumsum } from './reduce';

/** In-place tril. See torch.Tensor.tril_. */
export const tril_: typeof tril = inPlaceOf('tril_', tril);
/** In-place triu. See torch.Tensor.triu_. */
export const triu_: typeof triu = inPlaceOf('triu_', triu);
/** In-place cumsum. See torch.Tensor.cumsum_. */
export const cumsum_: typeof cumsum = inPlaceOf('cumsum_', cumsum);
/** In-place cumprod. See torch.Tensor.cumprod_. */
export const cumprod_: typeof cumprod = inPlaceOf('cumprod_', cumprod);
/** In-place trunc. See torch.Tensor.fix_. */
export const fix_: typeof trunc = inPlaceOf('fix_', trunc);
/** In-place addmm. See torch.Tensor.addmm_. */
export const addmm_: typeof addmm = inPlaceOf('addmm_', addmm);
/** In-place addmv. See torch.Tensor.addmv_. */
export const addmv_: typeof addmv = inPlaceOf('addmv_', addmv);
/** In-place addr. See torch.Tensor.addr_. */
export const addr_: typeof addr = inPlaceOf('addr_', addr);
/** In-place addbmm. See torch.Tensor.addbmm_. */
export const addbmm_: typeof addbmm = inPlaceOf('addbmm_', addbmm);
/** In-place baddbmm. See torch.Tensor.baddbmm_. */
export const baddbmm_: typeof baddbmm = inPlaceOf('baddbmm_', baddbmm);

/**
 * Sets the main diagonal to `fillValue`: of a matrix, with `wrap` again every columns + 1 rows, or of a tensor whose dimensions
 * are all equal. See torch.Tensor.fill_diagonal_.
 */
export function fillDiagonal_(self: Tensor, fillValue: number, ...rest: Optional<'wrap', boolean>): Tensor {
  const { wrap } = readArgs('fillDiagonal_', rest, { wrap: false });
  checkScalar('fillDiagonal_', fillValue, 'fillValue');
  if (self.ndim < 2) throw new RuntimeError('dimensions must larger than 1');
  if (self.ndim > 2 && self.shape.some((n) => n !== self.shape[0])) {
    throw new RuntimeError('all dimensions of input must be of equal length');
  }
  const step = self.shape.reduce((sum, _, i) => sum + self.shape.slice(i + 1).reduce((a, b) => a * b, 1), 0);
  const count = wrap && self.ndim === 2 ? Math.ceil(self._size / step) : Math.min(...self.shape);
  const places = fromTypedArray(
    Int32Array.from({ length: count }, (_, i) => i * step),
    [count],
  );
  return inPlace('fillDiagonal_', self, (x) => {
    const values = fromTypedArray(new Float32Array(count).fill(fillValue), [count]).to(x.dtype);
    return putFlat(x, places, values);
  });
}
