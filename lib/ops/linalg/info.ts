/** Factorisations that say which matrices they could not take, instead of refusing them. */

import { readArgs } from '../../args';
import { MatrixFailure } from '../../backend/kernels/linalgHost';
import { fromTypedArray, zeros } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { checkTensor } from '../define';
import { stack } from '../join';
import { reshapeTo } from '../layout';
import { type Named, named } from '../named';
import { checkSquare, LinAlgError } from './check';
import { cholesky } from './factors';
import { inv, type SolveOptions, solve } from './systems';

export interface CheckOptions {
  /** A matrix that cannot be taken is a LinAlgError all the same. */
  checkErrors?: boolean;
}

/** A result and `info` (int32, in the shape of the batch): 0, or the order at which it failed, counted from 1. */
interface WithInfo extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly info: Tensor;
}

export interface CholeskyEx extends WithInfo {
  readonly L: Tensor;
}

export interface InvEx extends WithInfo {
  readonly inverse: Tensor;
}

export interface SolveEx extends WithInfo {
  readonly result: Tensor;
}

/** The order at which a matrix was refused; any other error is thrown on. */
function orderOf(error: unknown): number {
  for (let at = error as Error | undefined; at; at = at.cause as Error | undefined) {
    if (at instanceof MatrixFailure) return at.order;
  }
  throw error;
}

/** `fn` of the batch of matrices, or where that is refused of each; those refused are `spoilt`. */
function attempt(
  where: string,
  A: Tensor,
  options: CheckOptions,
  fn: (element: number | null) => Tensor,
  spoilt: (element: number) => Tensor,
): [Tensor, Tensor] {
  const { checkErrors } = readArgs(where, [options], { checkErrors: false }, 0);
  const batch = A.shape.slice(0, -2);
  try {
    return [fn(null), zeros(batch, { dtype: 'int32' })];
  } catch (error) {
    orderOf(error);
    if (checkErrors) throw new LinAlgError((error as Error).message.replace(/^[\w.]+:/, `${where}:`), { cause: error });
  }
  const count = batch.reduce((a, b) => a * b, 1);
  const info = new Int32Array(count);
  const parts = Array.from(info, (_, element) => {
    try {
      return fn(element);
    } catch (error) {
      info[element] = orderOf(error);
      return spoilt(element);
    }
  });
  const out = stack(parts);
  return [reshapeTo(out, [...batch, ...out.shape.slice(1)]), fromTypedArray(info, batch)];
}

/** Matrix number `element` of a batch, or all. */
function pick(x: Tensor, element: number | null): Tensor {
  return element === null ? x : x.reshape(-1, ...x.shape.slice(-2)).select(0, element);
}

/**
 * {@link cholesky} with `info` instead of an error; what it says of a matrix that is not positive-definite is not to be used. See
 * torch.linalg.cholesky_ex.
 */
export function choleskyEx(A: Tensor, options: CheckOptions & { upper?: boolean } = {}): CholeskyEx {
  const where = 'linalg.cholesky_ex';
  const { upper, ...check } = readArgs(where, [options], { upper: false, checkErrors: false }, 0);
  checkSquare(where, A);
  const spoilt = (element: number) => (upper ? pick(A, element).triu() : pick(A, element).tril());
  const found = attempt(where, A, check, (element) => cholesky(pick(A, element), { upper }), spoilt);
  return named(found, ['L', 'info']);
}

/** {@link inv} with `info` instead of an error; the inverse of a singular matrix is NaN. See torch.linalg.inv_ex. */
export function invEx(A: Tensor, options: CheckOptions = {}): InvEx {
  checkSquare('linalg.inv_ex', A);
  const spoilt = (element: number) => pick(A, element).mul(Number.NaN);
  return named(
    attempt('linalg.inv_ex', A, options, (element) => inv(pick(A, element)), spoilt),
    ['inverse', 'info'],
  );
}

/** {@link solve} with `info` instead of an error; the solution for a singular matrix is NaN. See torch.linalg.solve_ex. */
export function solveEx(A: Tensor, B: Tensor, options: CheckOptions & SolveOptions = {}): SolveEx {
  const where = 'torch.linalg.solve_ex';
  const { left, ...check } = readArgs(where, [options], { left: true, checkErrors: false }, 0);
  checkTensor(where, B, 'B');
  checkSquare('linalg.solve', A);
  const vector = B.ndim === 1 || B.ndim === A.ndim - 1;
  const b = vector && A.ndim > 2 ? B.unsqueeze(-1) : B;
  const one = (element: number | null) => solve(pick(A, element), element === null ? B : pick(b, element), { left });
  const spoilt = (element: number) => pick(b, element).mul(Number.NaN);
  const [out, info] = attempt(where, A, check, one, spoilt);
  return named([reshapeTo(out, B.shape), info], ['result', 'info']);
}
