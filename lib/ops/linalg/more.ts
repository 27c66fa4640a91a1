/** Products, powers, tensors as matrices, least squares. */
import { type Optional, readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { noGrad } from '../../tensor/context';
import { fromTypedArray } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { checkArray, checkTensor, normalDim } from '../define';
import { sameShape } from '../dims';
import { narrow } from '../indexing';
import { permuteTo, reshapeTo } from '../layout';
import { matmul } from '../matmul';
import { type Named, named } from '../named';
import { powersOf } from '../rearrange';
import { checkFloat, checkMatrices } from './check';
import { matrixRank, pinv, svdvals } from './spectral';
import { inv, solve } from './systems';

/** The dot products of vectors along `dim`, which broadcast. See torch.linalg.vecdot. */
export function vecdot(x: Tensor, y: Tensor, ...rest: Optional<'dim', number>): Tensor {
  checkFloat('linalg.vecdot', x);
  checkFloat('linalg.vecdot', y);
  return x.mul(y).sum(readArgs('linalg.vecdot', rest, { dim: -1 }).dim);
}

/** The powers 0 … N−1 of each element, in a new last dimension; N by default the size of the last one. See torch.linalg.vander. */
export function vander(x: Tensor, options: { N?: number | null } = {}): Tensor {
  checkTensor('linalg.vander', x, 'x');
  const { N } = readArgs('linalg.vander', [options], { N: null as number | null }, 0);
  if (x.dtype === 'bool') {
    throw new RuntimeError('linalg.vander supports floating point, complex, and integer tensors, but got bool');
  }
  const count = N ?? x.shape.at(-1) ?? 1;
  if (!(count > 1)) throw new RuntimeError('N must be greater than 1.');
  return powersOf(x.ndim === 0 ? reshapeTo(x, [1]) : x, count);
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** The inverse of A taken as a matrix whose rows are its first `ind` dimensions. See torch.linalg.tensorinv. */
export function tensorinv(A: Tensor, ...rest: Optional<'ind', number>): Tensor {
  checkTensor('linalg.tensorinv', A, 'A');
  const { ind } = readArgs('linalg.tensorinv', rest, { ind: 2 });
  if (!(ind > 0)) throw new RuntimeError(`Expected a strictly positive integer for 'ind', but got ${ind}`);
  const [first, last] = [A.shape.slice(0, ind), A.shape.slice(ind)];
  checkSquareTensor('ind', product(last), product(first));
  return reshapeTo(inv(reshapeTo(A, [product(first), product(last)])), [...last, ...first]);
}

function checkSquareTensor(name: string, last: number, first: number): void {
  if (last === first) return;
  throw new RuntimeError(
    `Expected self to satisfy the requirement prod(self.shape[${name}:]) == prod(self.shape[:${name}]), but got ${last} != ${first}`,
  );
}

/** The X of A · X = B, summed over X's dimensions, after moving the dimensions `dims` of A to the end. See torch.linalg.tensorsolve. */
export function tensorsolve(A: Tensor, B: Tensor, ...rest: Optional<'dims', readonly number[] | null>): Tensor {
  checkTensor('linalg.tensorsolve', A, 'A');
  checkTensor('linalg.tensorsolve', B, 'B');
  const { dims } = readArgs('linalg.tensorsolve', rest, { dims: null as readonly number[] | null });
  if (dims !== null) checkArray('linalg.tensorsolve', dims, 'dims');
  const last = (dims ?? []).map((d) => normalDim(d, A.ndim));
  const others = A.shape.map((_, i) => i).filter((i) => !last.includes(i));
  const moved = last.length > 0 ? permuteTo(A, [...others, ...last]) : A;
  const shape = moved.shape.slice(B.ndim);
  checkSquareTensor('other.ndim', product(shape), product(moved.shape.slice(0, B.ndim)));
  const flat = reshapeTo(B, [B._size]);
  return reshapeTo(solve(reshapeTo(moved, [B._size, product(shape)]), flat), shape);
}

/** The `offset`-th diagonals of matrices, by default in the last two dimensions. See torch.linalg.diagonal. */
export function diagonal(A: Tensor, options: { offset?: number; dim1?: number; dim2?: number } = {}): Tensor {
  checkTensor('linalg.diagonal', A, 'A');
  const { offset, ...dims } = readArgs('linalg.diagonal', [options], { offset: 0, dim1: -2, dim2: -1 }, 0);
  return A.diagonal(offset, dims);
}

/** `[solution, residuals, rank, singularValues]`. */
export interface LeastSquares extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly 2: Tensor;
  readonly 3: Tensor;
  readonly length: 4;
  readonly solution: Tensor;
  readonly residuals: Tensor;
  readonly rank: Tensor;
  readonly singularValues: Tensor;
}

const DRIVERS = ['gels', 'gelsy', 'gelsd', 'gelss'] as const;
export type LeastSquaresDriver = (typeof DRIVERS)[number];

export interface LeastSquaresOptions {
  /** What LAPACK's driver of this name gives is given; all are computed by {@link pinv}. */
  driver?: LeastSquaresDriver | null;
}

/**
 * The X that makes ‖A X − B‖ least, of smallest norm, for A [*, m, n] and B [*, m, k], or vectors; singular values up to `rcond`
 * times the largest count as 0. The rank is given but by 'gels', the squared residuals (of m > n and full rank) but by 'gelsy'
 * (the default), the singular values by 'gelsd' and 'gelss'. See torch.linalg.lstsq.
 */
export function lstsq(
  A: Tensor,
  B: Tensor,
  ...rest: Optional<'rcond', number | null, LeastSquaresOptions>
): LeastSquares {
  const where = 'torch.linalg.lstsq';
  const defaults = { rcond: null as number | null, driver: null as string | null };
  const { rcond, driver } = readArgs(where, rest, defaults);
  checkTensor(where, A, 'A');
  checkTensor(where, B, 'B');
  if (A.ndim < 2) throw new RuntimeError(`${where}: input must have at least 2 dimensions.`);
  checkMatrices(where, A, 'input');
  const kind = driver ?? 'gelsy';
  if (!DRIVERS.includes(kind as LeastSquaresDriver)) {
    throw new RuntimeError(`${where}: parameter \`driver\` should be one of (gels, gelsy, gelsd, gelss)`);
  }
  const vector = B.ndim === A.ndim - 1 && sameShape(B.shape, A.shape.slice(0, -1));
  const b = vector ? B.unsqueeze(-1) : B;
  if (b.ndim < 2 || b.shape.at(-2) !== A.shape.at(-2)) {
    throw new RuntimeError(`${where}: input.size(-2) should match other.size(-2)`);
  }
  const x = matmul(pinv(A, rcond === null ? {} : { rtol: rcond }), b);
  const rank = matrixRank(A, rcond === null ? {} : { rtol: rcond });
  const [m, n] = A.shape.slice(-2) as [number, number];
  const none = () => fromTypedArray(new Float32Array(0), [0]);
  const known = kind !== 'gelsy' && m > n && (kind === 'gels' || Boolean(rank.eq(n).all().item()));
  // What there is none of has a history all the same, as in PyTorch.
  const residuals = known ? matmul(A, x).sub(b).square().sum(-2) : narrow(x.reshape(-1), 0, 0, 0);
  return named(
    [
      vector ? x.squeeze(-1) : x,
      residuals,
      kind === 'gels' ? none().int() : rank,
      kind === 'gelsd' || kind === 'gelss' ? noGrad(() => svdvals(A)) : none(),
    ],
    ['solution', 'residuals', 'rank', 'singularValues'],
  );
}
