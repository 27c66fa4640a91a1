import { noMore, readArgs } from '../../args';
import { run, runMulti } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { tensor } from '../../tensor/creation';
import { record, recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { broadcastShape, checkTensor } from '../define';
import { sameShape } from '../dims';
import { expandTo } from '../layout';
import { matmul } from '../matmul';
import { type Named, named } from '../named';
import { where } from '../pointwise';
import { asMatrix, checkMatrices, checkSquare, eyeLike, incompatible, runMatrix } from './check';

const SINGULAR = {
  where: 'linalg.inv',
  say: (order: number) =>
    `The diagonal element ${order} is zero, the inversion could not be completed because the input matrix is singular.`,
};

/** The inverse of square matrices [*, n, n]; a singular one is a LinAlgError. See torch.linalg.inv. */
export function inv(A: Tensor): Tensor {
  noMore('inv(A)', arguments.length, 1);
  checkSquare('linalg.inv', A);
  const value = runMatrix('MatrixInverse', { x: A._value }, {}, SINGULAR);
  const node = { name: 'LinalgInvEx', inputs: [A] };
  return record(value, node, (y) => [(g) => matmul(matmul(y.mT, g!), y.mT).neg()], true);
}

/** The determinant of square matrices [*, n, n]. See torch.linalg.det. */
export function det(A: Tensor): Tensor {
  noMore('det(A)', arguments.length, 1);
  checkSquare('linalg.det', A);
  const value = run('MatrixDeterminant', { x: A._value });
  return record(value, { name: 'LinalgDet', inputs: [A], saves: [A] }, () => [(g) => asMatrix(g!).mul(cofactors(A))]);
}

/** det(A)·A⁻ᵀ, also of a singular matrix; its own derivative takes the inverse. */
function cofactors(A: Tensor): Tensor {
  const value = run('Cofactors', { x: A._value });
  return record(value, { name: 'Cofactors', inputs: [A], saves: [A] }, () => [
    (g) => {
      const y = inv(A).mT;
      const along = g!.mul(y).sum([-2, -1], { keepdim: true });
      return asMatrix(det(A)).mul(along.mul(y).sub(matmul(matmul(y, g!.mT), y)));
    },
  ]);
}

/** `[sign, logabsdet]`. */
export interface SignLogabsdet extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly sign: Tensor;
  readonly logabsdet: Tensor;
}

/** Sign and logarithm of the absolute value of the determinant: 0 and −∞ for a singular matrix. See torch.linalg.slogdet. */
export function slogdet(A: Tensor): SignLogabsdet {
  noMore('slogdet(A)', arguments.length, 1);
  checkSquare('linalg.slogdet', A);
  const values = runMulti('LogMatrixDeterminant', { x: A._value });
  const outs = recordMulti(values, { name: 'LinalgSlogdet', inputs: [A], saves: [A] }, () => ([, g]) => [
    g ? asMatrix(g).mul(inv(A).mT) : A.mul(0),
  ]);
  return named(outs, ['sign', 'logabsdet']);
}

/** The logarithm of the determinant, NaN where it is negative. See torch.logdet. */
export function logdet(input: Tensor): Tensor {
  noMore('logdet(input)', arguments.length, 1);
  const [sign, logabsdet] = slogdet(input);
  return where(sign.lt(0), NaN, logabsdet);
}

const UNSOLVABLE = {
  where: 'torch.linalg.solve',
  say: () => 'The solver failed because the input matrix is singular.',
};

export interface SolveOptions {
  /** False solves X A = B. */
  left?: boolean;
}

/**
 * The X of A X = B, for A [*, n, n] and B [*, n, k], or a vector [n] (or a batch of them, in the shape of A without its
 * last dimension). A singular A is a LinAlgError. See torch.linalg.solve.
 */
export function solve(A: Tensor, B: Tensor, ...rest: [options?: SolveOptions]): Tensor {
  const { left } = readArgs('linalg.solve', rest, { left: true }, 0);
  checkSquare('linalg.solve', A);
  checkTensor('linalg.solve', B, 'B');
  if (A.dtype !== B.dtype) {
    throw new RuntimeError(
      `linalg.solve: Expected A and B to have the same dtype, but found A of type ${A.dtype} and B of type ${B.dtype} instead`,
    );
  }
  const vector = B.ndim === 1 || (B.ndim === A.ndim - 1 && sameShape(B.shape, A.shape.slice(0, -1)));
  if (vector && !left) {
    throw new RuntimeError('linalg.solve: Vector broadcasting of the left hand side is not supported for left=False.');
  }
  const b = vector ? B.unsqueeze(-1) : B;
  if (b.shape.at(left ? -2 : -1) !== A.shape.at(-1)) throw incompatible('linalg.solve', A, b, left);
  const [x, y] = sameBatch(A, b);
  const result = left ? solved(x, y) : solved(x.mT, y.mT).mT;
  return vector ? result.squeeze(-1) : result;
}

function sameBatch(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const wide = (x: Tensor) =>
    x.ndim - 2 === batch.length && sameShape(x.shape.slice(0, -2), batch)
      ? x
      : expandTo(x, [...batch, ...x.shape.slice(-2)]);
  return [wide(a), wide(b)];
}

function solved(A: Tensor, B: Tensor): Tensor {
  const value = runMatrix('MatrixSolve', { a: A._value, b: B._value }, {}, UNSOLVABLE);
  const node = { name: 'LinalgSolveEx', inputs: [A, B], saves: [A] };
  return record(value, node, (X) => [(g) => matmul(solved(A.mT, g!), X.mT).neg(), (g) => solved(A.mT, g!)], true);
}

const TRIANGULAR = 'linalg.solve_triangular';

export interface TriangularOptions extends SolveOptions {
  /** Which triangle of A is read. */
  upper: boolean;
  /** Takes the diagonal of A as ones. */
  unitriangular?: boolean;
}

/** The X of A X = B for triangular A [*, n, n] and B [*, n, k]; nothing outside the triangle is read. See torch.linalg.solve_triangular. */
export function solveTriangular(A: Tensor, B: Tensor, options: TriangularOptions): Tensor {
  noMore('solveTriangular(A, B, options)', arguments.length, 3);
  const defaults = { upper: null as boolean | null, left: true, unitriangular: false };
  const { upper, left, unitriangular } = readArgs(TRIANGULAR, [options], defaults, 0);
  if (upper === null) throw new TypeError(`${TRIANGULAR}() missing 1 required keyword-only argument: 'upper'`);
  checkMatrices(TRIANGULAR, B, 'B');
  checkSquare(TRIANGULAR, A);
  if (A.shape.at(-1) !== B.shape.at(left ? -2 : -1)) throw incompatible(TRIANGULAR, A, B, left);
  const [a, b] = sameBatch(A, B);
  const t = unitriangular ? (upper ? a.triu(1) : a.tril(-1)).add(eyeLike(a)) : a;
  return left ? triangular(t, b, !upper) : triangular(t.mT, b.mT, upper).mT;
}

/** T⁻¹ B, its gradient in T within T's triangle. */
function triangular(T: Tensor, B: Tensor, lower: boolean): Tensor {
  const value = run('TriangularSolve', { a: T._value, b: B._value }, { lower });
  const node = { name: 'LinalgSolveTriangular', inputs: [T, B], saves: [T] };
  const within = (x: Tensor) => (lower ? x.tril() : x.triu());
  return record(
    value,
    node,
    (X) => [(g) => within(matmul(triangular(T.mT, g!, !lower), X.mT).neg()), (g) => triangular(T.mT, g!, !lower)],
    true,
  );
}

/** A multiplied n times with itself, for n < 0 its inverse, for 0 the identity. See torch.linalg.matrix_power. */
export function matrixPower(A: Tensor, n: number): Tensor {
  noMore('matrixPower(A, n)', arguments.length, 2);
  checkSquare('linalg.matrix_power', A);
  if (!Number.isInteger(n)) throw new TypeError(`linalg.matrix_power: n must be an integer, got ${n}`);
  if (n === 0) return where(tensor(false), A, eyeLike(A));
  return power(n < 0 ? inv(A) : A, Math.abs(n));
}

function power(x: Tensor, n: number): Tensor {
  if (n === 1) return x;
  const half = power(x, n >> 1);
  const square = matmul(half, half);
  return n % 2 ? matmul(square, x) : square;
}
