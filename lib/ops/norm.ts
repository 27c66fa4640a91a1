import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import type { Dims } from './dims';
import { matrixNorm } from './linalg/norms';
import { pNorm } from './pNorm';
import type { ReduceOptions } from './reduce';

/** Which norm: a number (±Infinity too), 'fro', which is 2, or 'nuc', of matrices. */
export type NormOrder = number | 'fro' | 'nuc';
type Named = ReduceOptions & { p?: NormOrder | null; dim?: Dims | null };
export type NormArgs =
  | [options?: Named]
  | [p?: NormOrder | null, options?: Named]
  | [p?: NormOrder | null, dim?: Dims | null, options?: Named];

const DEFAULTS = {
  p: 'fro' as NormOrder | null,
  dim: null as Dims | null,
  keepdim: false,
  dtype: null as string | null,
};

/**
 * The p-norm over `dim`, (Σ|x|ᵖ)^(1/p); p 'fro' (the default) is 2, ±Infinity the largest or smallest |x|, 0 the number of
 * non-zeros, 'nuc' the sum of a matrix' singular values. Its gradient where it is 0 is 0. See torch.norm.
 */
export function norm(input: Tensor, ...rest: NormArgs): Tensor {
  checkTensor('norm', input);
  const { p, dim, ...options } = readArgs('norm', rest, DEFAULTS, 2);
  if (p === 'nuc') return matrixNorm(input, 'nuc', dim === null ? [-2, -1] : [dim].flat(), options);
  if (p !== null && p !== 'fro' && typeof p !== 'number') {
    throw new RuntimeError(`norm: p must be a number, 'fro' or 'nuc', got ${String(p)}`);
  }
  return pNorm(input, typeof p === 'number' ? p : 2, dim, options);
}
