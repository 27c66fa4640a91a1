/** The activations that have numbers to choose or to learn. */
import { type Optional, readArgs } from '../args';
import { ValueError } from '../errors';
import { full } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import * as init from './init';
import { Module } from './module';
import { Parameter } from './parameter';
import { showInplace, showNumber } from './repr';

/** x above 0, alpha · (eˣ − 1) below. See torch.nn.ELU. */
export class ELU extends Module {
  readonly alpha: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'alpha', number, F.InplaceOptions>) {
    super();
    const { alpha, inplace } = readArgs(this.constructor.name, rest, { alpha: 1, inplace: false });
    this.alpha = alpha;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return `alpha=${showNumber(this.alpha, 1)}${showInplace(this.inplace)}`;
  }
}

/** x above 0, alpha · (e^(x / alpha) − 1) below. See torch.nn.CELU. */
export class CELU extends ELU {
  override forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, { inplace: this.inplace });
  }
}

/** x above 0, negativeSlope · x below. See torch.nn.LeakyReLU. */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'negativeSlope', number, F.InplaceOptions>) {
    super();
    const { negativeSlope, inplace } = readArgs('LeakyReLU', rest, { negativeSlope: 0.01, inplace: false });
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.leakyRelu(input, this.negativeSlope, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return `negative_slope=${showNumber(this.negativeSlope)}${showInplace(this.inplace)}`;
  }
}

/** x above 0; below, x times a slope drawn from [lower, upper) in training, else their mean. See torch.nn.RReLU. */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'lower', number, F.InplaceOptions & { upper?: number }>) {
    super();
    const { lower, upper, inplace } = readArgs('RReLU', rest, { lower: 1 / 8, upper: 1 / 3, inplace: false });
    this.lower = lower;
    this.upper = upper;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    const { lower, upper, training, inplace } = this;
    return F.rrelu(input, lower, { upper, training, inplace });
  }

  override extraRepr(): string {
    return `lower=${showNumber(this.lower)}, upper=${showNumber(this.upper)}${showInplace(this.inplace)}`;
  }
}

/** `input` limited to [minVal, maxVal], by default [−1, 1]. See torch.nn.Hardtanh. */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'minVal', number, F.HardtanhOptions>) {
    super();
    const { minVal, maxVal, inplace } = readArgs('Hardtanh', rest, { minVal: -1, maxVal: 1, inplace: false });
    if (!(maxVal > minVal)) throw new ValueError(`max_val (${maxVal}) must be greater than min_val (${minVal})`);
    this.minVal = minVal;
    this.maxVal = maxVal;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.minVal, { maxVal: this.maxVal, inplace: this.inplace });
  }

  override extraRepr(): string {
    const bounds = `min_val=${showNumber(this.minVal, -1)}, max_val=${showNumber(this.maxVal, 1)}`;
    return bounds + showInplace(this.inplace);
  }
}

/** `input` limited to [0, 6]. See torch.nn.ReLU6. */
export class ReLU6 extends Hardtanh {
  constructor(...rest: Optional<'inplace', boolean>) {
    super(0, { maxVal: 6, ...readArgs('ReLU6', rest, { inplace: false }) });
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** x above `threshold`, `value` elsewhere. See torch.nn.Threshold. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;
  readonly inplace: boolean;

  constructor(threshold: number, value: number, ...rest: Optional<'inplace', boolean>) {
    super();
    this.threshold = threshold;
    this.value = value;
    this.inplace = readArgs('Threshold', rest, { inplace: false }).inplace;
  }

  forward(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return `threshold=${showNumber(this.threshold)}, value=${showNumber(this.value)}${showInplace(this.inplace)}`;
  }
}

/** ln(1 + e^(beta · x)) / beta, and x itself from beta · x above `threshold` on. See torch.nn.Softplus. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(...rest: Optional<'beta', number, F.SoftplusOptions>) {
    super();
    const { beta, threshold } = readArgs('Softplus', rest, { beta: 1, threshold: 20 });
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, { threshold: this.threshold });
  }

  override extraRepr(): string {
    return `beta=${showNumber(this.beta, 1)}, threshold=${showNumber(this.threshold, 20)}`;
  }
}

/** x where |x| > lambd, else 0. See torch.nn.Hardshrink. */
export class Hardshrink extends Module {
  readonly lambd: number;

  constructor(...rest: Optional<'lambd', number>) {
    super();
    this.lambd = readArgs(this.constructor.name, rest, { lambd: 0.5 }).lambd;
  }

  forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd);
  }

  override extraRepr(): string {
    return showNumber(this.lambd);
  }
}

/** x moved towards 0 by `lambd`, which ends there. See torch.nn.Softshrink. */
export class Softshrink extends Hardshrink {
  override forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd);
  }
}

/**
 * x above 0, weight · x below. `weight` [numParameters] is learned, from `init` on; it has one element, or one for each channel
 * (dimension 1). See torch.nn.PReLU.
 */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly init: number;
  weight: Parameter;

  constructor(...rest: Optional<'numParameters', number, { init?: number }>) {
    super();
    const { numParameters, init } = readArgs('PReLU', rest, { numParameters: 1, init: 0.25 });
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(full([numParameters], init));
  }

  /** Sets the weight back to `init`. */
  resetParameters(): void {
    init.constant_(this.weight, this.init);
  }

  forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}
