/** Products of tensors beside matmul's: with something added, over chosen dimensions, of vectors, and distances. */
import { noMore, type Optional, readArgs } from '../args';
import { IndexError, RuntimeError } from '../errors';
import { tensor } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { add } from './arithmetic';
import { broadcastShape, checkArray, checkTensor, normalDim } from './define';
import { sameShape, show } from './dims';
import { narrow } from './indexing';
import { cat } from './join';
import { expandTo, permuteTo, reshapeTo } from './layout';
import { bmm, dot, matmul, mm, mv, outer } from './matmul';
import { pNorm } from './pNorm';
import { where } from './pointwise';

export interface ScaleOptions {
  /** Multiplies `input`; with 0 its NaN and infinity are ignored. */
  beta?: number;
  /** Multiplies the product. */
  alpha?: number;
}

/** beta · input + alpha · product, with `input` broadcast to the product's shape. */
function addProduct(name: string, input: Tensor, product: Tensor, rest: [ScaleOptions?]): Tensor {
  checkTensor(name, input);
  const { beta, alpha } = readScales(name, product, rest);
  const { shape } = product;
  const { ndim } = input;
  const odd = input.shape.findLastIndex((n, i) => n !== 1 && n !== shape[i - ndim + shape.length]);
  if (ndim > shape.length) {
    throw new RuntimeError(
      `${name}: input of shape ${show(input.shape)} cannot be expanded to ${show(shape)}, that of the product`,
    );
  }
  if (odd >= 0) {
    const [target, size] = [shape[odd - ndim + shape.length], input.shape[odd]];
    throw new RuntimeError(
      `The expanded size of the tensor (${target}) must match the existing size (${size}) at non-singleton dimension ` +
        `${odd - ndim + shape.length}.  Target sizes: ${show(shape)}.  Tensor sizes: ${show(input.shape)}`,
    );
  }
  const scaled = alpha === 1 ? product : product.mul(alpha);
  if (beta === 0) return where(tensor(false), input, 0).add(scaled);
  const sum = add(beta === 1 ? input : input.mul(beta), scaled);
  return input.dtype === 'bool' && product.dtype === 'bool' ? sum.bool() : sum;
}

/** Integers lose the fractions of their factors, as in PyTorch. */
function readScales(name: string, product: Tensor, rest: [ScaleOptions?]): Required<ScaleOptions> {
  const scales = readArgs(name, rest, { beta: 1, alpha: 1 }, 0);
  return product.dtype === 'float32' ? scales : { beta: Math.trunc(scales.beta), alpha: Math.trunc(scales.alpha) };
}

/** beta · input + alpha · (batch1 batch2), for [b, n, k] and [b, k, m]. See torch.baddbmm. */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, ...rest: [options?: ScaleOptions]): Tensor {
  checkBatch('baddbmm', 'batch1', batch1);
  checkBatch('baddbmm', 'batch2', batch2);
  return addProduct('baddbmm', input, bmm(batch1, batch2), rest);
}

/** beta · input + alpha · Σ over the batch of (batch1 batch2). See torch.addbmm. */
export function addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, ...rest: [options?: ScaleOptions]): Tensor {
  checkBatch('addbmm', 'batch1', batch1);
  checkBatch('addbmm', 'batch2', batch2);
  return addProduct('addbmm', input, bmm(batch1, batch2).sum(0), rest);
}

function checkBatch(where: string, name: string, x: Tensor): void {
  checkTensor(where, x, name);
  if (x.ndim !== 3) throw new RuntimeError(`${name} must be a 3D tensor`);
}

/** beta · input + alpha · (mat vec), for [n, k] and [k]. See torch.addmv. */
export function addmv(input: Tensor, mat: Tensor, vec: Tensor, ...rest: [options?: ScaleOptions]): Tensor {
  checkTensor('addmv', input);
  checkTensor('addmv', mat, 'mat');
  checkTensor('addmv', vec, 'vec');
  if (mat.ndim !== 2 || vec.ndim !== 1 || input.ndim > 1) {
    throw new RuntimeError(`vector + matrix @ vector expected, got ${input.ndim}, ${mat.ndim}, ${vec.ndim}`);
  }
  const [rows, columns] = mat.shape;
  if (columns !== vec.length || (input._size !== 1 && input._size !== rows)) {
    throw new RuntimeError(
      `size mismatch, got input (${input.shape[0] ?? 1}), mat (${rows}x${columns}), vec (${vec.length})`,
    );
  }
  return addProduct('addmv', input, mv(mat, vec), rest);
}

/** beta · input + alpha · (vec1 ⊗ vec2), for [n] and [m]. See torch.addr. */
export function addr(input: Tensor, vec1: Tensor, vec2: Tensor, ...rest: [options?: ScaleOptions]): Tensor {
  for (const [name, x] of Object.entries({ vec1, vec2 })) {
    checkTensor('addr', x, name);
    if (x.ndim !== 1) throw new RuntimeError(`addr: Expected 1-D argument ${name}, but got ${x.ndim}-D`);
  }
  return addProduct('addr', input, outer(vec1, vec2), rest);
}

/** How many dimensions to contract (a's last with b's first), or which of each. */
export type ContractedDims = number | readonly [readonly number[], readonly number[]];

/** The sum of products over pairs of dimensions of `a` and `b`; the others of `a` come first. See torch.tensordot. */
export function tensordot(a: Tensor, b: Tensor, ...rest: Optional<'dims', ContractedDims>): Tensor {
  checkTensor('tensordot', a, 'a');
  checkTensor('tensordot', b, 'b');
  const [fromA, fromB] = contracted(a, b, readArgs('tensordot', rest, { dims: 2 as ContractedDims }).dims);
  const left = a.shape.map((_, i) => i).filter((i) => !fromA.includes(i));
  const right = b.shape.map((_, i) => i).filter((i) => !fromB.includes(i));
  const shape = [...left.map((i) => a.shape[i]!), ...right.map((i) => b.shape[i]!)];
  // A dimension of size 1 is broadcast: the other's is summed.
  const x = summedWhereOne(a, fromA, b, fromB).permute([...left, ...fromA]);
  const y = summedWhereOne(b, fromB, a, fromA).permute([...fromB, ...right]);
  const inner = fromA.reduce((n, _, i) => n * x.shape[left.length + i]!, 1);
  const rows = left.reduce((n, i) => n * a.shape[i]!, 1);
  const columns = right.reduce((n, i) => n * b.shape[i]!, 1);
  return reshapeTo(mm(reshapeTo(x, [rows, inner]), reshapeTo(y, [inner, columns])), shape);
}

function summedWhereOne(x: Tensor, own: readonly number[], other: Tensor, others: readonly number[]): Tensor {
  const wide = own.filter((dim, i) => x.shape[dim] !== 1 && other.shape[others[i]!] === 1);
  return wide.length > 0 ? x.sum(wide, { keepdim: true }) : x;
}

function contracted(a: Tensor, b: Tensor, dims: ContractedDims): [number[], number[]] {
  if (typeof dims === 'number' && dims < 0) throw new RuntimeError(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (typeof dims === 'number' && dims > Math.min(a.ndim, b.ndim)) {
    throw new RuntimeError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  const count = (n: number) => Array.from({ length: n }, (_, i) => i);
  if (typeof dims !== 'number') {
    checkArray('tensordot', dims, 'dims');
    for (const list of dims) checkArray('tensordot', list, 'dims');
  }
  const [ofA, ofB] = typeof dims === 'number' ? [count(dims).map((i) => i - dims), count(dims)] : dims;
  if (ofA.length !== ofB.length) throw new RuntimeError('both dimension lists should have same length');
  const [fromA, fromB] = [ofA.map((d) => normalDim(d, a.ndim)), ofB.map((d) => normalDim(d, b.ndim))];
  for (const list of [fromA, fromB]) {
    const twice = list.find((d, i) => list.indexOf(d) !== i);
    if (twice !== undefined) throw new RuntimeError(`dim ${twice} appears multiple times in the list of dims`);
  }
  fromA.forEach((dim, i) => {
    const [n, m] = [a.shape[dim]!, b.shape[fromB[i]!]!];
    if (n === m || n === 1 || m === 1) return;
    throw new RuntimeError(
      `contracted dimensions need to match, but first has size ${n} in dim ${ofA[i]} and second has size ${m} in dim ${ofB[i]}`,
    );
  });
  return [fromA, fromB];
}

/** The Kronecker product: each element of `input` times all of `other`, as blocks. See torch.kron. */
export function kron(input: Tensor, other: Tensor): Tensor {
  noMore('kron(input, other)', arguments.length, 2);
  checkTensor('kron', input);
  checkTensor('kron', other, 'other');
  const ndim = Math.max(input.ndim, other.ndim);
  const padded = (x: Tensor) => [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape];
  const [a, b] = [padded(input), padded(other)];
  const pairs = reshapeTo(reshapeTo(input, [input._size, 1]).mul(reshapeTo(other, [1, other._size])), [...a, ...b]);
  const interleaved = permuteTo(
    pairs,
    a.flatMap((_, i) => [i, ndim + i]),
  );
  return reshapeTo(
    interleaved,
    a.map((n, i) => n * b[i]!),
  );
}

/** Sums of products over the last dimension of both: [*, k] and [**, k] give [*, **]. See torch.inner. */
export function inner(input: Tensor, other: Tensor): Tensor {
  noMore('inner(input, other)', arguments.length, 2);
  checkTensor('inner', input);
  checkTensor('inner', other, 'other');
  if (input.ndim === 0 || other.ndim === 0) return input.mul(other);
  if (input.shape.at(-1) !== other.shape.at(-1)) {
    throw new RuntimeError(
      `inner() the last dimension must match on both input tensors but got shapes ${show(input.shape)} and ${show(other.shape)}`,
    );
  }
  return tensordot(input, other, [[-1], [-1]]);
}

/** Inner product of two vectors; of reals the same as {@link dot}. See torch.vdot. */
export function vdot(input: Tensor, other: Tensor): Tensor {
  noMore('vdot(input, other)', arguments.length, 2);
  return dot(input, other);
}

/** The sum of the diagonal of a matrix. See torch.trace. */
export function trace(input: Tensor): Tensor {
  noMore('trace(input)', arguments.length, 1);
  checkTensor('trace', input);
  if (input.ndim !== 2) throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${input.ndim}`);
  return input.diagonal().sum();
}

/** The cross product of 3-vectors along `dim`; without it, along the first dimension of size 3. See torch.cross. */
export function cross(input: Tensor, other: Tensor, ...rest: Optional<'dim', number | null>): Tensor {
  checkTensor('cross', input);
  checkTensor('cross', other, 'other');
  const { dim } = readArgs('cross', rest, { dim: null as number | null });
  const found = dim ?? input.shape.indexOf(3);
  if (dim === null && found < 0) throw new RuntimeError('no dimension of size 3 in input');
  return crossAlong(input, other, found);
}

/** {@link cross} along a dimension that is given. */
export function crossAlong(input: Tensor, other: Tensor, dim: number): Tensor {
  if (input.ndim !== other.ndim) {
    throw new RuntimeError('linalg.cross: inputs must have the same number of dimensions.');
  }
  const axis = normalDim(dim, input.ndim);
  if (input.ndim === 0) throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  const [n, m] = [input.shape[axis], other.shape[axis]];
  if (n !== 3 || m !== 3) {
    throw new RuntimeError(`linalg.cross: inputs dimension ${dim} must have length 3. Got ${n} and ${m}`);
  }
  const shape = broadcastShape(input.shape, other.shape);
  const [a, b] = [input, other].map((x) => (sameShape(x.shape, shape) ? x : expandTo(x, shape)));
  const next = (x: Tensor, by: number) => cat([narrow(x, axis, by, 3 - by), narrow(x, axis, 0, by)], axis);
  return next(a!, 1)
    .mul(next(b!, 2))
    .sub(next(a!, 2).mul(next(b!, 1)));
}

const COMPUTE_MODES = [
  'use_mm_for_euclid_dist_if_necessary',
  'use_mm_for_euclid_dist',
  'donot_use_mm_for_euclid_dist',
] as const;

/** Distances in the p-norm of each row of `x1` [*, n, k] from each of `x2` [*, m, k]; where one is 0 so is its gradient. See torch.cdist. */
export function cdist(
  x1: Tensor,
  x2: Tensor,
  ...rest: Optional<'p', number, { computeMode?: (typeof COMPUTE_MODES)[number] }>
): Tensor {
  const { p, computeMode } = readArgs('cdist', rest, { p: 2, computeMode: COMPUTE_MODES[0] as string });
  for (const [name, x] of Object.entries({ X1: x1, X2: x2 })) {
    checkTensor('cdist', x, name.toLowerCase());
    if (x.dtype !== 'float32')
      throw new RuntimeError(`cdist only supports floating-point dtypes, ${name} got: ${x.dtype}`);
    if (x.ndim < 2) throw new RuntimeError(`cdist only supports at least 2D tensors, ${name} got: ${x.ndim}D`);
  }
  const [n, m, k] = [x1.shape.at(-2)!, x2.shape.at(-2)!, x1.shape.at(-1)!];
  if (k !== x2.shape.at(-1)) {
    throw new RuntimeError(`X1 and X2 must have the same number of columns. X1: ${k} X2: ${x2.shape.at(-1)}`);
  }
  if (!(p !== null && p >= 0)) throw new RuntimeError('cdist only supports non-negative p values');
  const mode = COMPUTE_MODES.indexOf(computeMode as (typeof COMPUTE_MODES)[number]);
  if (mode < 0) throw new RuntimeError(`${computeMode} is not a valid value for compute_mode`);
  const batch = broadcastShape(x1.shape.slice(0, -2), x2.shape.slice(0, -2));
  const size = batch.reduce((a, b) => a * b, 1);
  const flat = (x: Tensor) => reshapeTo(expandTo(x, [...batch, ...x.shape.slice(-2)]), [size, ...x.shape.slice(-2)]);
  const byProduct = p === 2 && (mode === 1 || (mode === 0 && (n > 25 || m > 25)));
  return reshapeTo(byProduct ? euclideanByProduct(flat(x1), flat(x2)) : byDifference(flat(x1), flat(x2), p), [
    ...batch,
    n,
    m,
  ]);
}

function byDifference(x1: Tensor, x2: Tensor, p: number): Tensor {
  const difference = x1.unsqueeze(-2).sub(x2.unsqueeze(-3));
  return p === 2 || x1.shape.at(-1) === 0 ? root(difference.square().sum(-1)) : pNorm(difference, p, -1);
}

/** √(|a|² − 2ab + |b|²), as PyTorch has it for many rows; added in an order that rounds only once where they are near. */
function euclideanByProduct(x1: Tensor, x2: Tensor): Tensor {
  const product = matmul(x1.mul(-2), x2.mT);
  return root(product.add(x1.square().sum(-1, { keepdim: true })).add(x2.square().sum(-1).unsqueeze(-2)));
}

/** √x whose derivatives at 0, all of them, are 0. */
function root(x: Tensor): Tensor {
  const zero = x.le(0);
  return where(zero, 0, where(zero, 1, x).sqrt());
}
