import { type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { IndexError, RuntimeError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim } from './define';
import { type Dims, readDims, readStar, type Star, show } from './dims';
import { addSlices, take } from './gatherScatter';
import { asView, permuteTo, reshapeTo } from './layout';

/** Copies side by side: `sizes[i]` of them along dimension i, new dimensions in front. See torch.Tensor.repeat. */
export function repeat(input: Tensor, ...sizes: Star): Tensor {
  checkTensor('repeat', input);
  const times = readStar('repeat', sizes);
  if (times.length < input.ndim) {
    throw new RuntimeError(
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
  }
  return repeated(input, times);
}

/** As {@link repeat}, with ones put in front if `dims` are fewer than the dimensions. See torch.tile. */
export function tile(input: Tensor, ...dims: Star): Tensor {
  checkTensor('tile', input);
  const times = readStar('tile', dims);
  return repeated(input, [...new Array<number>(Math.max(0, input.ndim - times.length)).fill(1), ...times]);
}

function repeated(x: Tensor, times: readonly number[]): Tensor {
  const { shape } = x;
  const padded = [...new Array<number>(times.length - x.ndim).fill(1), ...shape];
  const negative = times.findIndex((n) => n < 0);
  if (negative >= 0) {
    const target = padded.map((n, i) => n * times[i]!);
    throw new RuntimeError(`Trying to create tensor with negative dimension ${target[negative]}: ${show(target)}`);
  }
  const wide = x.ndim === times.length ? x : reshapeTo(x, padded);
  const value = run('Repeat', { x: wide._value }, { times });
  return record(value, { name: 'Repeat', inputs: [wide] }, () => [(g) => sumOfCopies(g!, padded, times)]);
}

/** Each dimension apart into copies and elements, and the copies summed. */
function sumOfCopies(g: Tensor, shape: readonly number[], times: readonly number[]): Tensor {
  const apart = reshapeTo(
    g,
    shape.flatMap((n, i) => [times[i]!, n]),
  );
  return shape.length === 0 ? apart : apart.sum(shape.map((_, i) => 2 * i));
}

/** Backwards along `dims`. See torch.flip. */
export function flip(input: Tensor, ...dims: Star): Tensor {
  checkTensor('flip', input);
  return flipped(input, readDims(readStar('flip', dims), input.ndim));
}

function flipped(x: Tensor, dims: readonly number[]): Tensor {
  const value = run('Flip', { x: x._value }, { dims });
  return record(value, { name: 'Flip', inputs: [x] }, () => [(g) => flipped(g!, dims)]);
}

/**
 * Elements moved on by `shifts` along `dims`, what falls off the end coming in at the front; without `dims` through the
 * flattened tensor. See torch.roll.
 */
export function roll(input: Tensor, shifts: Dims, ...rest: Optional<'dims', Dims | null>): Tensor {
  checkTensor('roll', input);
  const { dims } = readArgs('roll', rest, { dims: null as Dims | null });
  const by = [shifts].flat();
  if (dims === null || [dims].flat().length === 0) {
    if (by.length !== 1) throw new RuntimeError(`shifts and dimensions must align. shifts: ${by.length}, dims:0`);
    return reshapeTo(rolled(reshapeTo(input, [input._size]), by, [0]), input.shape);
  }
  if (input.ndim === 0) throw new IndexError('Dimension specified as 0 but tensor has no dimensions');
  const along = [dims].flat().map((d) => normalDim(d, input.ndim));
  if (by.length !== along.length) {
    throw new RuntimeError(`shifts and dimensions must align. shifts: ${by.length}, dims:${along.length}`);
  }
  return input._size === 0 ? input.clone() : rolled(input, by, along);
}

function rolled(x: Tensor, shifts: readonly number[], dims: readonly number[]): Tensor {
  const value = run('Roll', { x: x._value }, { shifts, dims });
  return record(value, { name: 'Roll', inputs: [x] }, () => [
    (g) =>
      rolled(
        g!,
        shifts.map((n) => -n),
        dims,
      ),
  ]);
}

/** Of each matrix the part on and below the `diagonal`-th diagonal, zeros above. See torch.tril. */
export function tril(input: Tensor, ...rest: Optional<'diagonal', number>): Tensor {
  return readTriangle('tril', input, false, rest);
}

/** Of each matrix the part on and above the `diagonal`-th diagonal, zeros below. See torch.triu. */
export function triu(input: Tensor, ...rest: Optional<'diagonal', number>): Tensor {
  return readTriangle('triu', input, true, rest);
}

function readTriangle(name: string, input: Tensor, upper: boolean, rest: Optional<'diagonal', number>): Tensor {
  checkTensor(name, input);
  if (input.ndim < 2) throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`);
  return triangle(input, upper, readArgs(name, rest, { diagonal: 0 }).diagonal);
}

function triangle(x: Tensor, upper: boolean, diagonal: number): Tensor {
  const value = run('Triangle', { x: x._value }, { upper, diagonal });
  const node = { name: upper ? 'Triu' : 'Tril', inputs: [x] };
  return record(value, node, () => [(g) => triangle(g!, upper, diagonal)]);
}

const DIAGONAL = { offset: 0, dim1: 0, dim2: 1 };

/** The `offset`-th diagonals of the matrices in `dim1` and `dim2`, as a new last dimension. See torch.diagonal. */
export function diagonal(input: Tensor, ...rest: Optional<'offset', number, { dim1?: number; dim2?: number }>): Tensor {
  checkTensor('diagonal', input);
  const { offset, dim1, dim2 } = readArgs('diagonal', rest, DIAGONAL);
  const [row, column] = [normalDim(dim1, input.ndim), normalDim(dim2, input.ndim)];
  if (row === column) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  const others = input.shape.map((_, i) => i).filter((i) => i !== row && i !== column);
  const [rows, columns] = [input.shape[row]!, input.shape[column]!];
  const flatShape = [...others.map((i) => input.shape[i]!), rows * columns];
  const flat = (x: Tensor) => reshapeTo(permuteTo(x, [...others, row, column]), flatShape);
  const move = (x: Tensor) => take(flat(x), others.length, diagonalPlaces(rows, columns, offset));
  return asView(input, move, (strides) => [...others.map((i) => strides[i]!), strides[row]! + strides[column]!]);
}

/** Where the elements of a diagonal lie in the flattened matrix. */
function diagonalPlaces(rows: number, columns: number, offset: number): Tensor {
  const count = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)));
  const start = offset >= 0 ? offset : -offset * columns;
  return fromTypedArray(
    Int32Array.from({ length: count }, (_, i) => start + i * (columns + 1)),
    [count],
  );
}

/** Of a vector the matrix with it on the `diagonal`-th diagonal, of a matrix that diagonal. See torch.diag. */
export function diag(input: Tensor, ...rest: Optional<'diagonal', number>): Tensor {
  checkTensor('diag', input);
  const offset = readArgs('diag', rest, { diagonal: 0 }).diagonal;
  if (input.ndim === 2) return diagonal(input, offset);
  if (input.ndim !== 1) throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${input.ndim}D`);
  return ontoDiagonals(input, offset);
}

/** The vectors in the last dimension as the `offset`-th diagonals of matrices in the last two. */
export function ontoDiagonals(x: Tensor, offset: number): Tensor {
  if (x.dtype === 'bool') return ontoDiagonals(x.int(), offset).bool();
  const batch = x.shape.slice(0, -1);
  const size = x.shape.at(-1)! + Math.abs(offset);
  const flat = addSlices(diagonalPlaces(size, size, offset), x, batch.length, size * size);
  return reshapeTo(flat, [...batch, size, size]);
}
