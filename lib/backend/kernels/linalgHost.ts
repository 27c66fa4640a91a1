/** Dense linear algebra on the host in float64, one matrix at a time, row by row: where there is no native op, and where one refuses. */

/** A matrix that an algorithm refuses: the pivot or leading minor at fault counts from 1. */
export class MatrixFailure extends Error {
  override name = 'MatrixFailure';
  readonly order: number;
  /** The number of the matrix in its batch. */
  readonly element: number;
  constructor(order: number, element = 0) {
    super(`at ${order}`);
    this.order = order;
    this.element = element;
  }
}

export type Matrix = Float64Array;

export function identity(n: number, m = n): Matrix {
  const eye = new Float64Array(n * m);
  for (let i = 0; i < Math.min(n, m); i++) eye[i * m + i] = 1;
  return eye;
}

export function transposed(a: Matrix, rows: number, columns: number): Matrix {
  return Float64Array.from(a, (_, k) => a[(k % rows) * columns + Math.floor(k / rows)]!);
}

function swapRows(a: Matrix, i: number, j: number, columns: number): void {
  const row = a.slice(i * columns, (i + 1) * columns);
  a.copyWithin(i * columns, j * columns, (j + 1) * columns);
  a.set(row, j * columns);
}

/** Gauss with partial pivoting, in place in `a` (n×n) and `b` (n×m): afterwards `a` is upper triangular. Gives the permutation's sign. */
function eliminate(a: Matrix, n: number, b: Matrix, m: number): number {
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    if (pivot !== k) {
      swapRows(a, k, pivot, n);
      swapRows(b, k, pivot, m);
      sign = -sign;
    }
    if (a[k * n + k] === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      for (let j = k; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
      for (let j = 0; j < m; j++) b[i * m + j]! -= factor * b[k * m + j]!;
    }
  }
  return sign;
}

/** Solves T x = b for triangular `t` (n×n), in place in `b` (n×m). */
export function solveTriangular(t: Matrix, n: number, b: Matrix, m: number, lower: boolean): Matrix {
  for (let step = 0; step < n; step++) {
    const i = lower ? step : n - 1 - step;
    for (let j = 0; j < m; j++) {
      let sum = b[i * m + j]!;
      for (let k = lower ? 0 : i + 1; k < (lower ? i : n); k++) sum -= t[i * n + k]! * b[k * m + j]!;
      b[i * m + j] = sum / t[i * n + i]!;
    }
  }
  return b;
}

/** Solves A x = b for A = L Lᵀ, or Lᵀ L if not `lower`, in place in `b`. */
export function choleskySolve(l: Matrix, n: number, b: Matrix, m: number, lower: boolean): Matrix {
  const lt = transposed(l, n, n);
  solveTriangular(lower ? l : lt, n, b, m, true);
  return solveTriangular(lower ? lt : l, n, b, m, false);
}

/** Solves A x = b; a zero pivot is a {@link MatrixFailure}. */
export function solve(a: Matrix, n: number, b: Matrix, m: number): Matrix {
  eliminate(a, n, b, m);
  for (let k = 0; k < n; k++) if (a[k * n + k] === 0) throw new MatrixFailure(k + 1);
  return solveTriangular(a, n, b, m, false);
}

/** Sign and logarithm of the absolute value of the determinant. */
export function logDeterminant(a: Matrix, n: number): { sign: number; log: number } {
  let sign = eliminate(a, n, new Float64Array(0), 0);
  let log = 0;
  for (let k = 0; k < n; k++) {
    sign *= Math.sign(a[k * n + k]!);
    log += Math.log(Math.abs(a[k * n + k]!));
  }
  return { sign, log };
}

export function determinant(a: Matrix, n: number): number {
  let product = eliminate(a, n, new Float64Array(0), 0);
  for (let k = 0; k < n; k++) product *= a[k * n + k]!;
  return product;
}

/** The signed minors: the gradient of the determinant, also where there is no inverse. */
export function cofactors(a: Matrix, n: number): Matrix {
  return Float64Array.from(a, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    const minor = a.filter((_, k) => Math.floor(k / n) !== row && k % n !== column);
    return ((row + column) % 2 ? -1 : 1) * determinant(minor, n - 1);
  });
}

/** The lower factor of A = L Lᵀ; reads the lower triangle. */
export function cholesky(a: Matrix, n: number): Matrix {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i === j && !(sum > 0)) throw new MatrixFailure(j + 1);
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  return l;
}

/** Householder's QR with LAPACK's signs: Q (m×m) and R (m×n, in place in `a`). */
export function qr(a: Matrix, m: number, n: number): { q: Matrix; r: Matrix } {
  const q = identity(m);
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    let [tail, length] = [0, a[k * n + k]! ** 2];
    for (let i = k + 1; i < m; i++) tail += a[i * n + k]! ** 2;
    length += tail;
    if (tail === 0) continue;
    const v = Float64Array.from({ length: m }, (_, i) => (i < k ? 0 : a[i * n + k]!));
    v[k]! += v[k]! >= 0 ? Math.sqrt(length) : -Math.sqrt(length);
    const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
    reflectRows(a, m, n, v, scale);
    reflectRows(q, m, m, v, scale);
    for (let i = k + 1; i < m; i++) a[i * n + k] = 0;
  }
  return { q: transposed(q, m, m), r: a };
}

/** (I − scale·v vᵀ) a, in place. */
function reflectRows(a: Matrix, m: number, n: number, v: Float64Array, scale: number): void {
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += v[i]! * a[i * n + j]!;
    for (let i = 0; i < m; i++) a[i * n + j]! -= scale * sum * v[i]!;
  }
}

const SWEEPS = 60;

/** The rotation (cosine, sine) that Jacobi's methods take for off-diagonal `apq` between `app` and `aqq`. */
function rotation(app: number, aqq: number, apq: number): [number, number] {
  const theta = (aqq - app) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(t, 1);
  return [cosine, t * cosine];
}

/** Turns columns p and q of `a` (rows×n). */
function rotateColumns(a: Matrix, n: number, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < a.length; i += n) {
    const [x, y] = [a[i + p]!, a[i + q]!];
    a[i + p] = c * x - s * y;
    a[i + q] = s * x + c * y;
  }
}

/** Turns rows p and q of `a` (n wide). */
function rotateRows(a: Matrix, n: number, p: number, q: number, c: number, s: number): void {
  for (let j = 0; j < n; j++) {
    const [x, y] = [a[p * n + j]!, a[q * n + j]!];
    a[p * n + j] = c * x - s * y;
    a[q * n + j] = s * x + c * y;
  }
}

/** Jacobi's eigenvalues, ascending, with eigenvectors as columns; reads the lower triangle. */
export function eigh(a: Matrix, n: number): { values: Float64Array; vectors: Matrix } {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i]!;
  const v = identity(n);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q]!;
        const size = Math.sqrt(Math.abs(a[p * n + p]! * a[q * n + q]!)) * 1e-16;
        if (Math.abs(apq) <= Math.max(size, 1e-300)) continue;
        off = Math.max(off, Math.abs(apq));
        const [c, s] = rotation(a[p * n + p]!, a[q * n + q]!, apq);
        rotateColumns(a, n, p, q, c, s);
        rotateRows(a, n, p, q, c, s);
        rotateColumns(v, n, p, q, c, s);
      }
    }
    if (off === 0) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i]! - a[j * n + j]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: Float64Array.from(v, (_, k) => v[Math.floor(k / n) * n + order[k % n]!]!),
  };
}

/** Hestenes' one-sided Jacobi for m ≥ n: U (m×m), the n singular values, descending, and V (n×n). */
export function svd(a: Matrix, m: number, n: number): { u: Matrix; s: Float64Array; v: Matrix } {
  const v = identity(n);
  const product = (p: number, q: number) => {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += a[i * n + p]! * a[i * n + q]!;
    return sum;
  };
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const [pp, qq, pq] = [product(p, p), product(q, q), product(p, q)];
        if (Math.abs(pq) <= Math.max(1e-15 * Math.sqrt(pp * qq), 1e-300)) continue;
        turned = true;
        const [c, s] = rotation(pp, qq, pq);
        rotateColumns(a, n, p, q, c, s);
        rotateColumns(v, n, p, q, c, s);
      }
    }
  }
  const lengths = Float64Array.from({ length: n }, (_, p) => Math.sqrt(product(p, p)));
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => lengths[j]! - lengths[i]!);
  const columns = order.map((p) => Float64Array.from({ length: m }, (_, i) => a[i * n + p]!));
  const basis = orthonormal(columns, m);
  return {
    u: Float64Array.from({ length: m * m }, (_, k) => basis[k % m]![Math.floor(k / m)]!),
    s: Float64Array.from(order, (p) => lengths[p]!),
    v: Float64Array.from(v, (_, k) => v[Math.floor(k / n) * n + order[k % n]!]!),
  };
}

/** `m` orthonormal vectors: the given orthogonal ones at length 1, the missing and the vanishing replaced by new directions. */
function orthonormal(columns: readonly Float64Array[], m: number): Float64Array[] {
  const largest = Math.max(0, ...columns.slice(0, 1).map(norm));
  const basis = columns.filter((x) => norm(x) > largest * 1e-15).map((x) => x.map((value) => value / norm(x)));
  for (let axis = 0; basis.length < m; axis++) {
    const unit = new Float64Array(m);
    unit[axis] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const along = b.reduce((sum, x, i) => sum + x * unit[i]!, 0);
        for (let i = 0; i < m; i++) unit[i]! -= along * b[i]!;
      }
    }
    const length = norm(unit);
    if (length > 1e-8) basis.push(unit.map((x) => x / length));
  }
  return basis;
}

function norm(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
}

/** LU with partial pivoting, in place in `a` (m×n): the rows' order afterwards, and LAPACK's pivots, from 1. */
export function lu(a: Matrix, m: number, n: number): { order: Float64Array; pivots: Float64Array } {
  const order = Float64Array.from({ length: m }, (_, i) => i);
  const pivots = Float64Array.from({ length: Math.min(m, n) }, (_, k) => {
    let pivot = k;
    for (let i = k + 1; i < m; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    swapRows(a, k, pivot, n);
    swapRows(order, k, pivot, 1);
    for (let i = k + 1; i < m && a[k * n + k] !== 0; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      a[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
    }
    return pivot + 1;
  });
  return { order, pivots };
}

function product(a: Matrix, b: Matrix, n: number): Matrix {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) c[i * n + j]! += a[i * n + k]! * b[k * n + j]!;
  }
  return c;
}

/** e^A: the series of A halved until 18 terms are exact, squared as often. */
export function exponential(a: Matrix, n: number): Matrix {
  const norm = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  const halvings = norm > 0.5 && Number.isFinite(norm) ? Math.ceil(Math.log2(norm)) + 1 : 0;
  const eye = identity(n);
  const small = a.map((x) => x / 2 ** halvings);
  let result = eye;
  for (let k = 18; k > 0; k--) result = product(small, result, n).map((x, i) => x / k + eye[i]!);
  for (let i = 0; i < halvings; i++) result = product(result, result, n);
  return result;
}
