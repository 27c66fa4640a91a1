/** Diagonals, mirrors, other names of movements, and index arithmetic. */
import { noMore, type Optional, readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { fromTypedArray, ones } from '../tensor/creation';
import { asDtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { diag, flip, ontoDiagonals } from './arrange';
import { checkArray, checkTensor, normalDim, type Unary } from './define';
import { show } from './dims';
import { narrow } from './indexing';
import { cat } from './join';
import { permuteTo, reshapeTo } from './layout';
import { nonzero } from './nonzero';
import { takeFlat } from './putFlat';
import { movedim, reshape, transpose } from './shape';

/**
 * The vectors in the last dimension as the `offset`-th diagonals of matrices in the new dimensions `dim1` and `dim2`, by
 * default the last two; zeros elsewhere. See torch.diag_embed.
 */
export function diagEmbed(
  input: Tensor,
  ...rest: Optional<'offset', number, { dim1?: number; dim2?: number }>
): Tensor {
  checkTensor('diagEmbed', input);
  const { offset, dim1, dim2 } = readArgs('diagEmbed', rest, { offset: 0, dim1: -2, dim2: -1 });
  const ndim = input.ndim + 1;
  const [row, column] = [normalDim(dim1, ndim), normalDim(dim2, ndim)];
  if (row === column) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const others = Array.from({ length: ndim - 2 }, (_, i) => i);
  const order = Array.from({ length: ndim }, (_, i) =>
    i === row ? ndim - 2 : i === column ? ndim - 1 : others.shift()!,
  );
  return permuteTo(ontoDiagonals(input, offset), order);
}

/** The matrix with all elements of `input` on its `offset`-th diagonal. See torch.diagflat. */
export function diagflat(input: Tensor, ...rest: Optional<'offset', number>): Tensor {
  checkTensor('diagflat', input);
  return diag(reshapeTo(input, [input._size]), readArgs('diagflat', rest, { offset: 0 }).offset);
}

function mirror(name: string, dim: number): Unary {
  const form = `${name}(input)`;
  return function (input) {
    noMore(form, arguments.length, 1);
    checkTensor(name, input);
    if (input.ndim <= dim) throw new RuntimeError(`Input must be >= ${dim + 1}-d.`);
    return flip(input, dim);
  };
}

/** Left and right exchanged: backwards along the second dimension. See torch.fliplr. */
export const fliplr: Unary = mirror('fliplr', 1);
/** Up and down exchanged: backwards along the first dimension. See torch.flipud. */
export const flipud: Unary = mirror('flipud', 0);

/** All elements in one dimension. See torch.ravel. */
export function ravel(input: Tensor): Tensor {
  noMore('ravel(input)', arguments.length, 1);
  return reshape(input, -1);
}

/** As {@link transpose}. See torch.swapaxes. */
export const swapaxes: (input: Tensor, axis0: number, axis1: number) => Tensor = transpose;
/** As {@link transpose}. See torch.swapdims. */
export const swapdims: typeof transpose = transpose;
/** As {@link movedim}. See torch.moveaxis. */
export const moveaxis: typeof movedim = movedim;

/** Each matrix transposed: there are no complex numbers here to conjugate. See torch.adjoint. */
export function adjoint(input: Tensor): Tensor {
  noMore('adjoint(input)', arguments.length, 1);
  checkTensor('adjoint', input);
  if (input.ndim === 0) return input;
  if (input.ndim > 1) return transpose(input, -2, -1);
  throw new RuntimeError('tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.');
}

/** {@link narrow} as a copy. See torch.narrow_copy. */
export function narrowCopy(input: Tensor, dim: number, start: number, length: number): Tensor {
  noMore('narrowCopy(input, dim, start, length)', arguments.length, 4);
  return narrow(input, dim, start, length).clone();
}

/** As {@link nonzero}. See torch.argwhere. */
export const argwhere: (input: Tensor) => Tensor = nonzero;

/** For positions in a tensor of `shape` read row by row, the indices in each dimension. See torch.unravel_index. */
export function unravelIndex(indices: Tensor, shape: number | readonly number[]): Tensor[] {
  noMore('unravelIndex(indices, shape)', arguments.length, 2);
  checkTensor('unravelIndex', indices, 'indices');
  if (indices.dtype === 'float32') {
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${indices.dtype}`);
  }
  const sizes = typeof shape === 'number' ? [shape] : shape;
  checkArray('unravelIndex', sizes, 'shape');
  if (sizes.some((n) => n < 0)) throw new ValueError(`'shape' cannot have negative values, but got ${show(sizes)}`);
  return sizes.map((size, i) => {
    const step = sizes.slice(i + 1).reduce((a, b) => a * b, 1);
    return indices.div(step, { roundingMode: 'floor' }).remainder(size);
  });
}

/** `[rows, columns]` of a matrix of which `keep` says what is wanted, row by row. */
function matrixIndices(name: string, row: number, col: number, keep: (i: number, j: number) => boolean): Int32Array {
  for (const [which, n] of Object.entries({ row, col })) {
    if (!(n >= 0)) throw new RuntimeError(`${name}: ${which} must be non-negative, got ${n}`);
  }
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < row; i++) {
    for (let j = 0; j < col; j++) {
      if (!keep(i, j)) continue;
      rows.push(i);
      columns.push(j);
    }
  }
  return Int32Array.from([...rows, ...columns]);
}

type TriangleArgs = Optional<'offset', number, { dtype?: string | null; device?: string }>;

function triangleIndices(name: string, row: number, col: number, rest: TriangleArgs, lower: boolean): Tensor {
  const { offset, dtype } = readArgs(name, rest, { offset: 0, dtype: null as string | null });
  if (dtype !== null && asDtype(name, dtype) !== 'int32') {
    throw new RuntimeError(`"${name}" not implemented for '${dtype}'`);
  }
  const places = matrixIndices(name, row, col, (i, j) => (lower ? j <= i + offset : j >= i + offset));
  return fromTypedArray(places, [2, places.length / 2]);
}

/** Row and column indices, [2, n], int32, of the elements on and below the `offset`-th diagonal of a matrix. See torch.tril_indices. */
export function trilIndices(row: number, col: number, ...rest: TriangleArgs): Tensor {
  return triangleIndices('tril_indices', row, col, rest, true);
}

/** Row and column indices, [2, n], int32, of the elements on and above the `offset`-th diagonal of a matrix. See torch.triu_indices. */
export function triuIndices(row: number, col: number, ...rest: TriangleArgs): Tensor {
  return triangleIndices('triu_indices', row, col, rest, false);
}

/** All `r` elements of a vector in order, as rows; with `withReplacement` elements may repeat. See torch.combinations. */
export function combinations(input: Tensor, ...rest: Optional<'r', number, { withReplacement?: boolean }>): Tensor {
  checkTensor('combinations', input);
  const { r, withReplacement } = readArgs('combinations', rest, { r: 2, withReplacement: false });
  if (input.ndim !== 1) throw new RuntimeError(`Expect a 1D vector, but got shape ${show(input.shape)}`);
  if (!Number.isInteger(r)) throw new TypeError(`combinations(): argument 'r' must be an integer, got ${r}`);
  if (r < 0) throw new RuntimeError(`Expect a non-negative number, but got ${r}`);
  if (r === 0) return fromTypedArray(new Float32Array(0), [0]).to(input.dtype);
  let rows: number[][] = [[]];
  for (let i = 0; i < r; i++) {
    rows = rows.flatMap((row) => {
      const first = row.length === 0 ? 0 : row.at(-1)! + Number(!withReplacement);
      return Array.from({ length: Math.max(0, input._size - first) }, (_, j) => [...row, first + j]);
    });
  }
  return takeFlat(input, fromTypedArray(Int32Array.from(rows.flat()), [rows.length, r]));
}

/** The powers 0 … N−1 of each element of a vector as columns, by default the highest first. See torch.vander. */
export function vander(x: Tensor, ...rest: Optional<'N', number | null, { increasing?: boolean }>): Tensor {
  checkTensor('vander', x, 'x');
  const { N, increasing } = readArgs('vander', rest, { N: null as number | null, increasing: false });
  if (x.ndim !== 1) throw new RuntimeError('x must be a one-dimensional tensor.');
  const count = N ?? x._size;
  if (count < 0) throw new RuntimeError('N must be non-negative.');
  if (count === 0) return ones(x._size, 0, { dtype: x.dtype });
  const powers = powersOf(x, count);
  return increasing ? powers : flip(powers, 1);
}

/** x⁰ … xⁿ⁻¹ in a new last dimension. */
export function powersOf(x: Tensor, count: number): Tensor {
  const column = reshapeTo(x, [...x.shape, 1]);
  const one = ones([...x.shape, 1], { dtype: x.dtype });
  if (count === 1) return one;
  const repeated = column.expand([...x.shape, count - 1]);
  return cat([one, repeated.cumprod(x.ndim)], x.ndim);
}
