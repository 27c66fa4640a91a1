/** Boxes and how far they overlap, after torchvision.ops. */
import { noMore, type Optional, readArgs } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { maximum, minimum } from '../../ops/arithmetic';
import { show } from '../../ops/dims';
import { stack } from '../../ops/join';
import { atan } from '../../ops/trigonometry';
import { checkScalar, checkTensor, checkTensors } from '../../tensor/check';
import { withGrad } from '../../tensor/context';
import { fromTypedArray } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';

/** Corners; corner, width and height; centre, width and height. */
export type BoxFormat = 'xyxy' | 'xywh' | 'cxcywh';

/** x₁, y₁, x₂ and y₂ of boxes. */
export type Corners = [Tensor, Tensor, Tensor, Tensor];

/** The four columns of boxes [..., 4]. */
export function columnsOf(where: string, boxes: Tensor): Corners {
  checkTensor(where, boxes, 'boxes');
  if (boxes.shape.at(-1) === 4) return boxes.unbind(-1) as Corners;
  throw new ValueError(`${where}: boxes have 4 numbers in the last dimension, got ${show(boxes.shape)}`);
}

/** Any format to corners, and back. */
const FORMATS: Record<BoxFormat, { read(columns: Corners): Corners; write(corners: Corners): Corners }> = {
  xyxy: { read: (corners) => corners, write: (corners) => corners },
  xywh: {
    read: ([x, y, w, h]) => [x, y, x.add(w), y.add(h)],
    write: ([x1, y1, x2, y2]) => [x1, y1, x2.sub(x1), y2.sub(y1)],
  },
  cxcywh: {
    read: ([x, y, w, h]) => [x.sub(w.mul(0.5)), y.sub(h.mul(0.5)), x.add(w.mul(0.5)), y.add(h.mul(0.5))],
    write: ([x1, y1, x2, y2]) => [x1.add(x2).div(2), y1.add(y2).div(2), x2.sub(x1), y2.sub(y1)],
  },
};

const isFormat = (format: string): format is BoxFormat => Object.hasOwn(FORMATS, format);

/** Boxes [..., 4] of one format in another. See torchvision.ops.box_convert; there are no rotated boxes here. */
export function boxConvert(boxes: Tensor, inFmt: BoxFormat, outFmt: BoxFormat): Tensor {
  noMore('boxConvert(boxes, inFmt, outFmt)', arguments.length, 3);
  checkTensor('boxConvert', boxes, 'boxes');
  if (!isFormat(inFmt) || !isFormat(outFmt)) {
    throw new ValueError(
      `Unsupported Bounding Box Conversions for given in_fmt ${inFmt} and out_fmt ${outFmt}; there are xyxy, xywh and cxcywh`,
    );
  }
  if (inFmt === outFmt) return boxes.clone();
  return stack(FORMATS[outFmt].write(FORMATS[inFmt].read(columnsOf('boxConvert', boxes))), -1);
}

/** The areas [...] of boxes [..., 4]. See torchvision.ops.box_area. */
export function boxArea(boxes: Tensor, ...rest: Optional<'fmt', BoxFormat>): Tensor {
  const { fmt } = readArgs('boxArea', rest, { fmt: 'xyxy' as BoxFormat });
  if (!isFormat(fmt)) throw new ValueError(`Unsupported Bounding Box area for given format ${String(fmt)}`);
  const all = columnsOf('boxArea', boxes);
  return fmt === 'xyxy' ? area(all) : all[2].mul(all[3]);
}

export const area = ([x1, y1, x2, y2]: Corners): Tensor => x2.sub(x1).mul(y2.sub(y1));

/** The corners of each of `boxes1` and of each of `boxes2`, so that they broadcast to all pairs [..., N, M]. */
function pairs(where: string, boxes1: Tensor, boxes2: Tensor, format: BoxFormat = 'xyxy'): [Corners, Corners] {
  const read = (boxes: Tensor, dim: number) =>
    FORMATS[format].read(columnsOf(where, boxes)).map((column) => column.unsqueeze(dim)) as Corners;
  return [read(boxes1, -1), read(boxes2, -2)];
}

/** Width and height of the intersection; negative where there is none. */
export const overlap = ([a1, b1, a2, b2]: Corners, [c1, d1, c2, d2]: Corners): [Tensor, Tensor] => [
  minimum(a2, c2).sub(maximum(a1, c1)),
  minimum(b2, d2).sub(maximum(b1, d1)),
];

/** Width and height of the smallest box around two. */
export const enclosing = ([a1, b1, a2, b2]: Corners, [c1, d1, c2, d2]: Corners): [Tensor, Tensor] => [
  maximum(a2, c2).sub(minimum(a1, c1)),
  maximum(b2, d2).sub(minimum(b1, d1)),
];

function intersectionAndUnion(a: Corners, b: Corners): [Tensor, Tensor] {
  const [width, height] = overlap(a, b);
  const intersection = width.clamp(0).mul(height.clamp(0));
  return [intersection, area(a).add(area(b)).sub(intersection)];
}

function overUnion(a: Corners, b: Corners): Tensor {
  const [intersection, union] = intersectionAndUnion(a, b);
  return intersection.div(union);
}

/**
 * Intersection over union of each of boxes1 [..., N, 4] with each of boxes2 [..., M, 4]: [..., N, M]. See torchvision.ops.box_iou;
 * there are no rotated boxes here.
 */
export function boxIou(boxes1: Tensor, boxes2: Tensor, ...rest: Optional<'fmt', BoxFormat>): Tensor {
  const { fmt } = readArgs('boxIou', rest, { fmt: 'xyxy' as BoxFormat });
  if (!isFormat(fmt)) {
    throw new ValueError(`Unsupported format '${String(fmt)}'. Supported axis-aligned formats: xyxy, xywh, cxcywh.`);
  }
  return overUnion(...pairs('boxIou', boxes1, boxes2, fmt));
}

/** {@link boxIou} less the empty share of the smallest box around both: −1 to 1. See torchvision.ops.generalized_box_iou. */
export function generalizedBoxIou(boxes1: Tensor, boxes2: Tensor): Tensor {
  noMore('generalizedBoxIou(boxes1, boxes2)', arguments.length, 2);
  const [a, b] = pairs('generalizedBoxIou', boxes1, boxes2);
  const [intersection, union] = intersectionAndUnion(a, b);
  const [width, height] = enclosing(a, b);
  const around = width.clamp(0).mul(height.clamp(0));
  return intersection.div(union).sub(around.sub(union).div(around));
}

/** {@link boxIou} less the squared distance of the centres, relative to the box around both. See torchvision.ops.distance_box_iou. */
export function distanceBoxIou(boxes1: Tensor, boxes2: Tensor, ...rest: Optional<'eps', number>): Tensor {
  const { eps } = readArgs('distanceBoxIou', rest, { eps: EPS });
  const [a, b] = pairs('distanceBoxIou', boxes1, boxes2);
  const [width, height] = enclosing(a, b);
  const diagonal = width.clamp(0).square().add(height.clamp(0).square()).add(eps);
  return overUnion(a, b).sub(centerDistance(a, b).div(diagonal));
}

/** Keeps denominators away from 0. */
export const EPS = 1e-7;

/** The squared distance of the centres. */
export function centerDistance([a1, b1, a2, b2]: Corners, [c1, d1, c2, d2]: Corners): Tensor {
  const between = (low: Tensor, high: Tensor, otherLow: Tensor, otherHigh: Tensor) =>
    low.add(high).div(2).sub(otherLow.add(otherHigh).div(2)).square();
  return between(a1, a2, c1, c2).add(between(b1, b2, d1, d2));
}

/** {@link distanceBoxIou} less a term for how the aspect ratios differ. See torchvision.ops.complete_box_iou. */
export function completeBoxIou(boxes1: Tensor, boxes2: Tensor, ...rest: Optional<'eps', number>): Tensor {
  const { eps } = readArgs('completeBoxIou', rest, { eps: EPS });
  const [a, b] = pairs('completeBoxIou', boxes1, boxes2);
  return distanceBoxIou(boxes1, boxes2, eps).sub(aspectPenalty(a, b, overUnion(a, b), eps));
}

/** α·v, where α = v / (1 − iou + v) counts as a constant. */
export function aspectPenalty(a: Corners, b: Corners, iou: Tensor, eps: number): Tensor {
  const angle = ([x1, y1, x2, y2]: Corners) => atan(x2.sub(x1).div(y2.sub(y1)));
  const v = angle(a)
    .sub(angle(b))
    .square()
    .mul(4 / Math.PI ** 2);
  const alpha = withGrad(false, () => v.div(iou.neg().add(1).add(v).add(eps)));
  return v.mul(alpha);
}

/**
 * Non-maximum suppression: the indices of `boxes` [N, 4], best of `scores` [N] first, without those that overlap a better one by
 * more than `iouThreshold`. See torchvision.ops.nms.
 */
export function nms(boxes: Tensor, scores: Tensor, iouThreshold: number): Tensor {
  noMore('nms(boxes, scores, iouThreshold)', arguments.length, 3);
  checkTensors('nms', { boxes, scores });
  checkScalar('nms', iouThreshold, 'iouThreshold');
  checkNms(boxes, scores);
  const corners = boxes.float().toTypedArray() as Float32Array;
  const order = scores.argsort(0, { descending: true }).toTypedArray();
  const kept: number[] = [];
  for (const i of order) if (!kept.some((k) => hostIou(corners, k, i) > iouThreshold)) kept.push(i);
  return fromTypedArray(Int32Array.from(kept), [kept.length]);
}

function checkNms(boxes: Tensor, scores: Tensor): void {
  if (boxes.ndim !== 2) throw new RuntimeError(`boxes should be a 2d tensor, got ${boxes.ndim}D`);
  if (boxes.shape[1] !== 4)
    throw new RuntimeError(`boxes should have 4 elements in dimension 1, got ${boxes.shape[1]}`);
  if (scores.ndim !== 1) throw new RuntimeError(`scores should be a 1d tensor, got ${scores.ndim}D`);
  if (boxes.length === scores.length) return;
  throw new RuntimeError(
    `boxes and scores should have same number of elements in dimension 0, got ${show([boxes.length])} and ${show([scores.length])}`,
  );
}

const { fround } = Math;

/** Intersection over union of two boxes, rounded as in float32. */
function hostIou(corners: Float32Array, i: number, j: number): number {
  const at = (box: number, k: number) => corners[4 * box + k]!;
  const side = (low: number, high: number) => Math.max(0, fround(high - low));
  const width = side(Math.max(at(i, 0), at(j, 0)), Math.min(at(i, 2), at(j, 2)));
  const height = side(Math.max(at(i, 1), at(j, 1)), Math.min(at(i, 3), at(j, 3)));
  const own = (box: number) => fround(fround(at(box, 2) - at(box, 0)) * fround(at(box, 3) - at(box, 1)));
  const intersection = fround(width * height);
  return fround(intersection / fround(fround(own(i) + own(j)) - intersection));
}
