import { noMore, type Optional, readArgs } from '../../args';
import { run, runMulti } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { noGrad } from '../../tensor/context';
import { record, recordMulti } from '../../tensor/op';
import { Tensor } from '../../tensor/tensor';
import { maximum } from '../arithmetic';
import { checkOperand } from '../define';
import { narrow } from '../indexing';
import { matmul } from '../matmul';
import { type Named, named } from '../named';
import { where } from '../pointwise';
import { checkFloat, checkMatrices, checkSquare, diagEmbed, eyeLike, runFactors } from './check';

/** `[U, S, Vh]`. */
export interface SVD extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly 2: Tensor;
  readonly length: 3;
  readonly U: Tensor;
  readonly S: Tensor;
  readonly Vh: Tensor;
}

const NOT_FINITE = {
  where: 'linalg.svd',
  say: () => 'The algorithm failed to converge because the input matrix contained non-finite values.',
};

/**
 * A = U diag(S) Vh with the singular values in descending order, for A [*, m, n]: U [*, m, m] and Vh [*, n, n], or without
 * `fullMatrices` [*, m, k] and [*, k, n], k = min(m, n). The signs of the vectors are not determined. See torch.linalg.svd.
 */
export function svd(A: Tensor, ...rest: Optional<'fullMatrices', boolean>): SVD {
  const { fullMatrices } = readArgs('linalg.svd', rest, { fullMatrices: true });
  checkMatrices('linalg.svd', A);
  const [s, u, v] = runFactors('SingularValues', { x: A._value }, { full: fullMatrices }, NOT_FINITE);
  const perm = v!.shape.map((_, i) => i);
  const vh = run('Permute', { x: v! }, { perm: [...perm.slice(0, -2), perm.length - 1, perm.length - 2] });
  v!.dispose();
  const node = { name: 'LinalgSvd', inputs: [A] };
  const rule =
    ([U, S, Vh]: Tensor[]) =>
    ([gU = null, gS = null, gVh = null]: Maybe[]) => {
      const k = S!.shape.at(-1)!;
      // What completes the bases has no derivative.
      const [u, gu] = [U!, gU].map((x) => x && narrow(x, -1, 0, k));
      const [vh, gvh] = [Vh!, gVh].map((x) => x && narrow(x, -2, 0, k));
      return [svdGradient(u!, S!, vh!, gu!, gS!, gvh!)];
    };
  return named(
    recordMulti([u!, s!, vh], node, rule, (outs) => outs),
    ['U', 'S', 'Vh'],
  );
}

type Maybe = Tensor | null;

/** Townsend, Differentiating the singular value decomposition, 2016, https://j-towns.github.io/papers/svd-derivative.pdf. */
function svdGradient(U: Tensor, S: Tensor, Vh: Tensor, gU: Maybe, gS: Maybe, gVh: Maybe): Tensor {
  const skew = (x: Tensor) => x.sub(x.mT);
  const [row, column] = [S.unsqueeze(-2), S.unsqueeze(-1)];
  const gaps = row
    .square()
    .sub(column.square())
    .add(eyeLike(column.mul(row)));
  const parts = [
    gU && skew(matmul(U.mT, gU)).div(gaps).mul(row),
    gVh && column.mul(skew(matmul(Vh, gVh.mT)).div(gaps)),
    gS && diagEmbed(gS),
  ].filter((x) => x !== null);
  let result = matmul(
    U,
    parts.reduce((a, b) => a.add(b)),
  );
  if (gU && U.shape.at(-2)! > S.shape.at(-1)!) {
    result = result.add(gU.sub(matmul(U, matmul(U.mT, gU))).div(row));
  }
  result = matmul(result, Vh);
  if (!gVh || Vh.shape.at(-1)! <= S.shape.at(-1)!) return result;
  return result.add(matmul(U.div(row), gVh.sub(matmul(matmul(gVh, Vh.mT), Vh))));
}

/** The singular values in descending order, [*, k]. See torch.linalg.svdvals. */
export function svdvals(A: Tensor): Tensor {
  noMore('svdvals(A)', arguments.length, 1);
  checkMatrices('linalg.svdvals', A);
  return svd(A, false).S;
}

/** `[eigenvalues, eigenvectors]`. */
export interface Eigh extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly eigenvalues: Tensor;
  readonly eigenvectors: Tensor;
}

type Triangle = 'L' | 'U';

/**
 * Eigenvalues in ascending order, [*, n], and eigenvectors, as columns, of symmetric A [*, n, n], of which the lower
 * triangle is read (UPLO 'U': the upper). The signs of the vectors are not determined. See torch.linalg.eigh.
 */
export function eigh(A: Tensor, ...rest: Optional<'UPLO', Triangle>): Eigh {
  const { UPLO } = readArgs('linalg.eigh', rest, { UPLO: 'L' as Triangle });
  return named(symmetricEigen('linalg.eigh', A, UPLO), ['eigenvalues', 'eigenvectors']);
}

/** The eigenvalues of {@link eigh}. See torch.linalg.eigvalsh. */
export function eigvalsh(A: Tensor, ...rest: Optional<'UPLO', Triangle>): Tensor {
  const { UPLO } = readArgs('linalg.eigvalsh', rest, { UPLO: 'L' as Triangle });
  return symmetricEigen('linalg.eigvalsh', A, UPLO)[0]!;
}

/** Rule: Giles, An extended collection of matrix derivative results, 2008, 3.1. */
function symmetricEigen(name: string, A: Tensor, triangle: Triangle): Tensor[] {
  checkSquare(name, A);
  if (!['L', 'U'].includes(String(triangle).toUpperCase())) {
    throw new RuntimeError(`Expected UPLO argument to be 'L' or 'U', but got ${triangle}`);
  }
  const read = triangle.toUpperCase() === 'U' ? noGrad(() => A.mT) : A;
  const values = runMulti('SymmetricEigen', { x: read._value });
  const rule =
    ([L, V]: Tensor[]) =>
    ([gL = null, gV = null]: Maybe[]) => {
      const gaps = L!.unsqueeze(-2).sub(L!.unsqueeze(-1)).add(eyeLike(V!));
      const turned = gV && matmul(V!.mT, gV);
      // Only a skew change of V keeps it orthonormal.
      const off = turned ? turned.sub(turned.mT).mul(0.5).div(gaps) : null;
      const parts = [off, gL && diagEmbed(gL)].filter((x) => x !== null);
      return [
        matmul(
          matmul(
            V!,
            parts.reduce((a, b) => a.add(b)),
          ),
          V!.mT,
        ),
      ];
    };
  return recordMulti(values, { name: 'LinalgEigh', inputs: [A] }, rule, (outs) => outs);
}

export interface ToleranceOptions {
  /** Singular values up to max(atol, rtol · the largest) count as 0. */
  atol?: number | Tensor | null;
  /** By default max(m, n) · ε, or 0 where `atol` is given. */
  rtol?: number | Tensor | null;
  /** Takes A as symmetric and uses its eigenvalues. */
  hermitian?: boolean;
}

const TOLERANCE = {
  atol: null as number | Tensor | null,
  rtol: null as number | Tensor | null,
  hermitian: false,
};
const EPSILON = 2 ** -23;

/** Which of the magnitudes `s` of the matrices count, [*, k]. */
function counting(A: Tensor, s: Tensor, { atol, rtol }: typeof TOLERANCE): Tensor {
  const [m, n] = A.shape.slice(-2) as [number, number];
  if (atol !== null) checkOperand('linalg.pinv', atol, 'atol');
  if (rtol !== null) checkOperand('linalg.pinv', rtol, 'rtol');
  const relative = rtol ?? (atol === null || atol === 0 ? Math.max(m, n) * EPSILON : 0);
  const column = (x: number | Tensor) => (x instanceof Tensor ? x.unsqueeze(-1) : Number(x));
  const largest = s.amax(-1, { keepdim: true });
  return s.gt(maximum(largest.mul(column(relative)), largest.mul(0).add(column(atol ?? 0))));
}

/** The number of singular values that count, int32. See torch.linalg.matrix_rank. */
export function matrixRank(A: Tensor, ...rest: [options?: ToleranceOptions]): Tensor {
  const settings = readArgs('linalg.matrix_rank', rest, TOLERANCE, 0);
  checkMatrices('linalg.matrix_rank', A);
  return noGrad(() => {
    const s = settings.hermitian ? eigvalsh(A).abs() : svdvals(A);
    return s.shape.at(-1) === 0 ? s.sum(-1).to('int32') : counting(A, s, settings).sum(-1);
  });
}

/**
 * The Moore–Penrose inverse [*, n, m] of A [*, m, n]. Rule: Golub and Pereyra, The differentiation of pseudo-inverses, 1973.
 * See torch.linalg.pinv.
 */
export function pinv(A: Tensor, ...rest: [options?: ToleranceOptions]): Tensor {
  const settings = readArgs('linalg.pinv', rest, TOLERANCE, 0);
  checkFloat('linalg.pinv', A);
  if (A.ndim < 2) {
    throw new RuntimeError(
      `linalg.pinv(Float{[${A.shape}]}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types`,
    );
  }
  const value = noGrad(() => run('Identity', { x: pseudoInverse(A, settings)._value }));
  const wide = A.shape.at(-2)! <= A.shape.at(-1)!;
  const gradient = (g: Tensor, P: Tensor) => (wide ? wideGradient(A, P, g) : wideGradient(A.mT, P.mT, g.mT).mT);
  const node = { name: 'LinalgPinv', inputs: [A], saves: [A] };
  return record(value, node, (P) => [(g) => gradient(g!, P)], true);
}

function pseudoInverse(A: Tensor, settings: typeof TOLERANCE): Tensor {
  if (A._size === 0) return A.mT;
  const reciprocals = (values: Tensor) =>
    where(counting(A, values.abs(), settings), values.reciprocal(), 0).unsqueeze(-2);
  if (settings.hermitian) {
    checkSquare('linalg.pinv', A);
    const [L, V] = eigh(A);
    return matmul(V.mul(reciprocals(L)), V.mT);
  }
  const [U, S, Vh] = svd(A, false);
  return matmul(Vh.mT.mul(reciprocals(S)), U.mT);
}

function wideGradient(A: Tensor, P: Tensor, g: Tensor): Tensor {
  const K = matmul(g.mT, P);
  const KPt = matmul(K, P.mT);
  const inside = matmul(matmul(P.mT, P), g.mT.sub(matmul(K, A)));
  return matmul(P, K)
    .mT.neg()
    .add(KPt)
    .sub(matmul(matmul(A, P), KPt))
    .add(inside);
}
