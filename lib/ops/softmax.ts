import { type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { asDtype } from '../tensor/dtype';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim, withValues } from './define';
import { type Dims, reductionDims } from './dims';
import { reshapeTo, unreduced } from './layout';

export interface SoftmaxOptions {
  /** Convert to this dtype first. */
  dtype?: string | null;
}

type Args = Optional<'dim', number, SoftmaxOptions>;

/** exp(x) / Σ exp(x) along `dim`, which must be given. See torch.softmax and torch.nn.functional.softmax. */
export function softmax(input: Tensor, ...rest: Args): Tensor {
  const { x, dim } = readSoftmax('softmax', input, rest);
  if (x.ndim === 0) return reshapeTo(softmax(reshapeTo(x, [1]), 0), []);
  const value = run('SoftmaxAlong', { x: x._value }, { dim, log: false });
  const gradient = (g: Tensor, y: Tensor) => g.sub(g.mul(y).sum(dim, { keepdim: true })).mul(y);
  return record(value, { name: 'Softmax', inputs: [x] }, (y) => [(g) => gradient(g!, y)], true);
}

/** The logarithm of {@link softmax}, computed without overflow. See torch.log_softmax and torch.nn.functional.log_softmax. */
export function logSoftmax(input: Tensor, ...rest: Args): Tensor {
  const { x, dim } = readSoftmax('logSoftmax', input, rest);
  if (x.ndim === 0) return reshapeTo(logSoftmax(reshapeTo(x, [1]), 0), []);
  const value = run('SoftmaxAlong', { x: x._value }, { dim, log: true });
  const gradient = (g: Tensor, y: Tensor) => g.sub(y.exp().mul(g.sum(dim, { keepdim: true })));
  return record(value, { name: 'LogSoftmax', inputs: [x] }, (y) => [(g) => gradient(g!, y)], true);
}

function readSoftmax(where: string, input: Tensor, rest: Args): { x: Tensor; dim: number } {
  checkTensor(where, input);
  const { dim, dtype } = readArgs(where, rest, { dim: null as number | null, dtype: null as string | null });
  if (dim === null) throw new TypeError(`${where}(): missing 1 required argument: 'dim'`);
  const x = dtype === null ? input : input.to(asDtype(where, dtype));
  const axis = normalDim(dim, x.ndim);
  if (x.dtype !== 'float32') {
    throw new RuntimeError(`"${where}" not implemented for '${x.dtype}'; give { dtype: 'float32' }`);
  }
  return { x, dim: axis };
}

/** ln Σ exp(x) over `dim`, computed without overflow; −∞ where all are, with PyTorch's gradient NaN. See torch.logsumexp. */
export function logsumexp(input: Tensor, dim: Dims, ...rest: Optional<'keepdim', boolean>): Tensor {
  checkTensor('logsumexp', input);
  if (dim === undefined) throw new TypeError(`logsumexp() missing 1 required positional arguments: "dim"`);
  const { keepdim } = readArgs('logsumexp', rest, { keepdim: false });
  const x = input;
  const axes = reductionDims(dim, x.ndim);
  const value = withValues([x], 'float32', (v) => run('LogSumExp', { x: v }, { axes, keepDims: keepdim }));
  const full = (t: Tensor) => unreduced(t, x.shape, axes, keepdim);
  return record(
    value,
    { name: 'Logsumexp', inputs: [x], saves: [x] },
    (y) => [(g) => full(g!).mul(x.sub(full(y)).exp())],
    true,
  );
}
