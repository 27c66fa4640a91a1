import { type Optional, readArgs } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { checkOperand } from '../../ops/define';
import { sameShape } from '../../ops/dims';
import { where } from '../../ops/pointwise';
import { checkTensors } from '../../tensor/check';
import { full } from '../../tensor/creation';
import { recordComputed } from '../../tensor/op';
import { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduce, UNWEIGHTED } from '../reduction';
import { lookIfNegative } from './checks';
import { composed, type PointLoss, pointLoss } from './pointLoss';

export const POISSON_NLL = { logInput: true, full: false, eps: 1e-8, ...UNWEIGHTED };
export const GAUSSIAN_NLL = { full: false, eps: 1e-6, ...UNWEIGHTED };
export const KL_DIV = { reduction: 'mean' as KLReduction, logTarget: false };

export interface PoissonNLLLossOptions {
  /** Whether `input` is the logarithm of the expectation, or the expectation itself. */
  logInput?: boolean;
  /** Whether to add Stirling's approximation of ln(target!), for targets above 1. */
  full?: boolean;
  /** Keeps ln(0) away where `logInput` is false. */
  eps?: number;
  reduction?: Reduction;
}

/**
 * Negative log likelihood of counts: `eˣ − t·x`, or `x − t·ln(x + eps)` for `logInput: false`, plus `t·ln t − t + ½ln(2πt)` where
 * t > 1 if `full`; reduced. Shapes broadcast. See torch.nn.functional.poisson_nll_loss.
 */
export function poissonNllLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'logInput', boolean, PoissonNLLLossOptions>
): Tensor {
  const { logInput, full, eps, reduction } = readArgs('poissonNllLoss', rest, POISSON_NLL);
  checkTensors('poissonNllLoss', { input, target });
  checkReduction(reduction);
  if (logInput && !full && input.dtype === 'float32') return pointLoss(input, target, reduction, POISSON);
  const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
  return reduce(full ? losses.add(stirling(target)) : losses, reduction);
}

/** eˣ − t·x. */
const POISSON: PointLoss = {
  kind: 'poisson',
  node: composed('Sub'),
  targetSlope: (x, _t, _slopes, share) => x.mul(-share),
  curvature: (x) => x.exp(),
  cross: () => -1,
};

/** Stirling's approximation of ln(t!), 0 up to t = 1. */
function stirling(t: Tensor): Tensor {
  const approximation = t
    .mul(t.log())
    .sub(t)
    .add(
      t
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return where(t.le(1), 0, approximation);
}

export interface GaussianNLLLossOptions {
  /** Whether to add the constant ½ln 2π. */
  full?: boolean;
  /** Variances below are taken as this. */
  eps?: number;
  reduction?: Reduction;
}

/**
 * Negative log likelihood of normal distributions: `½(ln v + (x − t)²/v)` with v = max(var, eps), reduced. `var` is a number, or a
 * tensor of input's shape, of that shape with one size 1, or without the last dimension. A negative one is a ValueError.
 * See torch.nn.functional.gaussian_nll_loss.
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  ...rest: Optional<'full', boolean, GaussianNLLLossOptions>
): Tensor {
  const { eps, reduction, ...options } = readArgs('gaussianNllLoss', rest, GAUSSIAN_NLL);
  checkTensors('gaussianNllLoss', { input, target });
  checkOperand('gaussianNllLoss', variance, 'var');
  const v = raised(checkedVariance(input, variance), eps);
  checkReduction(reduction);
  const losses = v.log().add(input.sub(target).square().div(v)).mul(0.5);
  return reduce(options.full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

function checkedVariance(input: Tensor, variance: Tensor | number): Tensor {
  const refuse = (isNegative: boolean) => {
    if (isNegative) throw new ValueError('var has negative entry/entries');
  };
  if (!(variance instanceof Tensor)) {
    refuse(variance < 0);
    return full(input.shape, variance);
  }
  lookIfNegative(variance, () => refuse(variance.toTypedArray().some((v) => v < 0)));
  const fitted = fitVariance(input, variance);
  if (variance.dtype === 'float32') return fitted;
  throw new RuntimeError("var: result type Float can't be cast to the desired output type long int");
}

/** The variances so that they broadcast to the input. */
function fitVariance({ shape }: Tensor, variance: Tensor): Tensor {
  const own = variance.shape;
  if (sameShape(shape, own)) return variance;
  if (sameShape(shape.slice(0, -1), own)) return variance.unsqueeze(-1);
  const odd = own.filter((size, i) => size !== shape[i]);
  if (shape.length === own.length && odd.length === 1 && odd[0] === 1) return variance;
  throw new ValueError('var is of incorrect size');
}

/** The gradient passes what is raised to `eps` unchanged. */
function raised(variance: Tensor, eps: number): Tensor {
  return recordComputed(
    () => variance.clamp(eps),
    { name: 'Clone', inputs: [variance] },
    () => [(g) => g],
  );
}

export type KLReduction = Reduction | 'batchmean';

export interface KLDivLossOptions {
  /** 'mean' divides by the number of elements, 'batchmean', which is the divergence itself, by that of rows. */
  reduction?: KLReduction;
  /** Whether `target` holds logarithms, too. */
  logTarget?: boolean;
}

/**
 * Kullback–Leibler divergence of `target`, probabilities, from `input`, log-probabilities: `t·(ln t − x)`, 0 at t = 0, or
 * `eᵗ(t − x)` for `logTarget`; reduced. Shapes broadcast. See torch.nn.functional.kl_div.
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', KLReduction, KLDivLossOptions>
): Tensor {
  const { reduction, logTarget } = readArgs('klDiv', rest, KL_DIV);
  checkTensors('klDiv', { input, target });
  if (reduction === 'mean') warnOfMean();
  if (input.dtype !== 'float32' || target.dtype !== 'float32')
    throw new RuntimeError('kl_div: Integral inputs not supported.');
  const divergence = (how: Reduction) =>
    logTarget ? reduce(target.exp().mul(target.sub(input)), how) : pointLoss(input, target, how, DIVERGENCE);
  if (reduction !== 'batchmean') return divergence(reduction);
  return input.ndim === 0 ? divergence('sum') : divergence('sum').div(input.shape[0]!);
}

/** t·(ln t − x). */
const DIVERGENCE: PointLoss = {
  kind: 'divergence',
  node: composed('Sub'),
  targetSlope: (x, t, _slopes, share) => t.log().add(t.div(t)).sub(x).mul(share),
  cross: () => -1,
};

let hasWarned = false;

/** Once, as Python does by default. */
function warnOfMean(): void {
  if (!hasWarned) {
    console.warn(
      "reduction: 'mean' divides the total loss by both the batch size and the support size. 'batchmean' divides only by the " +
        'batch size, and aligns with the KL div math definition.',
    );
  }
  hasWarned = true;
}
