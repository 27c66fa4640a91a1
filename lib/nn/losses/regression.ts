import { type Optional, readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { broadcastShape } from '../../ops/define';
import { checkTensors } from '../../tensor/check';
import type { Tensor } from '../../tensor/tensor';
import { type Reduction, reduce, reduceWeighted, UNWEIGHTED } from '../reduction';
import { checkWeightShape, refuseIntegerInput, refuseIntegers, warnIfShapesDiffer } from './checks';
import { composed, opposite, type PointLoss, pointLoss } from './pointLoss';

export interface MSELossOptions {
  reduction?: Reduction;
  /** One factor per element, of input's shape; 'mean' then divides by their sum. */
  weight?: Tensor | null;
}
export type L1LossOptions = MSELossOptions;

const DEFAULTS = { ...UNWEIGHTED, weight: null as Tensor | null };
export const SMOOTH_L1 = { ...UNWEIGHTED, beta: 1 };
export const HUBER = { ...UNWEIGHTED, delta: 1 };

/**
 * `|input − target|`, reduced. Shapes broadcast, with a warning where they differ, for that is most often a mistake.
 * See torch.nn.functional.l1_loss.
 */
export function l1Loss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', Reduction, L1LossOptions>
): Tensor {
  const { reduction, weight } = readArgs('l1Loss', rest, DEFAULTS);
  checkTensors('l1Loss', { input, target }, { weight });
  checkPair(input, target, weight);
  if (weight || input.dtype !== 'float32' || target.dtype !== 'float32')
    return reduceWeighted(input.sub(target).abs(), weight, reduction);
  return pointLoss(input, target, reduction, ABSOLUTE);
}

const ABSOLUTE: PointLoss = { kind: 'absolute', node: composed('Abs'), targetSlope: opposite };

/**
 * `(input − target)²`, reduced. Shapes broadcast, with a warning where they differ, for that is most often a mistake.
 * See torch.nn.functional.mse_loss.
 */
export function mseLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', Reduction, MSELossOptions>
): Tensor {
  const { reduction, weight } = readArgs('mseLoss', rest, DEFAULTS);
  checkTensors('mseLoss', { input, target }, { weight });
  checkPair(input, target, weight);
  if (weight) return reduceWeighted(input.sub(target).square(), weight, reduction);
  refuseIntegers('mse_cpu', input, target);
  return pointLoss(input, target, reduction, SQUARED);
}

const SQUARED: PointLoss = {
  kind: 'squared',
  node: 'MseLoss',
  targetSlope: opposite,
  curvature: () => 2,
  cross: () => -2,
};

/** Shapes that broadcast, with PyTorch's warning, and a weight for each element of the input. */
function checkPair(input: Tensor, target: Tensor, weight: Tensor | null = null): void {
  warnIfShapesDiffer(input, target);
  broadcastShape(input.shape, target.shape);
  if (weight) checkWeightShape(weight, input);
}

export interface SmoothL1LossOptions {
  reduction?: Reduction;
  /** Where the square meets the straight line; 0 is {@link l1Loss}. */
  beta?: number;
}

/**
 * `½d²/β` where `d = |input − target|` is below β, else `d − ½β`; reduced. Shapes broadcast, with a warning where they differ.
 * A negative β is a RuntimeError. See torch.nn.functional.smooth_l1_loss.
 */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', Reduction, SmoothL1LossOptions>
): Tensor {
  const { reduction, beta } = readArgs('smoothL1Loss', rest, SMOOTH_L1);
  checkTensors('smoothL1Loss', { input, target });
  if (beta === 0) return l1Loss(input, target, reduction);
  checkPair(input, target);
  if (!(beta > 0)) throw new RuntimeError('smooth_l1_loss does not support negative values for beta.');
  refuseIntegers('smooth_l1_cpu', input, target);
  return pointLoss(input, target, reduction, { ...limited(beta), node: 'SmoothL1Loss', scale: 1 / beta });
}

export interface HuberLossOptions {
  reduction?: Reduction;
  /** Where the square meets the straight line. */
  delta?: number;
  /** One factor per element, of input's shape; 'mean' divides by the number of elements all the same. */
  weight?: Tensor | null;
}

/**
 * `½d²` where `d = |input − target|` is below δ, else `δ(d − ½δ)`; reduced. Shapes broadcast, with a warning where they differ.
 * δ must be positive. See torch.nn.functional.huber_loss.
 */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', Reduction, HuberLossOptions>
): Tensor {
  const { reduction, delta, weight } = readArgs('huberLoss', rest, { ...HUBER, weight: null as Tensor | null });
  checkTensors('huberLoss', { input, target }, { weight });
  checkPair(input, target, weight);
  if (!(delta > 0)) throw new RuntimeError('huber_loss does not support non-positive values for delta.');
  refuseIntegers('huber_cpu', input, target);
  refuseIntegerInput(input);
  const how = { ...limited(delta), node: 'HuberLoss' };
  if (!weight) return pointLoss(input, target, reduction, how);
  return reduce(pointLoss(input, target, 'none', how).mul(weight), reduction);
}

/** A square up to the bound, where PyTorch's second derivative is already 0. */
function limited(bound: number): Omit<PointLoss, 'node'> {
  const inside = (x: Tensor, t: Tensor) => x.sub(t).abs().lt(bound).float();
  return {
    kind: 'huber',
    bound,
    targetSlope: opposite,
    curvature: inside,
    cross: (x, t) => inside(x, t).neg(),
  };
}
