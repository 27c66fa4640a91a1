import { type Optional, readArgs } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { minimum } from '../../ops/arithmetic';
import { show } from '../../ops/dims';
import { pairwiseDistance } from '../../ops/distance';
import { checkTensors } from '../../tensor/check';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, UNWEIGHTED } from '../reduction';
import { MARGIN, type MarginOptions } from './margin';
import { composed, opposite, pointLoss } from './pointLoss';

export const TRIPLET = { margin: 1, p: 2, eps: 1e-6, swap: false, ...UNWEIGHTED };
export const TRIPLET_WITH_DISTANCE = {
  distanceFunction: null as Distance | null,
  margin: 1,
  swap: false,
  ...UNWEIGHTED,
};

const EPSILON = 1e-12;

/**
 * `1 − cos(x₁, x₂)` where the target is 1, `max(0, cos(x₁, x₂) − margin)` where it is −1, reduced. Inputs are [N, D] with
 * targets [N], or [D] with []. See torch.nn.functional.cosine_embedding_loss.
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  ...rest: Optional<'margin', number, MarginOptions>
): Tensor {
  const { margin, reduction } = readArgs('cosineEmbeddingLoss', rest, MARGIN);
  checkTensors('cosineEmbeddingLoss', { input1, input2, target });
  if (target.ndim > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported');
  if (input1.ndim !== target.ndim + 1 || input2.ndim !== target.ndim + 1) {
    throw new RuntimeError(
      `${target.ndim}D target tensor expects ${target.ndim + 1}D input tensors, ` +
        `but found inputs with sizes ${show(input1.shape)} and ${show(input2.shape)}.`,
    );
  }
  const dim = target.ndim;
  const squares = (x: Tensor) => x.square().sum(dim).add(EPSILON);
  const cosine = input1
    .mul(input2)
    .sum(dim)
    .div(squares(input1).mul(squares(input2)).sqrt());
  return pointLoss(cosine, target.detach(), reduction, { kind: 'cosine', node: composed('Add'), bound: margin });
}

export interface TripletMarginLossOptions extends MarginOptions {
  /** The norm of the distance. */
  p?: number;
  /** Added to each difference, to keep the norm away from 0. */
  eps?: number;
  /** Whether the negative may be compared with the positive instead of the anchor, if that is closer. */
  swap?: boolean;
}

/**
 * `max(0, d(anchor, positive) − d(anchor, negative) + margin)` with the p-norm of the difference as distance d, reduced. Shapes
 * [N, D] or [D], which broadcast. See torch.nn.functional.triplet_margin_loss.
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  ...rest: Optional<'margin', number, TripletMarginLossOptions>
): Tensor {
  const { p, eps, ...options } = readArgs('tripletMarginLoss', rest, TRIPLET);
  checkTensors('tripletMarginLoss', { anchor, positive, negative });
  return tripletLoss([anchor, positive, negative], (a, b) => pairwiseDistance(a, b, p, { eps }), options);
}

export type Distance = (x1: Tensor, x2: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions {
  /** Any function of two tensors, or a module; by default the Euclidean distance. */
  distanceFunction?: Distance | null;
  margin?: number;
  /** As in {@link tripletMarginLoss}. */
  swap?: boolean;
  reduction?: Reduction;
}

/**
 * {@link tripletMarginLoss} with a distance of one's own. See torch.nn.functional.triplet_margin_with_distance_loss.
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  ...rest: [options?: TripletMarginWithDistanceLossOptions]
): Tensor {
  const { distanceFunction, ...others } = readArgs('tripletMarginWithDistanceLoss', rest, TRIPLET_WITH_DISTANCE, 0);
  checkTensors('tripletMarginWithDistanceLoss', { anchor, positive, negative });
  if (distanceFunction !== null && typeof distanceFunction !== 'function') {
    throw new TypeError(
      `tripletMarginWithDistanceLoss: distanceFunction should be a function, got ${String(distanceFunction)}`,
    );
  }
  return tripletLoss([anchor, positive, negative], distanceFunction ?? ((a, b) => pairwiseDistance(a, b)), others);
}

/** The margin of a triplet loss; `where` names the module, if it is one. */
export function checkMargin(margin: number, where?: string): void {
  if (margin > 0) return;
  throw new ValueError(
    where
      ? `${where}: expected margin to be greater than 0, got ${margin} instead`
      : `margin must be greater than 0, got ${margin}`,
  );
}

function tripletLoss(
  [anchor, positive, negative]: [Tensor, Tensor, Tensor],
  distanceOf: Distance,
  { margin, swap, reduction }: { margin: number; swap: boolean; reduction: Reduction },
): Tensor {
  checkReduction(reduction);
  checkMargin(margin);
  if (anchor.ndim !== positive.ndim || positive.ndim !== negative.ndim) {
    throw new RuntimeError(
      'The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: ' +
        `anchor ${anchor.ndim}D, positive ${positive.ndim}D, and negative ${negative.ndim}D inputs`,
    );
  }
  const near = distanceOf(anchor, positive);
  const far = distanceOf(anchor, negative);
  const closer = swap ? minimum(far, distanceOf(positive, negative)) : far;
  return pointLoss(near, closer, reduction, {
    kind: 'excess',
    node: composed('ClampMin'),
    bound: margin,
    targetSlope: opposite,
  });
}
