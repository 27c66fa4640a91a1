import type { Timed } from '../serve';

export interface OpTask extends Timed {
  name: string;
  /** The size of the operands: see {@link CASES}. */
  n: number;
  /** Whether the operation is recorded for backward. */
  recorded: boolean;
}

const matrices = (count: number) => (n: number) => 4 * count * n * n;
const product = (n: number) => 2 * n ** 3;

/**
 * The operations, by what flambeau.ts, tfjs.ts and torch_ops.py call them, with their work: bytes that must be read and
 * written, or floating-point operations of products. `x`, `y` are [n, n], `row` [n], `batch` [32, n/4, n/4], `index` is [n]
 * and `places` [n, n] of integers below n, `mask` [n, n] of bools.
 */
export const CASES: Record<string, (n: number) => number> = {
  add: matrices(3),
  'add row': matrices(2),
  'mul 2': matrices(2),
  exp: matrices(2),
  tanh: matrices(2),
  sigmoid: matrices(2),
  relu: matrices(2),
  sqrt: matrices(2),
  clamp: matrices(2),
  'gelu chain': matrices(10),
  add_: matrices(3),
  gt: (n) => 9 * n * n,
  where: (n) => 13 * n * n,
  matmul: product,
  'matmul xᵀ': product,
  linear: product,
  bmm: (n) => 64 * (n / 4) ** 3,
  sum: matrices(1),
  'sum(-1)': matrices(1),
  'sum(0)': matrices(1),
  mean: matrices(1),
  'mean(-1)': matrices(1),
  'mean(0)': matrices(1),
  max: matrices(1),
  'max(-1)': matrices(1),
  'max(0)': matrices(1),
  'argmax(-1)': matrices(1),
  'argmax(0)': matrices(1),
  'amax(-1)': matrices(1),
  'amax(0)': matrices(1),
  var: matrices(1),
  'var(-1)': matrices(1),
  'var(0)': matrices(1),
  'logsumexp(-1)': matrices(1),
  'logsumexp(0)': matrices(1),
  'softmax(-1)': matrices(2),
  'softmax(0)': matrices(2),
  'logSoftmax(-1)': matrices(2),
  norm: matrices(1),
  'cumsum(-1)': matrices(2),
  'cumsum(0)': matrices(2),
  'cummax(-1)': matrices(3),
  'sort(-1)': matrices(3),
  'sort(0)': matrices(3),
  'topk(5)': matrices(1),
  'indexSelect(0)': matrices(2),
  'indexSelect(1)': matrices(2),
  'gather(-1)': matrices(3),
  'gather(0)': matrices(3),
  'scatterAdd(-1)': matrices(4),
  'scatterAdd(0)': matrices(4),
  bucketize: matrices(2),
  bincount: matrices(1),
  'cat(0)': matrices(4),
  'cat(1)': matrices(4),
  't contiguous': matrices(2),
  'permute batch': (n) => 16 * n * n,
  'narrow(1)': matrices(1),
  crossEntropy: matrices(1),
  'crossEntropy ignored': matrices(1),
  rand: matrices(1),
  randn: matrices(1),
};
