import { type Optional, readArgs } from '../../args';
import { fromArray, runMulti } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { record, recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { narrow } from '../indexing';
import { cat } from '../join';
import { matmul } from '../matmul';
import { type Named, named } from '../named';
import { checkMatrices, checkSquare, diagEmbed, diagonals, runMatrix } from './check';
import { solveTriangular } from './systems';

const NOT_POSITIVE = {
  where: 'linalg.cholesky',
  say: (order: number) =>
    'The factorization could not be completed because the input is not positive-definite (the leading minor of order ' +
    `${order} is not positive-definite).`,
};

/**
 * The lower triangular L with A = L Lᵀ (`upper`: its transpose) of symmetric positive-definite A [*, n, n], of which that
 * triangle is read; any other is a LinAlgError. See torch.linalg.cholesky.
 */
export function cholesky(A: Tensor, ...rest: [options?: { upper?: boolean }]): Tensor {
  const { upper } = readArgs('linalg.cholesky', rest, { upper: false }, 0);
  checkSquare('linalg.cholesky', A);
  return upper ? choleskyFactor(A.mT).mT : choleskyFactor(A);
}

/** Rule: Murray, Differentiation of the Cholesky decomposition, 2016, https://arxiv.org/abs/1602.07527. */
function choleskyFactor(A: Tensor): Tensor {
  const value = runMatrix('CholeskyFactor', { x: A._value }, {}, NOT_POSITIVE);
  const gradient = (g: Tensor, L: Tensor) => {
    const lower = matmul(L.mT, g).tril();
    const symmetric = lower.add(lower.tril(-1).mT).mul(0.5);
    const right = solveTriangular(L, symmetric, { upper: false, left: false });
    return solveTriangular(L.mT, right, { upper: true });
  };
  return record(value, { name: 'LinalgCholeskyEx', inputs: [A] }, (L) => [(g) => gradient(g!, L)], true);
}

/** `[Q, R]`. */
export interface QR extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly Q: Tensor;
  readonly R: Tensor;
}

const MODES = ['reduced', 'complete', 'r'] as const;
export type QRMode = (typeof MODES)[number];

/**
 * A = Q R with orthonormal columns of Q and upper triangular R, for A [*, m, n]. `mode` 'reduced' gives Q [*, m, k] with
 * k = min(m, n), 'complete' [*, m, m], 'r' only R, and an empty Q. See torch.linalg.qr.
 */
export function qr(A: Tensor, ...rest: Optional<'mode', QRMode>): QR {
  const { mode } = readArgs('linalg.qr', rest, { mode: 'reduced' as QRMode });
  checkMatrices('linalg.qr', A);
  if (!MODES.includes(mode)) {
    throw new RuntimeError(
      `qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`,
    );
  }
  const [m, n] = A.shape.slice(-2) as [number, number];
  const wide = m < n && mode !== 'r';
  return named(wide ? wideQr(A, m, n) : tallQr(A, m, n, mode), ['Q', 'R']);
}

/** Q and the first columns of R are those of the square part; the others follow, in derivatives, too. */
function wideQr(A: Tensor, m: number, n: number): Tensor[] {
  const [Q, R] = tallQr(narrow(A, -1, 0, m), m, m, 'reduced') as [Tensor, Tensor];
  return [Q, cat([R, matmul(Q.mT, narrow(A, -1, m, n - m))], -1)];
}

/** Rule: Walter and Lehmann, Algorithmic differentiation of linear algebra functions, 2010, https://arxiv.org/abs/1001.1654. */
function tallQr(A: Tensor, m: number, n: number, mode: QRMode): Tensor[] {
  const full = mode === 'complete';
  const values = runMulti('QrFactors', { x: A._value }, { full });
  if (mode === 'r') {
    values[0]!.dispose();
    values[0] = fromArray(new Float32Array(0), [0], 'float32');
  }
  const node = { name: 'LinalgQr', inputs: [A] };
  const rule =
    ([Q, R]: Tensor[]) =>
    ([gQ = null, gR = null]: (Tensor | null)[]) => {
      checkDifferentiable(mode, m, n);
      const inner = sum(gR ? matmul(gR, R!.mT) : null, gQ ? matmul(Q!.mT, gQ).neg() : null)!.triu();
      const symmetric = inner.add(inner.mT).sub(diagEmbed(diagonals(inner)));
      const right = sum(matmul(Q!, symmetric), gQ)!;
      return [solveTriangular(R!.mT, right, { upper: false, left: false })];
    };
  return recordMulti(values, node, rule, (outs) => outs);
}

function checkDifferentiable(mode: QRMode, m: number, n: number): void {
  if (mode === 'r') {
    throw new RuntimeError(
      "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, " +
        "mode='reduced') if you are going to differentiate through linalg.qr.",
    );
  }
  if (mode === 'complete' && m > n) {
    throw new RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.");
  }
}

function sum(a: Tensor | null, b: Tensor | null): Tensor | null {
  return a && b ? a.add(b) : (a ?? b);
}
