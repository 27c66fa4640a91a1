import { type Optional, readArgs } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { sub } from '../../ops/arithmetic';
import { sameShape, show } from '../../ops/dims';
import { where } from '../../ops/pointwise';
import { checkTensors } from '../../tensor/check';
import { arange, zeros } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduce, UNWEIGHTED, WEIGHTED } from '../reduction';
import { checkFloatWeight, refuseGradient, refuseIntegers, wrongLabel } from './checks';
import { composed, type PointLoss, pointLoss } from './pointLoss';

export const MARGIN = { margin: 0, ...UNWEIGHTED };
export const MARGIN_1 = { margin: 1, ...UNWEIGHTED };
export const MULTI_MARGIN = { p: 1, margin: 1, ...WEIGHTED };

export interface MarginOptions {
  margin?: number;
  reduction?: Reduction;
}

/**
 * `max(0, −t·(x₁ − x₂) + margin)`, reduced: 1 in `target` says that input1 is to rank higher, −1 that input2 is. Shapes of the
 * same number of dimensions, which broadcast. See torch.nn.functional.margin_ranking_loss.
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...rest: Optional<'margin', number, MarginOptions>
): Tensor {
  const { margin, reduction } = readArgs('marginRankingLoss', rest, MARGIN);
  checkTensors('marginRankingLoss', { input1, input2, target });
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new RuntimeError(
      'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
        `input1: ${show(input1.shape)}, input2: ${show(input2.shape)}, target: ${show(target.shape)} `,
    );
  }
  const difference = input1.sub(input2);
  if (difference.dtype === 'float32' && target.dtype === 'float32')
    return pointLoss(difference, target, reduction, ranking(margin));
  return reduce(target.neg().mul(difference).float().add(margin).clamp(0), reduction);
}

/** max(0, margin − t·d) of differences d. */
const ranking = (margin: number): PointLoss => ({
  kind: 'ranking',
  node: composed('ClampMin'),
  bound: margin,
  targetSlope: (d, t, _slopes, share) => d.mul(t.mul(d).le(margin)).mul(-share),
  cross: (d, t) => where(t.mul(d).le(margin), -1, 0),
});

/**
 * `x` where the target is 1, `max(0, margin − x)` where it is −1, reduced; x is a distance. Shapes broadcast.
 * See torch.nn.functional.hinge_embedding_loss.
 */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'margin', number, MarginOptions>
): Tensor {
  const { margin, reduction } = readArgs('hingeEmbeddingLoss', rest, MARGIN_1);
  checkTensors('hingeEmbeddingLoss', { input, target });
  if (input.dtype === 'float32')
    return pointLoss(input, target.detach(), reduction, { kind: 'hinge', node: composed('Add'), bound: margin });
  // Integers take an integral margin, as in PyTorch.
  const far = where(target.ne(1), sub(Math.trunc(margin), input).clamp(0), 0);
  return reduce(far.add(where(target.ne(-1), input, 0)), reduction);
}

export interface MultiMarginLossOptions extends MarginOptions {
  /** 1 or 2, the exponent. */
  p?: number;
  /** One factor per class. */
  weight?: Tensor | null;
}

/**
 * `Σᵢ max(0, margin − x[y] + x[i])ᵖ / C` over the classes i other than the target y, reduced; with `weight`, times w[y] inside
 * the sum. `input` is [N, C] or [C], `target` class indices [N] or []. Labels outside [0, C) are a RuntimeError.
 * See torch.nn.functional.multi_margin_loss.
 */
export function multiMarginLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'p', number, MultiMarginLossOptions>
): Tensor {
  const { p, margin, weight, reduction } = readArgs('multiMarginLoss', rest, MULTI_MARGIN);
  checkTensors('multiMarginLoss', { input, target }, { weight });
  checkReduction(reduction);
  checkMultiMargin(p, weight);
  refuseGradient('multi_margin_loss', 'weight', weight);
  const rows = asRows(input);
  const classes = rows.shape[1]!;
  checkMultiMarginTarget(input, rows, target, weight);
  refuseIntegers('multi_margin_loss_cpu_kernel', input);
  checkFloatWeight(weight);
  const labels = target.reshape(-1, 1);
  const violations = rows.sub(inRange(labels, classes, () => rows.gather(1, labels))).add(margin);
  const counted = where(violations.gt(0).logicalAnd(arange(classes).ne(labels)), violations, 0);
  const costs = p === 1 ? counted : counted.square();
  const weighted = weight ? costs.mul(weight.indexSelect(0, labels.reshape(-1)).unsqueeze(1)) : costs;
  const losses = weighted.sum(1).div(classes);
  return reduce(target.ndim === 0 ? losses.squeeze(0) : losses, reduction);
}

/** The options of {@link multiMarginLoss} and of its module. */
export function checkMultiMargin(p: number, weight: Tensor | null): void {
  if (p !== 1 && p !== 2) throw new ValueError('only p == 1 and p == 2 supported');
  if (weight && weight.ndim !== 1) {
    throw new ValueError(
      `weight must be one-dimensional: expected weight to be null or 1D tensor, got ${weight.ndim}D instead`,
    );
  }
}

function checkMultiMarginTarget(input: Tensor, rows: Tensor, target: Tensor, weight: Tensor | null): void {
  const [n, classes] = rows.shape as [number, number];
  checkMatrix(input);
  if (target.ndim > 1 || target._size !== n) {
    throw new RuntimeError(
      'multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). ' +
        `Expected target size [${n}], but got ${show(target.shape)}. Input has shape ${show(input.shape)}.`,
    );
  }
  if (weight && weight.length !== classes)
    throw new RuntimeError(`inconsistent weight size, expected ${classes} but got ${show(weight.shape)}`);
  checkLong(target);
}

function checkMatrix(input: Tensor): void {
  if (input.ndim <= 2 && input.shape.at(-1) !== 0) return;
  throw new RuntimeError(
    `Expected non-empty vector or matrix with optional 0-dim batch size, but got: ${show(input.shape)}`,
  );
}

function checkLong(target: Tensor): void {
  if (target.dtype !== 'int32') throw new RuntimeError(`expected scalar type Long but found ${target.dtype}`);
}

/** [N, C] as it is, [C] as [1, C], a number as [1, 1]. */
const asRows = (input: Tensor) => (input.ndim < 2 ? input.reshape(1, -1) : input);

/** What `look` makes of the labels; if they are no classes (nor `ignored`), the error says which. */
function inRange<R>(labels: Tensor, classes: number, look: () => R, ignored?: number): R {
  try {
    return look();
  } catch (cause) {
    const wrong = wrongLabel(labels, classes, ignored);
    throw wrong ? new RuntimeError(`argument #2 'target' is out of range: ${wrong}`) : cause;
  }
}

/**
 * `Σ max(0, 1 − (x[y] − x[i])) / C` over the target classes y and all other classes i, reduced. `input` is [N, C] or [C];
 * `target`, of the same shape, lists the classes of each sample and then −1; what follows that is not read. Labels outside
 * [−1, C) are a RuntimeError. See torch.nn.functional.multilabel_margin_loss.
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, ...rest: Optional<'reduction', Reduction>): Tensor {
  const { reduction } = readArgs('multilabelMarginLoss', rest, UNWEIGHTED);
  checkTensors('multilabelMarginLoss', { input, target });
  checkReduction(reduction);
  checkMatrix(input);
  const rows = asRows(input);
  const labels = asRows(target);
  const [n, classes] = rows.shape as [number, number];
  if (!sameShape(labels.shape, rows.shape))
    throw new RuntimeError(`inconsistent target size: ${show(target.shape)} for input of size: ${show(input.shape)}`);
  checkLong(target);
  refuseIntegers('multilabel_margin_loss_forward_out_frame', input);
  const counted = labels.ge(0).int().cumprod(1);
  // With a column in front for −1.
  const none = zeros(n, classes + 1, { dtype: 'int32' });
  const hits = inRange(labels, classes, () => none.scatterAdd(1, labels.add(1), counted), -1).narrow(1, 1, classes);
  const own = rows.gather(1, labels.clamp(0));
  // [N, target, class]
  const violations = sub(1, own).unsqueeze(2).add(rows.unsqueeze(1));
  const counts = violations.gt(0).logicalAnd(counted.bool().unsqueeze(2)).logicalAnd(hits.eq(0).unsqueeze(1));
  const losses = where(counts, violations, 0).sum([1, 2]).div(classes);
  return reduce(input.ndim < 2 ? losses.squeeze(0) : losses, reduction);
}
