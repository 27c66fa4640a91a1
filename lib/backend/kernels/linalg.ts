/** Linear algebra on batches of float32 matrices: TensorFlow's ops, beside them the same on the host. */
import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, nativeOpMulti, type Value } from '../kernel';
import { eachMatrix } from './eachMatrix';
import * as host from './linalgHost';

/** What a native op refuses the host does in double precision, or it says which matrix is at fault and where. */
function orElse<R>(native: () => R, fallback: () => R): R {
  try {
    return native();
  } catch {
    return fallback();
  }
}

const T = (flags: Record<string, boolean> = {}) => attrList({ T: 'float32', ...flags });
const lastTwo = (x: Value) => x.shape.slice(-2) as [number, number];

function inverse(x: Value): Value {
  const [n] = lastTwo(x);
  return eachMatrix([x], [[n, n]], (a) => [host.solve(a!, n, host.identity(n), n)])[0]!;
}

/** The inverse; a zero pivot is a {@link host.MatrixFailure}. */
defineKernel('MatrixInverse', {
  native: ({ x }) =>
    orElse(
      () => nativeOp('MatrixInverse', T({ adjoint: false }), [x!]),
      () => inverse(x!),
    ),
  reference: ({ x }) => inverse(x!),
});

defineKernel('MatrixDeterminant', {
  native: ({ x }) => nativeOp('MatrixDeterminant', T(), [x!]),
  reference: ({ x }) => eachMatrix([x!], [[]], (a) => [Float64Array.of(host.determinant(a!, lastTwo(x!)[0]))])[0]!,
});

/** Sign, and logarithm of the absolute value, of the determinant. */
defineKernel('LogMatrixDeterminant', {
  native: ({ x }) => nativeOpMulti('LogMatrixDeterminant', T(), [x!], 2),
  reference: ({ x }) =>
    eachMatrix([x!], [[], []], (a) => {
      const { sign, log } = host.logDeterminant(a!, lastTwo(x!)[0]);
      return [Float64Array.of(sign), Float64Array.of(log)];
    }),
});

/** The signed minors, det(A)·A⁻ᵀ, also of a singular matrix. */
defineKernel('Cofactors', {
  native: ({ x }) =>
    orElse(
      () => nativeCofactors(x!),
      () => cofactors(x!),
    ),
  reference: ({ x }) => cofactors(x!),
});

/** Refused where there is no inverse. */
function nativeCofactors(x: Value): Value {
  return tf.tidy(() => {
    const inverse = nativeOp('MatrixInverse', T({ adjoint: true }), [x]);
    return tf.mul(inverse, tf.reshape(nativeOp('MatrixDeterminant', T(), [x]), [...x.shape.slice(0, -2), 1, 1]));
  });
}

function cofactors(x: Value): Value {
  const [n] = lastTwo(x);
  return eachMatrix([x], [[n, n]], (a) => {
    const [inverse, determinant] = [host.identity(n), host.determinant(a!.slice(), n)];
    try {
      host.solve(a!.slice(), n, inverse, n);
    } catch {
      return [host.cofactors(a!, n)];
    }
    return [host.transposed(inverse, n, n).map((y) => y * determinant)];
  })[0]!;
}

function solution(a: Value, b: Value): Value {
  const [n, m] = lastTwo(b);
  return eachMatrix([a, b], [[n, m]], (x, y) => [host.solve(x!, n, y!, m)])[0]!;
}

/** A⁻¹ B; the batches are the same. */
defineKernel('MatrixSolve', {
  native: ({ a, b }) =>
    orElse(
      () => nativeOp('MatrixSolve', T({ adjoint: false }), [a!, b!]),
      () => solution(a!, b!),
    ),
  reference: ({ a, b }) => solution(a!, b!),
});

function triangularSolution(a: Value, b: Value, lower: boolean): Value {
  const [n, m] = lastTwo(b);
  return eachMatrix([a, b], [[n, m]], (x, y) => [host.solveTriangular(x!, n, y!, m, lower)])[0]!;
}

/** A⁻¹ B for triangular A, of which only that triangle is read; a zero on its diagonal gives infinities. */
defineKernel<{ lower: boolean }>('TriangularSolve', {
  native: ({ a, b }, { lower }) =>
    orElse(
      () => nativeOp('MatrixTriangularSolve', T({ lower, adjoint: false }), [a!, b!]),
      () => triangularSolution(a!, b!, lower),
    ),
  reference: ({ a, b }, { lower }) => triangularSolution(a!, b!, lower),
});

function nativeCholeskySolution(l: Value, b: Value, lower: boolean): Value {
  const solve = (y: Value, adjoint: boolean) => nativeOp('MatrixTriangularSolve', T({ lower, adjoint }), [l, y]);
  return tf.tidy(() => solve(solve(b, !lower), lower));
}

function choleskySolution(l: Value, b: Value, lower: boolean): Value {
  const [n, m] = lastTwo(b);
  return eachMatrix([l, b], [[n, m]], (x, y) => [host.choleskySolve(x!, n, y!, m, lower)])[0]!;
}

/** A⁻¹ B for A = L Lᵀ, or Lᵀ L if not `lower`; a zero on L's diagonal gives infinities. */
defineKernel<{ lower: boolean }>('CholeskySolve', {
  native: ({ l, b }, { lower }) =>
    orElse(
      () => nativeCholeskySolution(l!, b!, lower),
      () => choleskySolution(l!, b!, lower),
    ),
  reference: ({ l, b }, { lower }) => choleskySolution(l!, b!, lower),
});

function choleskyFactor(x: Value): Value {
  const [n] = lastTwo(x);
  return eachMatrix([x], [[n, n]], (a) => [host.cholesky(a!, n)])[0]!;
}

/** Where TensorFlow gives NaN instead of refusing: looking up index 1 in a table of one element makes that an error. */
function refuseNaN(x: Value): void {
  const failed = tf.cast(tf.isNaN(tf.sum(x)), 'int32');
  const attrs = attrList({ batch_dims: 0, Tparams: 'int32', Tindices: 'int32', Taxis: 'int32' });
  nativeOp('GatherV2', attrs, [constant([0], 'int32'), failed, constant(0, 'int32')]);
}

function nativeCholesky(x: Value): Value {
  return tf.tidy(() => {
    const factor = nativeOp('Cholesky', T(), [x]);
    refuseNaN(factor);
    return factor;
  });
}

/** The lower Cholesky factor; what is not positive-definite is a {@link host.MatrixFailure}. */
defineKernel('CholeskyFactor', {
  native: ({ x }) =>
    orElse(
      () => nativeCholesky(x!),
      () => choleskyFactor(x!),
    ),
  reference: ({ x }) => choleskyFactor(x!),
});

/** Columns `columns` of the first `rows` rows of a matrix that is `width` wide. */
function corner(a: host.Matrix, width: number, rows: number, columns: number): host.Matrix {
  return Float64Array.from({ length: rows * columns }, (_, k) => a[Math.floor(k / columns) * width + (k % columns)]!);
}

/** Q and R; `full` gives all columns of Q. */
defineKernel<{ full: boolean }>('QrFactors', {
  native: ({ x }, { full }) => nativeOpMulti('Qr', T({ full_matrices: full }), [x!], 2),
  reference: ({ x }, { full }) => {
    const [m, n] = lastTwo(x!);
    const k = full ? m : Math.min(m, n);
    const shapes = [
      [m, k],
      [k, n],
    ];
    return eachMatrix([x!], shapes, (a) => {
      const { q, r } = host.qr(a!, m, n);
      return [corner(q, m, m, k), corner(r, n, k, n)];
    });
  },
});

function nativeSvd(x: Value, full: boolean): Value[] {
  return tf.tidy(() => {
    const factors = nativeOpMulti('Svd', T({ compute_uv: true, full_matrices: full }), [x], 3);
    refuseNaN(factors[0]!);
    return factors;
  });
}

function singularValues(x: Value, full: boolean): Value[] {
  const [m, n] = lastTwo(x);
  const k = Math.min(m, n);
  const [left, right] = full ? [m, n] : [k, k];
  return eachMatrix([x], [[k], [m, left], [n, right]], (a) => {
    if (!a!.every(Number.isFinite)) throw new host.MatrixFailure(0);
    if (m >= n) {
      const { u, s, v } = host.svd(a!, m, n);
      return [s, corner(u, m, m, left), v];
    }
    const { u, s, v } = host.svd(host.transposed(a!, m, n), n, m);
    return [s, v, corner(u, n, n, right)];
  });
}

/** Singular values, descending, U and V; `full` gives square ones. What is not finite is a {@link host.MatrixFailure}. */
defineKernel<{ full: boolean }>('SingularValues', {
  native: ({ x }, { full }) =>
    orElse(
      () => nativeSvd(x!, full),
      () => singularValues(x!, full),
    ),
  reference: ({ x }, { full }) => singularValues(x!, full),
});

function symmetricEigen(x: Value): Value[] {
  const [n] = lastTwo(x);
  return eachMatrix([x], [[n], [n, n]], (a) => {
    const { values, vectors } = host.eigh(a!, n);
    return [values, vectors];
  });
}

/** Eigenvalues, ascending, and eigenvectors, as columns, of symmetric matrices, of which the lower triangle is read. */
defineKernel('SymmetricEigen', {
  native: ({ x }) =>
    orElse(
      () => nativeOpMulti('SelfAdjointEigV2', T({ compute_v: true }), [x!], 2),
      () => symmetricEigen(x!),
    ),
  reference: ({ x }) => symmetricEigen(x!),
});
