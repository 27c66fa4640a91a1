import { type Optional, readArgs } from '../../args';
import { runMulti } from '../../backend/engine';
import { IndexError, RuntimeError, ValueError } from '../../errors';
import { where } from '../../ops/pointwise';
import { logSoftmax, softmax } from '../../ops/softmax';
import { recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduce } from '../reduction';
import { wrongLabel } from './checks';

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
 * Cross entropy of logits and classes. `input` is [N, C], [C] or [N, C, d1, …]; `target` holds class indices (int32, without
 * the C dimension) or class probabilities (float32, of input's shape). 'mean' divides by the weights of the targets that
 * count, or by N for probabilities. Labels outside [0, C) are an IndexError. See torch.nn.functional.cross_entropy.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, CrossEntropyOptions>
): Tensor {
  const options = readArgs('crossEntropy', rest, CROSS_ENTROPY);
  checkReduction(options.reduction);
  const { labelSmoothing } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  }
  if (String(input.shape) === String(target.shape)) return withProbabilities(input, target, options);
  checkClassTarget(input, target, options.weight, 'log_softmax_lastdim_kernel_impl');
  const rows = toRows(input);
  const labels = target.reshape(-1);
  const plain = options.weight === null && labelSmoothing === 0 && options.reduction === 'mean';
  const mean = plain && !isClass(options.ignoreIndex, rows) ? plainMean(rows, labels) : null;
  if (mean) return mean;
  const losses = labelLosses(rows, labels, options, (safe) => sparseSoftmaxCrossEntropy(rows, safe, false));
  if (labelSmoothing === 0) return finish(losses, target.shape, options.reduction);
  return smoothed(losses, rows, target.shape, options);
}

/** Negative log likelihood: `input` holds log-probabilities; all else as {@link crossEntropy}. See torch.nn.functional.nll_loss. */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'weight', Tensor | null, NLLLossOptions>
): Tensor {
  const options = readArgs('nllLoss', rest, NLL);
  checkReduction(options.reduction);
  if (input.ndim === 0) throw new ValueError('Expected 1 or more dimensions (got 0)');
  checkClassTarget(input, target, options.weight, 'nll_loss_out_frame');
  const rows = toRows(input);
  const classes = rows.shape[1]!;
  const losses = labelLosses(rows, target.reshape(-1), options, (safe) => {
    checkLabels(safe, classes);
    return rows.gather(1, safe.unsqueeze(1)).squeeze(1).neg();
  });
  return finish(losses, target.shape, options.reduction);
}

/** The losses of all elements, those that are ignored 0, with the factor of each. */
interface Losses {
  /** [n], already weighted. */
  each: Tensor;
  /** [n], the weight of each target, 0 where ignored; null where all are 1. */
  factors: Tensor | null;
  /** [n], false where ignored; null where none is. */
  counted: Tensor | null;
}

/** `lossOf` gets labels that are classes, and throws if they are not. */
function labelLosses(
  rows: Tensor,
  labels: Tensor,
  { weight, ignoreIndex }: typeof NLL,
  lossOf: (labels: Tensor) => Tensor,
): Losses {
  const classes = rows.shape[1]!;
  // Without a class index to ignore, a label that is to be ignored makes the plain way fail: no step pays for the search.
  try {
    if (!isClass(ignoreIndex, rows)) return weigh(lossOf(labels), labels, weight, null);
  } catch (error) {
    checkLabels(labels, classes, ignoreIndex, error);
  }
  const counted = labels.ne(ignoreIndex);
  const safe = where(counted, labels, 0);
  checkLabels(safe, classes);
  return weigh(lossOf(safe), safe, weight, counted);
}

const isClass = (label: number, rows: Tensor) => label >= 0 && label < rows.shape[1]!;

function weigh(losses: Tensor, labels: Tensor, weight: Tensor | null, counted: Tensor | null): Losses {
  if (weight === null && counted === null) return { each: losses, factors: null, counted };
  const ofLabels = weight ? weight.detach().indexSelect(0, labels) : counted!.float();
  const factors = weight && counted ? where(counted, ofLabels, 0) : ofLabels;
  const each = losses.mul(factors);
  // An ignored loss may be infinite, and 0·∞ is NaN.
  return { each: counted ? where(counted, each, 0) : each, factors, counted };
}

function finish({ each, factors }: Losses, shape: readonly number[], reduction: Reduction): Tensor {
  if (reduction === 'none') return each.reshape([...shape]);
  if (reduction === 'mean' && factors) return each.sum().div(factors.sum());
  return reduce(each, reduction);
}

/** (1 − ε) · loss + ε/C · (the loss against every class alike). */
function smoothed(
  losses: Losses,
  rows: Tensor,
  shape: readonly number[],
  { weight, reduction, labelSmoothing }: typeof CROSS_ENTROPY,
): Tensor {
  const logp = logSoftmax(rows, 1);
  const spread = (weight ? logp.mul(weight.detach()) : logp).sum(1).neg();
  const { counted } = losses;
  const even = { ...losses, each: counted ? where(counted, spread, 0) : spread };
  const share = labelSmoothing / rows.shape[1]!;
  return finish(losses, shape, reduction)
    .mul(1 - labelSmoothing)
    .add(finish(even, shape, reduction).mul(share));
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
  const shaped = weight?.detach().reshape(-1, ...input.shape.slice(classDim + 1).map(() => 1));
  const products = logSoftmax(input, classDim).mul(spread);
  const losses = (shaped ? products.mul(shaped) : products).sum(classDim).neg();
  return reduction === 'mean' ? losses.sum().div(input._size / classes) : reduce(losses, reduction);
}

function checkClassTarget(input: Tensor, target: Tensor, weight: Tensor | null, kernel: string): void {
  const [n, ...inner] = input.ndim === 1 ? [] : [input.shape[0]!, ...input.shape.slice(2)];
  if (input.dtype !== 'float32') throw new RuntimeError(`"${kernel}" not implemented for 'Long'`);
  if (input.ndim <= 2) {
    if (target.ndim > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported');
    const wanted = n === undefined ? '[]' : `[${n}]`;
    if (`[${target.shape}]` !== wanted) {
      throw new ValueError(
        `Expected input batch_size (${n ?? input.shape[0]}) to match target batch_size (${target.shape[0] ?? 1}).`,
      );
    }
  } else if (String(target.shape) !== String([n, ...inner])) {
    throw new RuntimeError(`Expected target size [${[n, ...inner].join(', ')}], got [${target.shape.join(', ')}]`);
  }
  if (target.dtype === 'float32') throw new RuntimeError('expected target dtype to be Long or Byte, but got Float');
  checkWeight('', weight, input.shape[input.ndim === 1 ? 0 : 1]!);
}

function checkWeight(prefix: string, weight: Tensor | null, classes: number): void {
  if (weight === null || (weight.ndim === 1 && weight.length === classes)) return;
  throw new RuntimeError(
    `${prefix}weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ` +
      `[${weight.shape.join(', ')}]`,
  );
}

/** Reads the labels to name the first that is no class (nor ignored); where all are, `cause` is what else went wrong. */
function checkLabels(labels: Tensor, classes: number, ignoreIndex?: number, cause?: unknown): void {
  const wrong = wrongLabel(labels, classes, ignoreIndex);
  if (wrong) throw new IndexError(`Target ${wrong}`);
  if (cause !== undefined && !labels.toTypedArray().includes(ignoreIndex!)) throw cause;
}

/** [N, C, d1, …] as [N·d1·…, C], and [C] as [1, C]. */
function toRows(input: Tensor): Tensor {
  if (input.ndim <= 2) return input.ndim === 1 ? input.unsqueeze(0) : input;
  return input.movedim(1, -1).reshape(-1, input.shape[1]!);
}

/** Losses [n] of logits [n, c] and labels [n], or their mean, differentiated twice over. */
function sparseSoftmaxCrossEntropy(logits: Tensor, labels: Tensor, mean: boolean): Tensor {
  const values = runMulti('SparseSoftmaxCrossEntropy', { logits: logits._value, labels: labels._value }, { mean });
  const how = { name: 'NllLoss', inputs: [logits], saves: [logits] };
  const n = logits.shape[0]!;
  // The kernel's second output is the gradient; as an output of this node it has a gradient of its own, softmax's.
  const [losses] = recordMulti(
    values,
    how,
    ([, slope]) =>
      ([gLoss, gSlope]) => {
        const first = gLoss ? slope!.mul(mean ? gLoss.div(n) : gLoss.unsqueeze(1)) : null;
        if (!gSlope) return [first];
        const p = softmax(logits, 1);
        const second = p.mul(gSlope.sub(p.mul(gSlope).sum(1, { keepdim: true })));
        return [first ? first.add(second) : second];
      },
    ([, slope]) => [slope!],
  );
  return losses!;
}

/** The common case in one kernel; null where labels are not all classes, for the caller to see which are to be ignored. */
function plainMean(rows: Tensor, labels: Tensor): Tensor | null {
  try {
    return sparseSoftmaxCrossEntropy(rows, labels, true);
  } catch {
    return null;
  }
}
