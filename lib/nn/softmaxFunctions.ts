/** Softmax as torch.nn.functional has it: `dim` may be left out, with a warning. */
import { type Optional, readArgs } from '../args';
import { checkTensor } from '../ops/define';
import * as ops from '../ops/softmax';
import type { Tensor } from '../tensor/tensor';

type Rest = Optional<'dim', number | null, ops.SoftmaxOptions>;

function softmaxOf(where: string, op: typeof ops.softmax, input: Tensor, rest: Rest): Tensor {
  checkTensor(where, input);
  const { dim, dtype } = readArgs(where, rest, { dim: null as number | null, dtype: null as string | null });
  return op(input, dim ?? implicitDim(where, input.ndim), { dtype });
}

function implicitDim(where: string, ndim: number): number {
  console.warn(
    `Implicit dimension choice for ${where} has been deprecated. Change the call to include dim=X as an argument.`,
  );
  return [0, 1, 3].includes(ndim) ? 0 : 1;
}

/** exp(x) / Σ exp(x) along `dim`. See torch.nn.functional.softmax. */
export function softmax(input: Tensor, ...rest: Rest): Tensor {
  return softmaxOf('softmax', ops.softmax, input, rest);
}

/** {@link softmax} of −x. See torch.nn.functional.softmin. */
export function softmin(input: Tensor, ...rest: Rest): Tensor {
  checkTensor('softmin', input);
  return softmaxOf('softmin', ops.softmax, input.neg(), rest);
}

/** The logarithm of {@link softmax}, computed without overflow. See torch.nn.functional.log_softmax. */
export function logSoftmax(input: Tensor, ...rest: Rest): Tensor {
  return softmaxOf('logSoftmax', ops.logSoftmax, input, rest);
}
