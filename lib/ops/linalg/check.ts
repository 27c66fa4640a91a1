import { type Attrs, run, runMulti, type Value } from '../../backend/engine';
import { MatrixFailure } from '../../backend/kernels/linalgHost';
import { RuntimeError } from '../../errors';
import { eye } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { ontoDiagonals } from '../arrange';
import { checkTensor } from '../define';
import { show } from '../dims';
import { reshapeTo } from '../layout';

/** A matrix that an algorithm cannot take: singular, not positive-definite. See torch.linalg.LinAlgError. */
export class LinAlgError extends RuntimeError {
  override name = 'LinAlgError';
}

/** Matrices are float32 with at least two dimensions. `where` is PyTorch's name of the function. */
export function checkMatrices(where: string, x: Tensor, name = 'A'): void {
  checkTensor(where, x, name);
  if (x.ndim < 2) {
    throw new RuntimeError(`${where}: The input tensor ${name} must have at least 2 dimensions.`);
  }
  checkFloat(where, x);
}

export function checkFloat(where: string, x: Tensor): void {
  checkTensor(where, x);
  if (x.dtype === 'float32') return;
  throw new RuntimeError(`${where}: Expected a floating point or complex tensor as input. Got ${x.dtype}`);
}

export function checkSquare(where: string, x: Tensor): void {
  checkMatrices(where, x);
  const [rows, columns] = x.shape.slice(-2);
  if (rows === columns) return;
  throw new RuntimeError(`${where}: A must be batches of square matrices, but they are ${rows} by ${columns} matrices`);
}

/** `say(order)` describes what is wrong; the batch element goes before it. */
type Refusal = { where: string; say: (order: number) => string };

/** Runs a kernel and puts its refusal of a matrix into PyTorch's words. */
export function runMatrix(kernel: string, inputs: Record<string, Value>, attrs: Attrs, refusal: Refusal): Value {
  return inWords(refusal, inputs, () => run(kernel, inputs, attrs));
}

/** {@link runMatrix} for kernels with several outputs. */
export function runFactors(kernel: string, inputs: Record<string, Value>, attrs: Attrs, refusal: Refusal): Value[] {
  return inWords(refusal, inputs, () => runMulti(kernel, inputs, attrs));
}

function inWords<R>({ where, say }: Refusal, inputs: Record<string, Value>, fn: () => R): R {
  try {
    return fn();
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof MatrixFailure)) throw error;
    const batched = Object.values(inputs)[0]!.rank > 2 ? ` (Batch element ${cause.element}):` : '';
    throw new LinAlgError(`${where}:${batched} ${say(cause.order)}`, { cause });
  }
}

/** Square matrices of the identity in the shape of `x`'s. */
export function eyeLike(x: Tensor): Tensor {
  return eye(x.shape.at(-1)!);
}

/** A vector as a matrix on the diagonal, for each vector of a batch. */
export function diagEmbed(x: Tensor): Tensor {
  return ontoDiagonals(x, 0);
}

/** The main diagonals of matrices. */
export function diagonals(x: Tensor): Tensor {
  return x.diagonal(0, { dim1: -2, dim2: -1 });
}

/** The scalars of a batch as 1×1 matrices, to be multiplied with matrices. */
export function asMatrix(x: Tensor): Tensor {
  return reshapeTo(x, [...x.shape, 1, 1]);
}

/** PyTorch's complaint about the shapes of a linear system. */
export function incompatible(where: string, a: Tensor, b: Tensor, left: boolean): RuntimeError {
  const times = (x: Tensor) => x.shape.slice(-2).join('x');
  return new RuntimeError(
    `${where}: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} (${times(a)} and ${times(b)}), got ` +
      `${show(a.shape)} and ${show(b.shape)}`,
  );
}
