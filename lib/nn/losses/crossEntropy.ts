import { type Optional, readArgs } from '../../args';
import { type Attrs, constant, runMulti, type Value } from '../../backend/engine';
import { IndexError, RuntimeError, ValueError } from '../../errors';
import { normalDim } from '../../ops/define';
import { where } from '../../ops/pointwise';
import { logSoftmax, softmax } from '../../ops/softmax';
import { checkTensors } from '../../tensor/check';
import { recordMulti } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction } from '../reduction';
import { checkFloatWeight, checkIgnoreIndex, refuseGradient } from './checks';
import { total } from './pointLoss';

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
  checkIgnoreIndex('crossEntropy', options.ignoreIndex);
  const { labelSmoothing } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  }
  if (String(input.shape) === String(target.shape)) return withProbabilities(input, target, options);
  checkClassTarget(input, target, options.weight, 'log_softmax_lastdim_kernel_impl');
  const [rows, labels] = [toRows(input), target.reshape(-1)];
  const losses =
    labelSmoothing === 0 ? classLosses(rows, labels, options, false) : softLosses(rows, { labels }, options);
  return shaped(losses, target.shape);
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
  checkIgnoreIndex('nllLoss', options.ignoreIndex);
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
  const values = runOnClasses('CrossEntropy', inputs, { reduction, ignoreIndex, fromLog });
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

function runOnClasses<A extends Attrs>(kernel: string, inputs: Record<string, Value>, attrs: A): Value[] {
  try {
    return runMulti(kernel, inputs, attrs);
  } catch (cause) {
    const found = /Target .* classes\./.exec((cause as Error).message);
    throw found ? new IndexError(found[0], { cause }) : cause;
  }
}

/** Losses of logits [n, c] by probabilities `q` [n, c] or labels [n], of which a part may be spread over all classes. */
function softLosses(
  rows: Tensor,
  { q, labels }: { q?: Tensor; labels?: Tensor },
  { weight, ignoreIndex, reduction, labelSmoothing }: typeof CROSS_ENTROPY,
): Tensor {
  const values = runOnClasses(
    'SoftCrossEntropy',
    {
      logits: rows._value,
      q: q?._value ?? constant([]),
      labels: labels?._value ?? constant([], 'int32'),
      weight: weight?._value ?? constant([]),
    },
    { reduction, ignoreIndex, smoothing: labelSmoothing },
  );
  const part = reduction === 'mean' ? 1 / rows.shape[0]! : 1;
  const inputs = [rows, ...(q ? [q] : []), ...(q && weight ? [weight] : [])];
  const [losses] = recordMulti(
    values,
    { name: labels ? 'Add' : NODES[reduction], inputs, saves: inputs },
    ([, slopes, masses]) =>
      ([g, gSlopes], needed) => {
        // What is ignored has the gradient 0, also where its loss' is NaN.
        const counted = g && labels && g.ndim > 0 ? where(labels.ne(ignoreIndex), g, 0) : g;
        const each = counted && (counted.ndim > 0 ? counted.unsqueeze(1) : counted);
        const p = gSlopes ? softmax(rows, 1) : null;
        // How far each class' second gradient is from their mean.
        const bend = p ? p.mul(gSlopes!).sum(1, { keepdim: true }).sub(gSlopes!) : null;
        const first = each ? slopes!.mul(each) : null;
        const second = p ? p.mul(bend!).mul(masses!.unsqueeze(1)).neg() : null;
        const byTarget = () => total(each ? logSoftmax(rows, 1).neg().mul(each) : null, bend)!.mul(part);
        const smooth = () => q!.mul(1 - labelSmoothing).add(labelSmoothing / rows.shape[1]!);
        return [
          total(first, second),
          needed[1]
            ? byTarget()
                .mul(1 - labelSmoothing)
                .mul(weight ?? 1)
            : null,
          needed[2] ? byTarget().mul(smooth()).sum(0) : null,
        ].slice(0, inputs.length);
      },
    ([, slopes, masses]) => [slopes!, masses!],
  );
  return losses!;
}

/** As PyTorch's composition ends. */
const NODES = { none: 'Neg', mean: 'DivBackward1', sum: 'Neg' };

function withProbabilities(input: Tensor, target: Tensor, options: typeof CROSS_ENTROPY): Tensor {
  if (target.dtype !== 'float32') {
    throw new RuntimeError('Expected floating point type for target with class probabilities, got Long');
  }
  const { weight, ignoreIndex } = options;
  if (ignoreIndex >= 0) throw new RuntimeError('ignore_index is not supported for floating point target');
  const classDim = normalDim(input.ndim === 1 ? 0 : 1, input.ndim);
  if (input.dtype !== 'float32') throw new RuntimeError(`"log_softmax" not implemented for '${input.dtype}'`);
  const classes = input.shape[classDim]!;
  checkWeight('cross_entropy: ', weight, classes);
  const shape = input.shape.filter((_, i) => i !== classDim);
  return shaped(
    softLosses(toRows(input), { q: toRows(target) }, { ...options, weight: weight?.float() ?? null }),
    shape,
  );
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
  const classes = input.shape[1]!;
  if (classes === 0) throw new RuntimeError(`crossEntropy: no classes, input has shape [${input.shape.join(', ')}]`);
  return input.movedim(1, -1).reshape(-1, classes);
}
