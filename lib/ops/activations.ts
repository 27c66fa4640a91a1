/** The activations that are curved. */
import { noMore, type Optional, readArgs } from '../args';
import { CUBE, RATE, SELU } from '../backend/kernels/activations';
import { RuntimeError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { type Activation, activate, checkFloat, type InplaceOptions } from './activate';
import { checkTensor, type Unary } from './define';
import { inPlaceOf } from './inplace';
import { where } from './pointwise';

/** σ′(x). */
const sigmoidSlope = (x: Tensor): Tensor => {
  const y = x.sigmoid();
  return y.mul(y.neg().add(1));
};

export interface SoftplusOptions {
  /** From beta · x above this on, x itself. */
  threshold?: number;
}

/** ln(1 + e^(beta · x)) / beta, a smooth relu. See torch.nn.functional.softplus. */
export function softplus(input: Tensor, ...rest: Optional<'beta', number, SoftplusOptions>): Tensor {
  const attrs = readArgs('softplus', rest, { beta: 1, threshold: 20 });
  const { beta, threshold } = attrs;
  checkFloat('softplus', 'softplus_cpu', input);
  return activate(input, {
    kernel: 'Softplus',
    node: 'Softplus',
    attrs,
    curvature: (x) => sigmoidSlope(x.mul(beta)).mul(x.mul(beta).lt(threshold)).mul(beta),
  });
}

const LOG_SIGMOID: Activation = {
  kernel: 'LogSigmoid',
  node: 'LogSigmoid',
  curvature: (x) => sigmoidSlope(x).neg(),
};

/** ln σ(x), without overflow. See torch.nn.functional.logsigmoid. */
export function logsigmoid(input: Tensor): Tensor {
  noMore('logsigmoid(input)', arguments.length, 1);
  checkFloat('logsigmoid', 'log_sigmoid_cpu', input);
  return activate(input, LOG_SIGMOID);
}

/** `negative` · (e^(rate · x) − 1) up to 0, `positive` · x above. */
function eluOf(name: string, node: string, input: Tensor, attrs: typeof SELU): Tensor {
  const { negative, rate } = attrs;
  checkFloat(name, 'elu_cpu', input);
  return activate(input, {
    kernel: 'Elu',
    node,
    attrs,
    curvature: (x) =>
      where(
        x.lt(0),
        x
          .mul(rate)
          .exp()
          .mul(negative * rate * rate),
        0,
      ),
  });
}

/** x above 0, alpha · (eˣ − 1) below. See torch.nn.functional.elu. */
export function elu(input: Tensor, ...rest: Optional<'alpha', number, InplaceOptions>): Tensor {
  const { alpha, inplace } = readArgs('elu', rest, { alpha: 1, inplace: false });
  return inplace ? elu_(input, alpha) : eluOf('elu', 'Elu', input, { negative: alpha, positive: 1, rate: 1 });
}

/** {@link elu} with PyTorch's two constants, which keep mean 0 and variance 1. See torch.selu. */
export function selu(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  if (readArgs('selu', rest, { inplace: false }).inplace) return selu_(input);
  return eluOf('selu', 'Elu', input, SELU);
}

/** x above 0, alpha · (e^(x / alpha) − 1) below, whose slope is continuous. See torch.celu. */
export function celu(input: Tensor, ...rest: Optional<'alpha', number, InplaceOptions>): Tensor {
  const { alpha, inplace } = readArgs('celu', rest, { alpha: 1, inplace: false });
  if (alpha === 0) throw new RuntimeError('ZeroDivisionError: alpha cannot be 0 for CELU');
  return inplace
    ? celu_(input, alpha)
    : eluOf('celu', 'Celu', input, { negative: alpha, positive: 1, rate: 1 / alpha });
}

/** In-place elu. See torch.nn.functional.elu_. */
export const elu_: typeof elu = inPlaceOf('elu_', elu);
/** In-place selu. See torch.selu_. */
export const selu_: Unary = inPlaceOf('selu_', selu);
/** In-place celu. See torch.celu_. */
export const celu_: typeof celu = inPlaceOf('celu_', celu);

/** Φ′. */
const normalDensity = (x: Tensor): Tensor =>
  x
    .square()
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI));

const GELU: Activation = {
  kernel: 'Gelu',
  node: 'Gelu',
  curvature: (x) => normalDensity(x).mul(x.square().neg().add(2)),
};

/** With z the argument of the sigmoid: (x · σ(z))″ = σ′(z) · (2z′ + x·z″ + x·z′²·(1 − 2σ(z))). */
const GELU_TANH: Activation = {
  kernel: 'GeluTanh',
  node: 'Gelu',
  curvature(x) {
    const square = x.square();
    const z = x.mul(square.mul(CUBE).add(RATE));
    const slope = square.mul(3 * CUBE).add(RATE);
    const bend = x.mul(slope.square()).mul(z.sigmoid().mul(-2).add(1));
    return sigmoidSlope(z).mul(
      slope
        .mul(2)
        .add(square.mul(6 * CUBE))
        .add(bend),
    );
  },
};

/** How gelu is computed: exactly, or by the tanh of its paper. */
export type GeluApproximation = 'none' | 'tanh';

/** x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415). See torch.nn.functional.gelu. */
export function gelu(input: Tensor, ...rest: Optional<'approximate', GeluApproximation>): Tensor {
  const { approximate } = readArgs('gelu', rest, { approximate: 'none' as GeluApproximation });
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new RuntimeError(`approximate argument must be either none or tanh, got ${String(approximate)}.`);
  }
  checkFloat('gelu', 'GeluKernelImpl', input);
  return activate(input, approximate === 'none' ? GELU : GELU_TANH);
}

const SILU: Activation = {
  kernel: 'Silu',
  node: 'Silu',
  curvature: (x) => sigmoidSlope(x).mul(x.mul(x.sigmoid().mul(-2).add(1)).add(2)),
};

/** x · σ(x), also known as swish. See torch.nn.functional.silu. */
export function silu(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  if (readArgs('silu', rest, { inplace: false }).inplace) return silu_(input);
  checkFloat('silu', 'silu_cpu', input);
  return activate(input, SILU);
}
const silu_ = inPlaceOf('silu_', silu);

/** With t = tanh(softplus(x)), whose derivative is (1 − t²)·σ: 2t′ + x·t″. */
const MISH: Activation = {
  kernel: 'Mish',
  node: 'Mish',
  curvature(x) {
    const t = softplus(x).tanh();
    const y = x.sigmoid();
    const slope = t.square().neg().add(1).mul(y);
    const bend = y.neg().add(1).sub(t.mul(y).mul(2));
    return slope.mul(x.mul(bend).add(2));
  },
};

/** x · tanh(softplus(x)) (Misra 2019, https://arxiv.org/abs/1908.08681). See torch.nn.functional.mish. */
export function mish(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  if (readArgs('mish', rest, { inplace: false }).inplace) return mish_(input);
  checkFloat('mish', 'mish_cpu', input);
  return activate(input, MISH);
}
const mish_ = inPlaceOf('mish_', mish);

/** x / (1 + |x|). See torch.nn.functional.softsign. */
export function softsign(input: Tensor): Tensor {
  noMore('softsign(input)', arguments.length, 1);
  checkTensor('softsign', input);
  return input.div(input.abs().add(1));
}

/** x − tanh(x). See torch.nn.functional.tanhshrink. */
export function tanhshrink(input: Tensor): Tensor {
  noMore('tanhshrink(input)', arguments.length, 1);
  checkTensor('tanhshrink', input);
  return input.sub(input.tanh());
}
