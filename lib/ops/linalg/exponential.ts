import { noMore } from '../../args';
import { run } from '../../backend/engine';
import { record } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { narrow } from '../indexing';
import { cat } from '../join';
import { checkSquare } from './check';

/**
 * e^A = Σ Aᵏ/k! of square matrices [*, n, n], by scaling and squaring. Reads their norms. Its gradient is a block of the
 * exponential of [[Aᵀ, G], [0, Aᵀ]]. See torch.linalg.matrix_exp.
 */
export function matrixExp(A: Tensor): Tensor {
  noMore('matrixExp(A)', arguments.length, 1);
  checkSquare('linalg.matrix_exp', A);
  const n = A.shape.at(-1)!;
  if (A._size === 0) return A.clone();
  const gradient = (g: Tensor) => {
    const blocks = cat([cat([A.mT, g], -1), cat([A.mul(0), A.mT], -1)], -2);
    return narrow(narrow(matrixExp(blocks), -2, 0, n), -1, n, n);
  };
  const value = run('MatrixExponential', { x: A._value });
  return record(value, { name: 'LinalgMatrixExp', inputs: [A], saves: [A] }, () => [(g) => gradient(g!)]);
}
