import { noMore, type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { sizeOf, tensor } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { broadcastShape, checkTensor, savedForOther } from './define';
import { sumTo } from './layout';
import { where } from './pointwise';

/** Products are of two tensors of one dtype, float32 or int32. */
function checkNumbers(where: string, ...tensors: Tensor[]): void {
  tensors.forEach((t, i) => checkTensor(where, t, ['input', 'other', 'mat2'][i]));
  const dtypes = tensors.map((t) => t.dtype);
  if (dtypes.includes('bool') || new Set(dtypes).size > 1) {
    throw new RuntimeError(
      `${where}: expected tensors of one dtype, float32 or int32, but got ${dtypes.join(' and ')}`,
    );
  }
}

/** Product over the last two dimensions, either operand transposed, the others broadcast. All others come down to it. */
function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  const twoD = a.ndim === 2 && b.ndim === 2;
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const kernel = twoD ? 'MatMul' : 'BatchMatMulBroadcast';
  const value = run(kernel, { a: a._value, b: b._value }, { transposeA, transposeB, batch });
  const node = { name: twoD ? 'Mm' : 'Bmm', inputs: [a, b], saves: savedForOther(a, b) };
  return record(value, node, () => [
    (g) => (transposeA ? product(b, g!, transposeB, true) : product(g!, b, false, !transposeB)).sumToSize(a.shape),
    (g) => (transposeB ? product(g!, a, true, transposeA) : product(a, g!, !transposeA, false)).sumToSize(b.shape),
  ]);
}

const shapes = (a: Tensor, b: Tensor) => `[${a.shape.join(', ')}] and [${b.shape.join(', ')}]`;
const times = (t: Tensor) => t.shape.slice(-2).join('x');

/** Matrix product of [n, k] and [k, m]. See torch.mm. */
export function mm(input: Tensor, mat2: Tensor): Tensor {
  noMore('mm(input, mat2)', arguments.length, 2);
  checkNumbers('mm', input, mat2);
  if (input.ndim !== 2) throw new RuntimeError(`self must be a matrix, got the shapes ${shapes(input, mat2)}`);
  if (mat2.ndim !== 2) throw new RuntimeError(`mat2 must be a matrix, got the shapes ${shapes(input, mat2)}`);
  checkInner(input, mat2);
  return product(input, mat2);
}

function checkInner(a: Tensor, b: Tensor): void {
  if (a.shape.at(-1) === b.shape.at(-2)) return;
  throw new RuntimeError(`mat1 and mat2 shapes cannot be multiplied (${times(a)} and ${times(b)})`);
}

/** Batched product of [b, n, k] and [b, k, m]. See torch.bmm. */
export function bmm(input: Tensor, mat2: Tensor): Tensor {
  noMore('bmm(input, mat2)', arguments.length, 2);
  checkNumbers('bmm', input, mat2);
  if (input.ndim !== 3 || mat2.ndim !== 3) {
    throw new RuntimeError(`batch1 and batch2 must be 3D tensors, got the shapes ${shapes(input, mat2)}`);
  }
  const [batch, , inner] = input.shape;
  if (mat2.shape[0] !== batch || mat2.shape[1] !== inner) {
    throw new RuntimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${inner}] but got: [${mat2.shape.slice(0, 2).join(', ')}].`,
    );
  }
  return product(input, mat2);
}

/** Matrix [n, k] times vector [k]. See torch.mv. */
export function mv(input: Tensor, vec: Tensor): Tensor {
  noMore('mv(input, vec)', arguments.length, 2);
  checkNumbers('mv', input, vec);
  if (input.ndim !== 2 || vec.ndim !== 1) {
    throw new RuntimeError(`vector + matrix @ vector expected, got ${input.ndim}, ${vec.ndim}`);
  }
  if (input.shape[1] !== vec.shape[0]) {
    throw new RuntimeError(
      `size mismatch, got input (${input.shape[0]}), mat (${times(input)}), vec (${vec.shape[0]})`,
    );
  }
  return product(input, vec.unsqueeze(1)).squeeze(1);
}

/** Inner product of two vectors. See torch.dot. */
export function dot(input: Tensor, other: Tensor): Tensor {
  noMore('dot(input, other)', arguments.length, 2);
  checkNumbers('dot', input, other);
  if (input.ndim !== 1 || other.ndim !== 1) {
    throw new RuntimeError(`1D tensors expected, but got ${input.ndim}D and ${other.ndim}D tensors`);
  }
  if (input.length !== other.length) {
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor [${input.length}] and src [${other.length}] to have the same number of elements, ` +
        `but got ${input.length} and ${other.length} elements respectively`,
    );
  }
  return input.mul(other).sum();
}

/** Every product of an element of one vector with one of the other. See torch.outer. */
export function outer(input: Tensor, vec2: Tensor): Tensor {
  noMore('outer(input, vec2)', arguments.length, 2);
  checkTensor('outer', input);
  checkTensor('outer', vec2, 'vec2');
  for (const [name, t] of [
    ['self', input],
    ['vec2', vec2],
  ] as const) {
    if (t.ndim !== 1) throw new RuntimeError(`outer: Expected 1-D argument ${name}, but got ${t.ndim}-D`);
  }
  return input.unsqueeze(1).mul(vec2.unsqueeze(0));
}

/** beta · input + alpha · (mat1 mat2). See torch.addmm. */
export function addmm(
  input: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  ...rest: [options?: { beta?: number; alpha?: number }]
): Tensor {
  checkTensor('addmm', input);
  const { beta, alpha } = readArgs('addmm', rest, { beta: 1, alpha: 1 }, 0);
  const scaled = (x: Tensor, by: number) => (by === 1 ? x : x.mul(by));
  const result = scaled(mm(mat1, mat2), alpha);
  const shape = broadcastShape(input.shape, result.shape);
  if (String(shape) !== String(result.shape)) {
    throw new RuntimeError(
      `The expanded size of the tensor must match: cannot expand [${input.shape}] to [${result.shape}]`,
    );
  }
  // With beta 0, NaN and infinity in input are not propagated, as PyTorch documents.
  return (beta === 0 ? where(tensor(false), input, 0) : scaled(input, beta)).add(result);
}

/** The product of vectors, matrices and batches, by the number of dimensions of each. See torch.matmul. */
export function matmul(input: Tensor, other: Tensor): Tensor {
  noMore('matmul(input, other)', arguments.length, 2);
  checkNumbers('matmul', input, other);
  if (input.ndim === 0 || other.ndim === 0) {
    throw new RuntimeError(
      `both arguments to matmul need to be at least 1D, but they are ${input.ndim}D and ${other.ndim}D`,
    );
  }
  if (input.ndim === 1 && other.ndim === 1) return dot(input, other);
  if (input.ndim === 2 && other.ndim === 1) return mv(input, other);
  const a = input.ndim === 1 ? input.unsqueeze(0) : input;
  const b = other.ndim === 1 ? other.unsqueeze(1) : other;
  checkInner(a, b);
  const result = b.ndim === 2 && a.ndim > 2 ? foldedProduct(a, b) : product(a, b);
  return dropAdded(result, input.ndim === 1, other.ndim === 1);
}

/** All but the last dimension as one. */
function rowsOf(x: Tensor): Tensor {
  return x.reshape(sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!);
}

/** Batches of rows times one matrix are one large product. */
function foldedProduct(a: Tensor, b: Tensor): Tensor {
  return product(rowsOf(a), b).reshape(...a.shape.slice(0, -1), b.shape[1]!);
}

function dropAdded(result: Tensor, first: boolean, last: boolean): Tensor {
  if (first) return result.squeeze(-2);
  return last ? result.squeeze(-1) : result;
}

/** input · weightᵀ + bias, for input [*, in], weight [out, in], bias [out]. See torch.nn.functional.linear. */
export function linear(input: Tensor, weight: Tensor, ...rest: Optional<'bias', Tensor | null>): Tensor {
  const { bias } = readArgs('linear', rest, { bias: null as Tensor | null });
  checkNumbers('linear', input, weight);
  if (weight.ndim === 1) return linear(input, weight.unsqueeze(0), bias).squeeze(-1);
  if (input.ndim === 0 || weight.ndim !== 2)
    throw new RuntimeError(`linear: input and weight have the shapes ${shapes(input, weight)}`);
  const [out, inner] = weight.shape as [number, number];
  const rows = input.ndim === 2 ? input : rowsOf(input);
  if (rows.shape[1] !== inner) {
    throw new RuntimeError(`mat1 and mat2 shapes cannot be multiplied (${times(rows)} and ${inner}x${out})`);
  }
  const result = bias === null ? product(rows, weight, false, true) : linear2d(rows, weight, checkBias(bias, out));
  return input.ndim === 2 ? result : result.reshape(...input.shape.slice(0, -1), out);
}

function checkBias(bias: Tensor, out: number): Tensor {
  checkNumbers('linear', bias);
  if (bias.ndim > 1 || (bias._size !== out && bias._size !== 1)) {
    throw new RuntimeError(
      `linear: bias must have ${out} elements, as many as weight has rows, got shape [${bias.shape}]`,
    );
  }
  return bias._size === out && bias.ndim === 1 ? bias : bias.expand(out);
}

function linear2d(x: Tensor, w: Tensor, bias: Tensor): Tensor {
  const value = run('Linear', { x: x._value, w: w._value, bias: bias._value });
  return record(value, { name: 'Addmm', inputs: [x, w, bias], saves: savedForOther(x, w) }, () => [
    (g) => product(g!, w),
    (g) => product(g!, x, true, false),
    (g) => sumTo(g!, [w.shape[0]!]),
  ]);
}
