/** What follows from a Cholesky factor. */
import { type Optional, readArgs } from '../../args';
import { run, type Value } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { record } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { broadcastShape, checkTensor } from '../define';
import { expandTo } from '../layout';
import { matmul } from '../matmul';
import { checkSquare, eyeLike } from './check';

type UpperArgs = Optional<'upper', boolean>;

/** A⁻¹ B for A = L Lᵀ, or Lᵀ L if `upper`. */
const solved = (B: Tensor, L: Tensor, upper: boolean): Value =>
  run('CholeskySolve', { l: L._value, b: B._value }, { lower: !upper });

/** The gradient of L from the half, C, of what A's would be: as PyTorch's, not within L's triangle alone. */
function factorGradient(L: Tensor, half: Tensor, upper: boolean): Tensor {
  const whole = half.add(half.mT);
  return (upper ? matmul(L, whole) : matmul(whole, L)).neg();
}

/**
 * The X of A X = B, for B (`input`) [*, n, k] and the Cholesky factor `L` [*, n, n] of A, lower or `upper` triangular. See
 * torch.cholesky_solve.
 */
export function choleskySolve(input: Tensor, L: Tensor, ...rest: UpperArgs): Tensor {
  checkTensor('choleskySolve', input);
  checkTensor('choleskySolve', L, 'L');
  const { upper } = readArgs('choleskySolve', rest, { upper: false });
  for (const [name, x] of Object.entries({ b: input, u: L })) {
    if (x.ndim < 2)
      throw new RuntimeError(`${name} should have at least 2 dimensions, but has ${x.ndim} dimensions instead`);
  }
  checkSquare('cholesky_solve', L);
  const size = (x: Tensor) => x.shape.slice(-2).join(' by ');
  if (input.shape.at(-2) !== L.shape.at(-1)) {
    throw new RuntimeError(
      `Incompatible matrix sizes for cholesky_solve: each A matrix is ${size(L)} but each b matrix is ${size(input)}`,
    );
  }
  const batch = broadcastShape(input.shape.slice(0, -2), L.shape.slice(0, -2));
  const [B, factor] = [input, L].map((x) => expandTo(x, [...batch, ...x.shape.slice(-2)])) as [Tensor, Tensor];
  return solution(B, factor, upper);
}

function solution(B: Tensor, L: Tensor, upper: boolean): Tensor {
  const value = solved(B, L, upper);
  const node = { name: 'CholeskySolve', inputs: [B, L], saves: [L] };
  return record(
    value,
    node,
    (X) => [(g) => solution(g!, L, upper), (g) => factorGradient(L, matmul(solution(g!, L, upper), X.mT), upper)],
    true,
  );
}

/** The inverse of the A [*, n, n] whose Cholesky factor, lower or `upper` triangular, is `input`. See torch.cholesky_inverse. */
export function choleskyInverse(input: Tensor, ...rest: UpperArgs): Tensor {
  const { upper } = readArgs('choleskyInverse', rest, { upper: false });
  checkSquare('cholesky_inverse', input);
  const eye = expandTo(eyeLike(input), input.shape);
  const value = solved(eye, input, upper);
  const node = { name: 'CholeskyInverse', inputs: [input], saves: [input] };
  const rule = (g: Tensor, X: Tensor) => factorGradient(input, matmul(matmul(X, g), X), upper);
  return record(value, node, (X) => [(g) => rule(g!, X)], true);
}
