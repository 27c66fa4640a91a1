import { type Optional, readArgs } from '../../../args';
import type { Tensor } from '../../../tensor/tensor';
import { Module } from '../../module';
import type { Reduction } from '../../reduction';
import {
  GAUSSIAN_NLL,
  type GaussianNLLLossOptions,
  gaussianNllLoss,
  KL_DIV,
  type KLDivLossOptions,
  type KLReduction,
  klDiv,
  POISSON_NLL,
  type PoissonNLLLossOptions,
  poissonNllLoss,
} from '../likelihood';
import {
  HUBER,
  type HuberLossOptions,
  huberLoss,
  l1Loss,
  mseLoss,
  SMOOTH_L1,
  type SmoothL1LossOptions,
  smoothL1Loss,
} from '../regression';
import { Loss, PlainLoss } from './base';

/** {@link l1Loss} as a module: the mean absolute error, robust against outliers. See torch.nn.L1Loss. */
export class L1Loss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}

/** {@link mseLoss} as a module: the mean squared error. See torch.nn.MSELoss. */
export class MSELoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/** {@link smoothL1Loss} as a module. See torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends Loss {
  beta: number;

  constructor(...rest: Optional<'reduction', Reduction, SmoothL1LossOptions>) {
    const { reduction, beta } = readArgs('SmoothL1Loss', rest, SMOOTH_L1);
    super(reduction);
    this.beta = beta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** {@link huberLoss} as a module. See torch.nn.HuberLoss. */
export class HuberLoss extends Loss {
  delta: number;

  constructor(...rest: Optional<'reduction', Reduction, Omit<HuberLossOptions, 'weight'>>) {
    const { reduction, delta } = readArgs('HuberLoss', rest, HUBER);
    if (typeof delta !== 'number') throw new TypeError(`delta must be a float or int, got: ${typeof delta}`);
    super(reduction);
    this.delta = delta;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/** {@link poissonNllLoss} as a module: for counts. See torch.nn.PoissonNLLLoss. */
export class PoissonNLLLoss extends Loss {
  logInput: boolean;
  full: boolean;
  eps: number;

  constructor(...rest: Optional<'logInput', boolean, PoissonNLLLossOptions>) {
    const { logInput, full, eps, reduction } = readArgs('PoissonNLLLoss', rest, POISSON_NLL);
    super(reduction);
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** {@link gaussianNllLoss} as a module: for a model that also predicts how sure it is. See torch.nn.GaussianNLLLoss. */
export class GaussianNLLLoss extends Loss {
  full: boolean;
  eps: number;

  constructor(...rest: [options?: GaussianNLLLossOptions]) {
    const { full, eps, reduction } = readArgs('GaussianNLLLoss', rest, GAUSSIAN_NLL, 0);
    super(reduction);
    this.full = full;
    this.eps = eps;
  }

  /** `variance` as {@link gaussianNllLoss} takes it. */
  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

/** {@link klDiv} as a module: the distance of distributions. See torch.nn.KLDivLoss. */
export class KLDivLoss extends Module {
  reduction: KLReduction;
  logTarget: boolean;

  constructor(...rest: Optional<'reduction', KLReduction, KLDivLossOptions>) {
    const { reduction, logTarget } = readArgs('KLDivLoss', rest, KL_DIV);
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, { reduction: this.reduction, logTarget: this.logTarget });
  }
}
