import { readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { asDtype } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { checkTensor, normalDim } from '../define';
import { type Dims, show } from '../dims';
import { pNorm } from '../pNorm';
import type { KeepdimOptions } from '../reduce';
import { checkFloat, checkMatrices } from './check';
import { svd, svdvals } from './spectral';
import { inv } from './systems';

export interface NormOptions extends KeepdimOptions {
  /** Convert to this dtype first. */
  dtype?: string | null;
}

/** Which norm of a matrix. */
export type MatrixOrder = 'fro' | 'nuc' | number;

type Args<Order, D> =
  | [options?: NormOptions & { ord?: Order; dim?: D }]
  | [ord?: Order, options?: NormOptions & { dim?: D }]
  | [ord?: Order, dim?: D, options?: NormOptions];

/** The norm of vectors along `dim`, by default of all elements: (Σ|x|^ord)^(1/ord), ±Infinity the largest or smallest |x|. See torch.linalg.vector_norm. */
export function vectorNorm(x: Tensor, ...rest: Args<number, Dims | null>): Tensor {
  const defaults = { ord: 2, dim: null as Dims | null, keepdim: false, dtype: null as string | null };
  const { ord, dim, keepdim, dtype } = readArgs('linalg.vector_norm', rest, defaults, 2);
  if (typeof ord !== 'number') throw new TypeError(`linalg.vector_norm: ord must be a number, got ${String(ord)}`);
  checkTensor('linalg.vector_norm', x);
  return pNorm(x, ord, dim, { keepdim, dtype });
}

/**
 * The norm of matrices in the dimensions `dim`: 'fro' √Σx², 'nuc' the sum of the singular values, ±2 the largest or smallest
 * of them, ±1 the largest or smallest column sum of |x|, ±Infinity row sum. See torch.linalg.matrix_norm.
 */
export function matrixNorm(A: Tensor, ...rest: Args<MatrixOrder, readonly number[]>): Tensor {
  const defaults = {
    ord: 'fro' as MatrixOrder,
    dim: [-2, -1] as readonly number[],
    keepdim: false,
    dtype: null as string | null,
  };
  const { ord, dim, keepdim, dtype } = readArgs('linalg.matrix_norm', rest, defaults, 2);
  const where = 'linalg.matrix_norm';
  checkTensor(where, A);
  const x = dtype === null ? A : A.to(asDtype(where, dtype));
  checkMatrices(where, x);
  if (dim.length !== 2) throw new RuntimeError(`${where}: dim must be a 2-tuple. Got ${show(dim)}`);
  const [rows, columns] = dim.map((d) => normalDim(d, x.ndim)) as [number, number];
  if (rows === columns) throw new RuntimeError(`${where}: dims must be different. Got (${dim[0]}, ${dim[1]})`);
  if (ord === 'fro') return pNorm(x, 2, [rows, columns], { keepdim });
  const size = typeof ord === 'number' ? Math.abs(ord) : ord;
  if (size === 1 || size === Infinity) {
    const [summed, other] = size === 1 ? [rows, columns] : [columns, rows];
    const sums = pNorm(x, 1, summed, { keepdim: true });
    const chosen = (ord as number) > 0 ? largest(sums, other) : sums.amin(other, { keepdim: true });
    return keepdim ? chosen : chosen.squeeze([rows, columns]);
  }
  if (size !== 2 && size !== 'nuc') throw new RuntimeError(`${where}: Order ${ord} not supported.`);
  const s = svdvals(x.movedim([rows, columns], [-2, -1]));
  const result = size === 'nuc' ? s.sum(-1) : ord === 2 ? largest(s, -1).squeeze(-1) : s.amin(-1);
  return keepdim ? [rows, columns].sort((a, b) => a - b).reduce((y, d) => y.unsqueeze(d), result) : result;
}

/** Of nothing it is 0, for no norm is less. */
function largest(x: Tensor, dim: number): Tensor {
  return x.shape.at(dim) === 0 ? x.sum(dim, { keepdim: true }) : x.amax(dim, { keepdim: true });
}

/**
 * Of matrices if `ord` is a name, or `dim` two dimensions, or `ord` is given and A a matrix; else of vectors, by default of
 * all elements. See torch.linalg.norm.
 */
export function norm(A: Tensor, ...rest: Args<MatrixOrder | null, Dims | null>): Tensor {
  const defaults = {
    ord: null as MatrixOrder | null,
    dim: null as Dims | null,
    keepdim: false,
    dtype: null as string | null,
  };
  const { ord, dim, keepdim, dtype } = readArgs('linalg.norm', rest, defaults, 2);
  checkTensor('linalg.norm', A);
  const dims = dim === null ? null : [dim].flat();
  if (dims && dims.length !== 1 && dims.length !== 2) {
    throw new RuntimeError(`linalg.norm: If dim is specified, it must be of length 1 or 2. Got ${show(dims)}`);
  }
  if (!dims && ord !== null && A.ndim !== 1 && A.ndim !== 2) {
    throw new RuntimeError(
      `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${A.ndim}D.`,
    );
  }
  const options = { keepdim, dtype };
  const ofMatrix = typeof ord === 'string' || (ord !== null && (dims ? dims.length === 2 : A.ndim === 2));
  if (!ofMatrix) return vectorNorm(A, (ord as number | null) ?? 2, dims, options);
  return matrixNorm(A, ord, dims ?? [-2, -1], options);
}

/** The condition number ‖A‖·‖A⁻¹‖ in a matrix norm; by default 2, the ratio of the extreme singular values. See torch.linalg.cond. */
export function cond(A: Tensor, ...rest: [p?: MatrixOrder | null | { p?: MatrixOrder | null }]): Tensor {
  const { p } = readArgs('linalg.cond', rest, { p: null as MatrixOrder | null });
  checkMatrices('linalg.cond', A);
  checkFloat('linalg.cond', A);
  const ord = p ?? 2;
  if (Math.abs(ord as number) === 2) {
    const s = svd(A, false).S;
    const k = s.shape.at(-1)!;
    const [largest, smallest] = [s.select(-1, 0), s.select(-1, k - 1)];
    return ord === 2 ? largest.div(smallest) : smallest.div(largest);
  }
  return matrixNorm(A, ord).mul(matrixNorm(inv(A), ord));
}
