/** Dropout as torch.nn.functional has it, with defaults. The masks come from the default generator and are PyTorch's. */
import { type Optional, readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { checkTensor } from '../ops/define';
import * as ops from '../ops/dropout';
import type { Tensor } from '../tensor/tensor';

export interface DropoutOptions {
  training?: boolean;
  inplace?: boolean;
}

type Rest = Optional<'p', number, DropoutOptions>;
type Pair = readonly [plain: typeof ops.dropout, inPlace: typeof ops.dropout];

const ELEMENT: Pair = [ops.dropout, ops.dropout_];
const FEATURE: Pair = [ops.featureDropout, ops.featureDropout_];
const ALPHA: Pair = [ops.alphaDropout, ops.alphaDropout_];
const FEATURE_ALPHA: Pair = [ops.featureAlphaDropout, ops.featureAlphaDropout_];

export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`);
}

function drop(where: string, [plain, inPlace]: Pair, input: Tensor, rest: Rest, training = true): Tensor {
  const options = readArgs(where, rest, { p: 0.5, training, inplace: false });
  checkProbability(options.p);
  return (options.inplace ? inPlace : plain)(input, options.p, options.training);
}

/** Zeroes each element with probability `p` and scales the others by 1/(1−p). Not training: the input itself. See torch.nn.functional.dropout. */
export function dropout(input: Tensor, ...rest: Rest): Tensor {
  return drop('dropout', ELEMENT, input, rest);
}

/** Dropout for selu networks, which keeps mean and variance; `training` is false by default. See torch.nn.functional.alpha_dropout. */
export function alphaDropout(input: Tensor, ...rest: Rest): Tensor {
  return drop('alphaDropout', ALPHA, input, rest, false);
}

/** {@link alphaDropout} of whole channels of [N, C, *]; `training` is false by default. See torch.nn.functional.feature_alpha_dropout. */
export function featureAlphaDropout(input: Tensor, ...rest: Rest): Tensor {
  return drop('featureAlphaDropout', FEATURE_ALPHA, input, rest, false);
}

/** {@link dropout} of whole channels of [N, C, L] or [C, L]. See torch.nn.functional.dropout1d. */
export function dropout1d(input: Tensor, ...rest: Rest): Tensor {
  checkTensor('dropout1d', input);
  if (input.ndim !== 2 && input.ndim !== 3) {
    throw new RuntimeError(
      `dropout1d: Expected 2D or 3D input, but received a ${input.ndim}D input. Note that dropout1d exists to provide ` +
        'channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension ' +
        '(i.e. 2D or 3D inputs).',
    );
  }
  return dropBatched('dropout1d', 3, input, rest);
}

/** {@link dropout} of whole channels of [N, C, H, W]; a 3-d input is taken as [N, C, L], with a warning. See torch.nn.functional.dropout2d. */
export function dropout2d(input: Tensor, ...rest: Rest): Tensor {
  checkTensor('dropout2d', input);
  if (input.ndim !== 3 && input.ndim !== 4) warnOfDims('dropout2d', input.ndim, 2, '3D or 4D');
  if (input.ndim === 3) {
    console.warn(
      'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - input is ' +
        'interpreted as shape (N, C, L), where C is the channel dim. Use dropout1d for that.',
    );
  }
  return drop('dropout2d', FEATURE, input, rest);
}

/** {@link dropout} of whole channels of [N, C, D, H, W] or [C, D, H, W]. See torch.nn.functional.dropout3d. */
export function dropout3d(input: Tensor, ...rest: Rest): Tensor {
  checkTensor('dropout3d', input);
  if (input.ndim !== 4 && input.ndim !== 5) warnOfDims('dropout3d', input.ndim, 3, '4D or 5D');
  return dropBatched('dropout3d', 5, input, rest);
}

function warnOfDims(where: string, ndim: number, spatial: number, wanted: string): void {
  console.warn(
    `${where}: Received a ${ndim}-D input to ${where}, which is deprecated and will result in an error in a future release. To ` +
      'retain the behavior and silence this warning, please use dropout instead. Note that ' +
      `${where} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel dimension, and an ` +
      `optional batch dimension (i.e. ${wanted} inputs).`,
  );
}

/** What has not the `ndim` dimensions of a batch is one sample. The view shows in its base what is written. */
function dropBatched(where: string, ndim: number, input: Tensor, rest: Rest): Tensor {
  return input.ndim === ndim
    ? drop(where, FEATURE, input, rest)
    : drop(where, FEATURE, input.unsqueeze(0), rest).squeeze(0);
}
