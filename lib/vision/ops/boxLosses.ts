/** Losses of pairs of boxes (x₁, y₁, x₂, y₂), after torchvision.ops. */
import { type Optional, readArgs } from '../../args';
import { IndexError } from '../../errors';
import { type Reduction, reduce } from '../../nn/reduction';
import { broadcastShape } from '../../ops/define';
import { sameShape, show } from '../../ops/dims';
import { where } from '../../ops/pointwise';
import type { Tensor } from '../../tensor/tensor';
import { area, aspectPenalty, type Corners, centerDistance, columnsOf, EPS, enclosing, overlap } from './boxes';

export interface BoxLossOptions {
  reduction?: Reduction;
  /** Keeps denominators away from 0. */
  eps?: number;
}

const DEFAULTS = { reduction: 'none' as Reduction, eps: EPS };

/** As {@link reduce}, but that the mean of no boxes is 0. */
function reduceBoxes(losses: Tensor, reduction: Reduction): Tensor {
  return reduce(losses, reduction === 'mean' && losses._size === 0 ? 'sum' : reduction);
}

function cornersOf(where: string, ...pair: [Tensor, Tensor]): [Corners, Corners] {
  const [a, b] = pair.map((boxes) => columnsOf(where, boxes).map((column) => column.float())) as [Corners, Corners];
  const shape = broadcastShape(a[0].shape, b[0].shape);
  if (sameShape(shape, a[0].shape)) return [a, b];
  throw new IndexError(
    `${where}: too many indices for a tensor of dimension ${a[0].ndim}: the shape of the mask ${show(shape)} does not match ` +
      `the shape of the indexed tensor ${show(a[0].shape)}`,
  );
}

/** A gradient flows only where the boxes overlap; what is infinite elsewhere leaves no NaN. */
function intersectionAndUnion(a: Corners, b: Corners): [Tensor, Tensor] {
  const [width, height] = overlap(a, b);
  const meet = width.gt(0).logicalAnd(height.gt(0));
  const intersection = where(meet, width, 0).mul(where(meet, height, 0));
  return [intersection, area(a).add(area(b)).sub(intersection)];
}

/**
 * `1 − GIoU` of each box of boxes1 [..., 4] with its partner in boxes2; see {@link generalizedBoxIou}. The reduction is 'none' by
 * default. See torchvision.ops.generalized_box_iou_loss.
 */
export function generalizedBoxIouLoss(
  boxes1: Tensor,
  boxes2: Tensor,
  ...rest: Optional<'reduction', Reduction, BoxLossOptions>
): Tensor {
  const { reduction, eps } = readArgs('generalizedBoxIouLoss', rest, DEFAULTS);
  const [a, b] = cornersOf('generalizedBoxIouLoss', boxes1, boxes2);
  const [intersection, union] = intersectionAndUnion(a, b);
  const [width, height] = enclosing(a, b);
  const around = width.mul(height);
  const giou = intersection.div(union.add(eps)).sub(around.sub(union).div(around.add(eps)));
  return reduceBoxes(giou.neg().add(1), reduction);
}

/** 1 − iou + the relative distance of the centres, and the iou. */
function distanceLoss(a: Corners, b: Corners, eps: number): [Tensor, Tensor] {
  const [intersection, union] = intersectionAndUnion(a, b);
  const iou = intersection.div(union.add(eps));
  const [width, height] = enclosing(a, b);
  const diagonal = width.square().add(height.square()).add(eps);
  return [iou.neg().add(1).add(centerDistance(a, b).div(diagonal)), iou];
}

/**
 * `1 − DIoU` of each box of boxes1 [..., 4] with its partner in boxes2; see {@link distanceBoxIou}. The reduction is 'none' by
 * default. See torchvision.ops.distance_box_iou_loss.
 */
export function distanceBoxIouLoss(
  boxes1: Tensor,
  boxes2: Tensor,
  ...rest: Optional<'reduction', Reduction, BoxLossOptions>
): Tensor {
  const { reduction, eps } = readArgs('distanceBoxIouLoss', rest, DEFAULTS);
  const [losses] = distanceLoss(...cornersOf('distanceBoxIouLoss', boxes1, boxes2), eps);
  return reduceBoxes(losses, reduction);
}

/**
 * `1 − CIoU` of each box of boxes1 [..., 4] with its partner in boxes2; see {@link completeBoxIou}. The reduction is 'none' by
 * default. See torchvision.ops.complete_box_iou_loss.
 */
export function completeBoxIouLoss(
  boxes1: Tensor,
  boxes2: Tensor,
  ...rest: Optional<'reduction', Reduction, BoxLossOptions>
): Tensor {
  const { reduction, eps } = readArgs('completeBoxIouLoss', rest, DEFAULTS);
  const [a, b] = cornersOf('completeBoxIouLoss', boxes1, boxes2);
  // As in torchvision, eps is for the aspect ratio only.
  const [losses, iou] = distanceLoss(a, b, EPS);
  return reduceBoxes(losses.add(aspectPenalty(a, b, iou, eps)), reduction);
}
