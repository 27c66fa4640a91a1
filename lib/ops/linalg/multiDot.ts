import { noMore } from '../../args';
import { RuntimeError } from '../../errors';
import type { Tensor } from '../../tensor/tensor';
import { checkArray, checkTensor } from '../define';
import { show } from '../dims';
import { reshapeTo } from '../layout';
import { mm } from '../matmul';

/** The product of two or more matrices in the cheapest order; the first and the last may be vectors. See torch.linalg.multi_dot. */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  noMore('multiDot(tensors)', arguments.length, 1);
  checkArray('multiDot', tensors, 'tensors');
  const n = tensors.length;
  if (n < 2) throw new RuntimeError(`multi_dot(): expected at least 2 tensors but got ${n}`);
  tensors.forEach((x, i) => {
    checkTensor('multiDot', x, 'tensors');
    const end = i === 0 || i === n - 1;
    if (x.ndim === 2 || (end && x.ndim === 1)) return;
    throw new RuntimeError(`multi_dot(): tensor ${i} must be ${end ? '1D or 2D' : '2D'} but got ${x.ndim}D`);
  });
  const chain = tensors.map((x, i) => (x.ndim === 2 ? x : x.unsqueeze(i === 0 ? 0 : 1)));
  chain.slice(1).forEach((x, i) => {
    if (chain[i]!.shape[1] === x.shape[0]) return;
    throw new RuntimeError(
      `multi_dot(): tensors ${i} and ${i + 1} with shapes ${show(tensors[i]!.shape)} and ${show(tensors[i + 1]!.shape)} cannot be multiplied`,
    );
  });
  const ends = [...(tensors[0]!.ndim === 1 ? [] : [chain[0]!.shape[0]!])];
  if (tensors[n - 1]!.ndim === 2) ends.push(chain[n - 1]!.shape[1]!);
  return reshapeTo(cheapest(chain), ends);
}

/** As {@link multiDot}, of matrices as separate arguments; of one that itself. See torch.chain_matmul. */
export function chainMatmul(...matrices: Tensor[]): Tensor {
  matrices.forEach((x, i) => {
    checkTensor('chainMatmul', x, 'matrices');
    if (x.ndim !== 2) throw new RuntimeError(`Tensor dimension is ${x.ndim}, expected 2 instead (tensor ${i}).`);
  });
  if (matrices.length === 0) throw new RuntimeError('chain_matmul(): Expected one or more matrices');
  return matrices.length === 1 ? matrices[0]! : multiDot(matrices);
}

/** Matrix chain ordering by dynamic programming (Cormen et al., Introduction to Algorithms, 15.2). */
function cheapest(chain: readonly Tensor[]): Tensor {
  const sizes = [chain[0]!.shape[0]!, ...chain.map((x) => x.shape[1]!)];
  const best = new Map<string, { cost: number; split: number }>();
  const plan = (i: number, j: number): { cost: number; split: number } => {
    const key = `${i},${j}`;
    const known = best.get(key);
    if (known) return known;
    let found = { cost: i === j ? 0 : Number.POSITIVE_INFINITY, split: i };
    for (let k = i; k < j; k++) {
      const cost = plan(i, k).cost + plan(k + 1, j).cost + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!;
      if (cost < found.cost) found = { cost, split: k };
    }
    best.set(key, found);
    return found;
  };
  const product = (i: number, j: number): Tensor => {
    const { split } = plan(i, j);
    return i === j ? chain[i]! : mm(product(i, split), product(split + 1, j));
  };
  return product(0, chain.length - 1);
}
