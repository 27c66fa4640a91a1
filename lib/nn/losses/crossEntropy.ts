import { type Optional, readArgs } from '../../args';
import { constant, runMulti, type Value } from '../../backend/engine';
import type { CrossEntropy as CrossEntropyAttrs } from '../../backend/kernels/crossEntropy';
import { IndexError, RuntimeError, ValueError } from '../../errors';
import { where } from '../../ops/pointwise';
import { logSoftmax, softmax } from '../../ops/softmax';
import { checkTensors } from '../../tensor/check';
import { recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduce } from '../reduction';
import { checkFloatWeight, refuseGradient } from './checks';

export interface NLLLossOptions {
  /** One factor per class. */
  weight?: Tensor | null;
  /** The label of elements that do not count. */
  ignoreIndex?: number;
  reduction?: Reduction;
}

export interface CrossEntropyOptions extends NLLLossOptions {
  /** The share of each target that is spread evenly over all classes, from 0 to 1. */
  labelSmoothing?: number;
}

export const NLL = { weight: null as Tensor | null, ignoreIndex: -100, reduction: 'mean' as Reduction };
export const CROSS_ENTROPY = { ...NLL, labelSmoothing: 0 };

/**
 * Cross entropy of logits and classes: `−w[y]·ln softmax(x)[y]`, reduced. `input` is [N, C], [C] or [N, C, d1, …]; `target` holds
 * class indices (int32, without the C dimension) or class probabilities (float32, of input's shape). 'mean' divides by the
 * weights of the targets that count, or by N for probabilities. Labels outside [0, C) are an IndexError. See torch.nn.functional.cross_entropy.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, CrossEntropyOptions>
): Tensor {
  const options = readArgs('crossEntropy', rest, CROSS_ENTROPY);
  checkTensors('crossEntropy', { input, target }, { weight: options.weight });
  checkReduction(options.reduction);
  const { labelSmoothing } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  }
  if (String(input.shape) === String(target.shape)) return withProbabilities(input, target, options);
  checkClassTarget(input, target, options.weight, 'log_softmax_lastdim_kernel_impl');
  const [rows, labels] = [toRows(input), target.reshape(-1)];
  const loss = shaped(classLosses(rows, labels, options, false), target.shape);
  return labelSmoothing === 0 ? loss : smoothed(loss, rows, labels, target.shape, options);
}

/**
 * Negative log likelihood: `−w[y]·x[y]`, reduced. `input` holds log-probabilities; all else as {@link crossEntropy}.
 * See torch.nn.functional.nll_loss.
 */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, NLLLossOptions>
): Tensor {
  const options = readArgs('nllLoss', rest, NLL);
  checkTensors('nllLoss', { input, target }, { weight: options.weight });
  checkReduction(options.reduction);
  if (input.ndim === 0) throw new ValueError('Expected 1 or more dimensions (got 0)');
  checkClassTarget(input, target, options.weight, 'nll_loss_out_frame');
  return shaped(classLosses(toRows(input), target.reshape(-1), options, true), target.shape);
}

/** Losses of all elements back in their shape; reduced ones are. */
const shaped = (losses: Tensor, shape: readonly number[]) => (losses.ndim === 0 ? losses : losses.reshape([...shape]));

/** Losses [n] of logits [n, c], or of logarithms of probabilities, and labels [n], or their mean or sum, differentiated twice over. */
function classLosses(
  rows: Tensor,
  labels: Tensor,
  { weight, ignoreIndex, reduction }: typeof NLL,
  fromLog: boolean,
): Tensor {
  const inputs = { logits: rows._value, labels: labels._value, weight: weight?._value ?? constant([]) };
  const values = runOnClasses(inputs, { reduction, ignoreIndex, fromLog });
  // The second output is the gradient; as an output of this node it has a gradient of its own, softmax's.
  const [losses] = recordMulti(
    values,
    { name: 'NllLoss', inputs: [rows], saves: [rows] },
    ([, slopes, shares]) =>
      ([gLoss, gSlopes]) => {
        // What is ignored has the gradient 0, also where its loss' is NaN.
        const each = gLoss && gLoss.ndim > 0 ? where(shares!.eq(0), 0, gLoss).unsqueeze(1) : gLoss;
        const first = each ? slopes!.mul(each) : null;
        if (!gSlopes || fromLog) return [first];
        const p = softmax(rows, 1);
        const second = p.mul(gSlopes.sub(p.mul(gSlopes).sum(1, { keepdim: true }))).mul(shares!.unsqueeze(1));
        return [first ? first.add(second) : second];
      },
    ([, slopes, shares]) => [slopes!, shares!],
  );
  return losses!;
}

function runOnClasses(inputs: Record<string, Value>, attrs: CrossEntropyAttrs): Value[] {
  try {
    return runMulti('CrossEntropy', inputs, attrs);
  } catch (cause) {
    const found = /Target .* classes\./.exec((cause as Error).message);
    throw found ? new IndexError(found[0], { cause }) : cause;
  }
}

/** (1 − ε) · loss + ε/C · (the loss against every class alike). */
function smoothed(
  loss: Tensor,
  rows: Tensor,
  labels: Tensor,
  shape: readonly number[],
  { weight, ignoreIndex, reduction, labelSmoothing }: typeof CROSS_ENTROPY,
): Tensor {
  const logp = logSoftmax(rows, 1);
  const counted = labels.ne(ignoreIndex);
  const spread = where(counted, (weight ? logp.mul(weight) : logp).sum(1).neg(), 0);
  const factors = weight?.indexSelect(0, where(counted, labels, 0));
  const total = factors ? where(counted, factors, 0).sum() : counted.sum();
  const even = reduction === 'mean' ? spread.sum().div(total) : shaped(reduce(spread, reduction), shape);
  return loss.mul(1 - labelSmoothing).add(even.mul(labelSmoothing / rows.shape[1]!));
}

function withProbabilities(
  input: Tensor,
  target: Tensor,
  { weight, ignoreIndex, reduction, labelSmoothing }: typeof CROSS_ENTROPY,
): Tensor {
  if (target.dtype !== 'float32') {
    throw new RuntimeError('Expected floating point type for target with class probabilities, got Long');
  }
  if (ignoreIndex >= 0) throw new RuntimeError('ignore_index is not supported for floating point target');
  const classDim = input.ndim === 1 ? 0 : 1;
  const classes = input.shape[classDim]!;
  checkWeight('cross_entropy: ', weight, classes);
  const spread = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  const shaped = weight?.reshape(-1, ...input.shape.slice(classDim + 1).map(() => 1));
  const products = logSoftmax(input, classDim).mul(spread);
  const losses = (shaped ? products.mul(shaped) : products).sum(classDim).neg();
  return reduction === 'mean' ? losses.sum().div(input._size / classes) : reduce(losses, reduction);
}

function checkClassTarget(input: Tensor, target: Tensor, weight: Tensor | null, kernel: string): void {
  const [n, ...inner] = input.ndim === 1 ? [] : [input.shape[0]!, ...input.shape.slice(2)];
  const wrongBatch = n === undefined ? target.ndim === 1 : n !== (target.shape[0] ?? 0);
  if (wrongBatch) {
    throw new ValueError(
      `Expected input batch_size (${input.shape[0] ?? 1}) to match target batch_size (${target.shape[0] ?? 0}).`,
    );
  }
  if (input.dtype !== 'float32') throw new RuntimeError(`"${kernel}" not implemented for 'Long'`);
  if (input.ndim <= 2) {
    if (target.ndim > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported');
  } else if (String(target.shape) !== String([n, ...inner])) {
    throw new RuntimeError(`Expected target size [${[n, ...inner].join(', ')}], got [${target.shape.join(', ')}]`);
  }
  if (target.dtype !== 'int32')
    throw new RuntimeError(
      `expected target dtype to be Long or Byte, but got ${target.dtype === 'bool' ? 'Bool' : 'Float'}`,
    );
  checkWeight('', weight, input.shape[input.ndim === 1 ? 0 : 1]!);
  checkFloatWeight(weight);
  refuseGradient('nll_loss_forward', 'weight', weight);
}

function checkWeight(prefix: string, weight: Tensor | null, classes: number): void {
  if (weight === null || (weight.ndim === 1 && weight.length === classes)) return;
  throw new RuntimeError(
    `${prefix}weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ` +
      `[${weight.shape.join(', ')}]`,
  );
}

/** [N, C, d1, …] as [N·d1·…, C], and [C] as [1, C]. */
function toRows(input: Tensor): Tensor {
  if (input.ndim <= 2) return input.ndim === 1 ? input.unsqueeze(0) : input;
  return input.movedim(1, -1).reshape(-1, input.shape[1]!);
}
