import { noMore } from '../../args';
import { run } from '../../backend/engine';
import { noGrad } from '../../tensor/context';
import { fromTypedArray } from '../../tensor/creation';
import { record } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { narrow } from '../indexing';
import { cat } from '../join';
import { matmul } from '../matmul';
import { where } from '../pointwise';
import { checkSquare, eyeLike } from './check';

/** Up to this norm 15 terms of the series are exact in float32. */
const NORM = 1.5;

/**
 * e^A = Σ Aᵏ/k! of square matrices [*, n, n], by scaling and squaring. Reads their norms. Its gradient is a block of the
 * exponential of [[Aᵀ, G], [0, Aᵀ]]. See torch.linalg.matrix_exp.
 */
export function matrixExp(A: Tensor): Tensor {
  noMore('matrixExp(A)', arguments.length, 1);
  checkSquare('linalg.matrix_exp', A);
  const n = A.shape.at(-1)!;
  if (A._size === 0) return A.clone();
  const value = run('Identity', { x: noGrad(() => exponential(A))._value });
  const gradient = (g: Tensor) => {
    const blocks = cat([cat([A.mT, g], -1), cat([A.mul(0), A.mT], -1)], -2);
    return narrow(narrow(matrixExp(blocks), -2, 0, n), -1, n, n);
  };
  return record(value, { name: 'LinalgMatrixExp', inputs: [A], saves: [A] }, () => [(g) => gradient(g!)]);
}

function exponential(A: Tensor): Tensor {
  const norms = A.abs().sum(-2).amax(-1).toTypedArray();
  const halvings = Float32Array.from(norms, (x) =>
    x > NORM && Number.isFinite(x) ? Math.ceil(Math.log2(x / NORM)) : 0,
  );
  const most = halvings.reduce((a, b) => Math.max(a, b), 0);
  const times = fromTypedArray(halvings, [...A.shape.slice(0, -2), 1, 1]);
  let result = series(A.div(times.exp2()));
  for (let i = 0; i < most; i++) result = where(times.gt(i), matmul(result, result), result);
  return result;
}

/** Σ Aᵏ/k!, k < 15, as a polynomial in A³. */
function series(A: Tensor): Tensor {
  const square = matmul(A, A);
  const cube = matmul(square, A);
  let inverse = 1;
  const terms = Array.from({ length: 15 }, (_, k) => (k < 2 ? 1 : (inverse /= k)));
  const part = (k: number) =>
    eyeLike(A)
      .mul(terms[k]!)
      .add(A.mul(terms[k + 1]!))
      .add(square.mul(terms[k + 2]!));
  return [9, 6, 3, 0].reduce((sum, k) => part(k).add(matmul(sum, cube)), part(12));
}
