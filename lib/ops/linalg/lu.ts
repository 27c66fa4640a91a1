import { readArgs } from '../../args';
import { runMulti } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { noGrad } from '../../tensor/context';
import { arange, fromTypedArray } from '../../tensor/creation';
import { record } from '../../tensor/op';
import { Tensor } from '../../tensor/tensor';
import { checkTensor } from '../define';
import { takeAlong } from '../gatherScatter';
import { narrow } from '../indexing';
import { cat } from '../join';
import { matmul } from '../matmul';
import { type Named, named } from '../named';
import { checkFloat, checkMatrices, checkSquare, eyeLike } from './check';
import { solveTriangular } from './systems';

/** `[LU, pivots]`. */
export interface LUFactor extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly LU: Tensor;
  readonly pivots: Tensor;
}

/** `[P, L, U]`. */
export interface LU extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly 2: Tensor;
  readonly length: 3;
  readonly P: Tensor;
  readonly L: Tensor;
  readonly U: Tensor;
}

export interface PivotOptions {
  /** Exchanging rows; without it is not implemented. */
  pivot?: boolean;
}

function readPivot(where: string, A: Tensor, options: PivotOptions): void {
  checkTensor(where, A, 'A');
  if (A.ndim < 2) {
    throw new RuntimeError(
      `torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: [${A.shape.join(', ')}] instead`,
    );
  }
  checkFloat(where, A);
  if (readArgs(where, [options], { pivot: true }, 0).pivot) return;
  throw new RuntimeError(`${where}: LU without pivoting is not implemented on the CPU`);
}

/** L below the diagonal and U in one matrix, the order of the rows of A in it, and LAPACK's pivots. */
function factorize(A: Tensor): { factors: Tensor; order: Tensor; pivots: Tensor } {
  const [m, n] = A.shape.slice(-2) as [number, number];
  const { order, pivots } = orderOf(A);
  const rows = takeAlong(
    A,
    A.ndim - 2,
    order
      .unsqueeze(-1)
      .expand([...A.shape])
      .contiguous(),
  );
  if (m === n) return { factors: squareFactors(rows), order, pivots };
  // What goes beyond the square part follows from it, in derivatives, too.
  const k = Math.min(m, n);
  const dim = m < n ? -1 : -2;
  const [square, rest] = [narrow(rows, dim, 0, k), narrow(rows, dim, k, Math.abs(m - n))];
  const inner = squareFactors(square);
  const outer =
    m < n
      ? solveTriangular(inner, rest, { upper: false, unitriangular: true })
      : solveTriangular(inner, rest, { upper: true, left: false });
  return { factors: cat([inner, outer], dim), order, pivots };
}

function orderOf(A: Tensor): { order: Tensor; pivots: Tensor } {
  const [factors, order, pivots] = runMulti('LuFactors', { x: A._value }).map((value) => Tensor._of(value));
  factors!.dispose();
  return { order: order!.int(), pivots: pivots!.int() };
}

/** Of square matrices whose rows are in order. */
function squareFactors(A: Tensor): Tensor {
  const [value, ...rest] = runMulti('LuFactors', { x: A._value });
  for (const other of rest) other.dispose();
  const gradient = (g: Tensor, F: Tensor) => {
    const [L, U] = [F.tril(-1).add(eyeLike(F)), F.triu()];
    const inside = matmul(L.mT, g.tril(-1)).tril(-1).add(matmul(g.triu(), U.mT).triu());
    const left = solveTriangular(L.mT, inside, { upper: true, unitriangular: true });
    return solveTriangular(U.mT, left, { upper: false, left: false });
  };
  return record(value!, { name: 'LinalgLuFactorEx', inputs: [A] }, (F) => [(g) => gradient(g!, F)], true);
}

/**
 * A = P L U in compact form, for A [*, m, n]: L (whose diagonal is 1) below the diagonal of LU, U on and above it; and LAPACK's
 * pivots (int32, from 1). A zero on U's diagonal is an error. See torch.linalg.lu_factor.
 */
export function luFactor(A: Tensor, options: PivotOptions = {}): LUFactor {
  readPivot('linalg.lu_factor', A, options);
  const { factors, pivots } = factorize(A);
  const zero = noGrad(() => factors.diagonal(0, { dim1: -2, dim2: -1 }).eq(0));
  if (zero.any().item()) {
    const at = (zero.reshape(-1).toTypedArray().indexOf(1) % zero.shape.at(-1)!) + 1;
    throw new RuntimeError(
      `torch.linalg.lu_factor: U[${at},${at}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)`,
    );
  }
  return named([factors, pivots], ['LU', 'pivots']);
}

/** A = P L U, for A [*, m, n]: P a permutation, L [*, m, k] with ones on its diagonal, U [*, k, n]. See torch.linalg.lu. */
export function lu(A: Tensor, options: PivotOptions = {}): LU {
  readPivot('linalg.lu', A, options);
  const { factors, order } = factorize(A);
  return named([permutation(order), ...triangles(factors)], ['P', 'L', 'U']);
}

/** The matrix whose column i has its one in row `order[i]`. */
function permutation(order: Tensor): Tensor {
  return arange(order.shape.at(-1)!).unsqueeze(-1).eq(order.unsqueeze(-2)).float();
}

function triangles(factors: Tensor): [Tensor, Tensor] {
  const [m, n] = factors.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const L = narrow(factors, -1, 0, k).tril(-1);
  const ones = arange(m).unsqueeze(-1).eq(arange(k)).float();
  return [L.add(ones), narrow(factors, -2, 0, k).triu()];
}

/** The order of `size` rows that exchanges, one after the other, with LAPACK's `pivots` give. Reads them. */
function orderFromPivots(pivots: Tensor, size: number): Tensor {
  const k = pivots.shape.at(-1)!;
  const flat = pivots.toTypedArray();
  const orders = Array.from({ length: k === 0 ? 0 : flat.length / k }, (_, batch) => {
    const order = Array.from({ length: size }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const other = flat[batch * k + i]! - 1;
      [order[i], order[other]] = [order[other]!, order[i]!];
    }
    return order;
  });
  return fromTypedArray(Int32Array.from(orders.flat()), [...pivots.shape.slice(0, -1), size]);
}

export interface UnpackOptions {
  unpackData?: boolean;
  unpackPivots?: boolean;
}

/** What {@link luFactor} gave, as P, L and U; empty where not asked for. See torch.lu_unpack. */
export function luUnpack(LU: Tensor, pivots: Tensor, options: UnpackOptions = {}): LU {
  const { unpackData, unpackPivots } = readArgs('luUnpack', [options], { unpackData: true, unpackPivots: true }, 0);
  checkTensor('lu_unpack', pivots, 'LU_pivots');
  checkMatrices('lu_unpack', LU, 'LU_data');
  if (pivots.dtype !== 'int32') {
    throw new RuntimeError(
      `torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype, got ${pivots.dtype}`,
    );
  }
  const none = () => fromTypedArray(new Float32Array(0), [0]);
  const P = unpackPivots ? permutation(orderFromPivots(pivots, LU.shape.at(-2)!)) : none();
  return named([P, ...(unpackData ? triangles(LU) : [none(), none()])], ['P', 'L', 'U']);
}

export interface LuSolveOptions {
  /** False solves X A = B. */
  left?: boolean;
  /** Takes Aᵀ for A. */
  adjoint?: boolean;
}

/** The X of A X = B for the A that {@link luFactor} gave `LU` and `pivots` for. See torch.linalg.lu_solve. */
export function luSolve(LU: Tensor, pivots: Tensor, B: Tensor, ...rest: [options?: LuSolveOptions]): Tensor {
  const { left, adjoint } = readArgs('linalg.lu_solve', rest, { left: true, adjoint: false }, 0);
  checkTensor('linalg.lu_solve', pivots, 'pivots');
  checkSquare('linalg.lu_solve', LU);
  checkMatrices('linalg.lu_solve', B, 'B');
  if (!left) return luSolve(LU, pivots, B.mT, { adjoint: !adjoint }).mT;
  const P = permutation(orderFromPivots(pivots, LU.shape.at(-1)!));
  if (!adjoint) {
    const inner = solveTriangular(LU, matmul(P.mT, B), { upper: false, unitriangular: true });
    return solveTriangular(LU, inner, { upper: true });
  }
  const inner = solveTriangular(LU.mT, B, { upper: false });
  return matmul(P, solveTriangular(LU.mT, inner, { upper: true, unitriangular: true }));
}
