import { type Optional, readArgs } from '../../args';
import { run } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { broadcastShape, recordBinary } from '../../ops/define';
import { checkTensors } from '../../tensor/check';
import { recordComputed } from '../../tensor/op';
import type { Tensor } from '../../tensor/tensor';
import { type Reduction, reduce, reduceWeighted, UNWEIGHTED } from '../reduction';
import { checkWeightShape, refuseIntegerInput, refuseIntegers, warnIfShapesDiffer } from './checks';

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
  warnIfShapesDiffer(input, target);
  if (weight) checkWeightShape(weight, input);
  return reduceWeighted(input.sub(target).abs(), weight, reduction);
}

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
  warnIfShapesDiffer(input, target);
  if (weight) checkWeightShape(weight, input);
  else refuseIntegers('mse_cpu', input, target);
  return reduceWeighted(squaredDifference(input, target), weight, reduction);
}

function squaredDifference(input: Tensor, target: Tensor): Tensor {
  const [a, b] = [input.float(), target.float()];
  broadcastShape(a.shape, b.shape);
  const value = run('SquaredDifference', { a: a._value, b: b._value });
  return recordBinary(value, 'MseLoss', a, b, 'both', [
    (g, x, y) => g.mul((x as Tensor).sub(y).mul(2)),
    (g, x, y) => g.mul((y as Tensor).sub(x).mul(2)),
  ]);
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
  warnIfShapesDiffer(input, target);
  if (!(beta > 0)) throw new RuntimeError('smooth_l1_loss does not support negative values for beta.');
  refuseIntegers('smooth_l1_cpu', input, target);
  const losses = limited('SmoothL1Loss', difference(input, target), beta);
  return reduce(beta === 1 ? losses : losses.div(beta), reduction);
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
  warnIfShapesDiffer(input, target);
  if (weight) checkWeightShape(weight, input);
  if (!(delta > 0)) throw new RuntimeError('huber_loss does not support non-positive values for delta.');
  refuseIntegers('huber_cpu', input, target);
  refuseIntegerInput(input);
  const losses = limited('HuberLoss', difference(input, target), delta);
  return reduce(weight ? losses.mul(weight) : losses, reduction);
}

const difference = (input: Tensor, target: Tensor) => input.float().sub(target.float());

/** `c·(d − ½c)` with `c`, which is also the slope, the difference `d` limited to ±bound. */
function limited(name: string, d: Tensor, bound: number): Tensor {
  const compute = () => {
    const c = d.clamp(-bound, bound);
    return c.mul(d.sub(c.mul(0.5)));
  };
  return recordComputed(compute, { name, inputs: [d], saves: [d] }, () => [(g) => g!.mul(slope(name, d, bound))]);
}

/** The limited difference; PyTorch's slope is 0 at the bounds themselves. */
function slope(name: string, d: Tensor, bound: number): Tensor {
  const how = { name: `${name}Backward`, inputs: [d], saves: [d] };
  return recordComputed(
    () => d.clamp(-bound, bound),
    how,
    () => [(g) => g!.mul(d.abs().lt(bound))],
  );
}
