/** The activations made of straight pieces, and those that draw or learn a slope. */
import { noMore, type Optional, readArgs } from '../args';
import { fromHost, run } from '../backend/engine';
import { RuntimeError, ValueError } from '../errors';
import { generatorOf } from '../tensor/context';
import { zerosLike } from '../tensor/creation';
import type { Generator } from '../tensor/generator';
import { record, recordComputed } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { type Activation, activate, checkFloat, type InplaceOptions } from './activate';
import { clamp } from './clamp';
import { checkNumber, checkTensor } from './define';
import { inPlaceOf, relu_ } from './inplace';
import { reshapeTo } from './layout';
import { relu as plainRelu, where } from './pointwise';

export { relu_ };

/** max(x, 0), whose slope at 0 is 0. See torch.relu. */
export function relu(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  checkTensor('relu', input);
  return readArgs('relu', rest, { inplace: false }).inplace ? relu_(input) : plainRelu(input);
}

/** x above 0, negativeSlope · x below. See torch.nn.functional.leaky_relu. */
export function leakyRelu(input: Tensor, ...rest: Optional<'negativeSlope', number, InplaceOptions>): Tensor {
  const { negativeSlope, inplace } = readArgs('leakyRelu', rest, { negativeSlope: 0.01, inplace: false });
  if (inplace) return leakyRelu_(input, negativeSlope);
  checkFloat('leakyRelu', 'leaky_relu_cpu', input);
  return activate(input, { kernel: 'LeakyRelu', node: 'LeakyRelu', attrs: { slope: negativeSlope } });
}
/** In-place leakyRelu. See torch.nn.functional.leaky_relu_. */
export const leakyRelu_: typeof leakyRelu = inPlaceOf('leakyRelu_', leakyRelu);

export interface HardtanhOptions extends InplaceOptions {
  maxVal?: number;
}

/** `input` limited to [minVal, maxVal], by default [−1, 1]; the slope is 0 at the bounds. See torch.nn.functional.hardtanh. */
export function hardtanh(input: Tensor, ...rest: Optional<'minVal', number, HardtanhOptions>): Tensor {
  const { minVal: min, maxVal: max, inplace } = readArgs('hardtanh', rest, { minVal: -1, maxVal: 1, inplace: false });
  checkTensor('hardtanh', input);
  if (min > max) throw new ValueError(`hardtanh: min_val cannot be greater than max_val, got ${min} and ${max}`);
  if (input.dtype === 'bool') throw new RuntimeError('Bool inputs not supported for hardtanh');
  if (inplace) return hardtanh_(input, min, { maxVal: max });
  if (input.dtype === 'int32') return clamp(input, Math.trunc(min), Math.trunc(max));
  return activate(input, { kernel: 'Hardtanh', node: 'Hardtanh', attrs: { min, max } });
}
/** In-place hardtanh. See torch.nn.functional.hardtanh_. */
export const hardtanh_: typeof hardtanh = inPlaceOf('hardtanh_', hardtanh);

/** `input` limited to [0, 6]. See torch.nn.functional.relu6. */
export function relu6(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  return hardtanh(input, 0, { maxVal: 6, ...readArgs('relu6', rest, { inplace: false }) });
}

/** x above `threshold`, `value` elsewhere. See torch.nn.functional.threshold. */
export function threshold(
  input: Tensor,
  threshold: number,
  value: number,
  ...rest: Optional<'inplace', boolean>
): Tensor {
  const { inplace } = readArgs('threshold', rest, { inplace: false });
  checkTensor('threshold', input);
  checkNumber('threshold', threshold, 'threshold');
  checkNumber('threshold', value, 'value');
  if (input.dtype === 'bool') throw new RuntimeError('"threshold_cpu" not implemented for \'bool\'');
  if (input.dtype === 'int32' && !(Number.isFinite(value) && Number.isFinite(threshold)))
    throw new RuntimeError('threshold: value cannot be converted to type int64_t without overflow');
  if (inplace) return threshold_(input, threshold, value);
  if (input.dtype === 'int32') return where(input.le(Math.trunc(threshold)), Math.trunc(value), input);
  return activate(input, { kernel: 'Threshold', node: 'Threshold', attrs: { threshold, value } });
}
/** In-place threshold. See torch.threshold_. */
export const threshold_: (self: Tensor, threshold: number, value: number) => Tensor = inPlaceOf(
  'threshold_',
  threshold,
);

/** x where |x| > lambd, else 0. See torch.nn.functional.hardshrink. */
export function hardshrink(input: Tensor, ...rest: Optional<'lambd', number>): Tensor {
  const attrs = readArgs('hardshrink', rest, { lambd: 0.5 });
  checkFloat('hardshrink', 'hardshrink_cpu', input);
  return activate(input, { kernel: 'Hardshrink', node: 'Hardshrink', attrs });
}

/** x moved towards 0 by `lambd` ≥ 0, which ends there. See torch.nn.functional.softshrink. */
export function softshrink(input: Tensor, ...rest: Optional<'lambd', number>): Tensor {
  const attrs = readArgs('softshrink', rest, { lambd: 0.5 });
  checkFloat('softshrink', 'softshrink_check', input);
  if (!(attrs.lambd >= 0 && attrs.lambd < Infinity)) {
    throw new RuntimeError(`lambda must be in range [0, 3.40282e+38] for input dtype Float, but found ${attrs.lambd}`);
  }
  return activate(input, { kernel: 'Softshrink', node: 'Softshrink', attrs });
}

const HARDSIGMOID: Activation = { kernel: 'Hardsigmoid', node: 'Hardsigmoid', once: 'aten::hardsigmoid_backward' };

/** relu6(x + 3) / 6. See torch.nn.functional.hardsigmoid. */
export function hardsigmoid(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  if (readArgs('hardsigmoid', rest, { inplace: false }).inplace) return hardsigmoid_(input);
  checkFloat('hardsigmoid', 'hardsigmoid_cpu', input);
  return activate(input, HARDSIGMOID);
}
const hardsigmoid_ = inPlaceOf('hardsigmoid_', hardsigmoid);

const HARDSWISH: Activation = {
  kernel: 'Hardswish',
  node: 'Hardswish',
  curvature: (x) => where(x.abs().lt(3), 1 / 3, 0),
};

/** x · relu6(x + 3) / 6 (Howard et al. 2019, https://arxiv.org/abs/1905.02244). See torch.nn.functional.hardswish. */
export function hardswish(input: Tensor, ...rest: Optional<'inplace', boolean>): Tensor {
  if (readArgs('hardswish', rest, { inplace: false }).inplace) return hardswish_(input);
  checkFloat('hardswish', 'hardswish_cpu', input);
  return activate(input, HARDSWISH);
}
const hardswish_ = inPlaceOf('hardswish_', hardswish);

/** x above 0, weight · x below; `weight` has one element, or one for each of input's channels (dimension 1). See torch.prelu. */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  noMore('prelu(input, weight)', arguments.length, 2);
  checkTensor('prelu', input);
  checkTensor('prelu', weight, 'weight');
  if (input.dtype !== weight.dtype) {
    throw new RuntimeError(`prelu: Type promoting not supported. Got ${input.dtype} and ${weight.dtype}`);
  }
  checkFloat('prelu', 'prelu_cpu', input);
  const slope = slopeFor(input, weight);
  const value = run('PreluForward', { x: input._value, w: slope._value });
  const inputs = [input, slope];
  return record(value, { name: 'PreluKernel', inputs, saves: inputs }, () => [
    (g) => preluGrad(g!, input, slope),
    (g) => preluSlopeGrad(g!, input).sumToSize(slope.shape),
  ]);
}

// PyTorch counts 0 to the negative side, but for second derivatives to the positive one.

function preluGrad(g: Tensor, x: Tensor, slope: Tensor): Tensor {
  const how = { name: 'PreluKernelBackward', inputs: [g, slope], saves: [g, slope, x] };
  return recordComputed(
    () => where(x.gt(0), g, g.mul(slope)),
    how,
    () => [(gg) => where(x.ge(0), gg!, gg!.mul(slope)), (gg) => where(x.ge(0), 0, gg!.mul(g)).sumToSize(slope.shape)],
  );
}

function preluSlopeGrad(g: Tensor, x: Tensor): Tensor {
  const how = { name: 'PreluKernelBackward', inputs: [g, x], saves: [g, x] };
  return recordComputed(
    () => where(x.gt(0), 0, g.mul(x)),
    how,
    () => [(gg) => where(x.ge(0), 0, gg!.mul(x)), (gg) => where(x.ge(0), 0, gg!.mul(g))],
  );
}

/** `weight` in a shape that broadcasts along the channels. */
function slopeFor(input: Tensor, weight: Tensor): Tensor {
  if (weight.ndim > 1) {
    throw new RuntimeError(`prelu: Expected \`weight\` to be a scalar or 1D tensor, but got: ndim = ${weight.ndim}`);
  }
  if (weight._size === 1) return weight.ndim > input.ndim ? reshapeTo(weight, []) : weight;
  if (input.ndim === 0) throw new RuntimeError('Not allow zero-dim input tensor.');
  const channels = input.shape[1] ?? 1;
  if (weight._size !== channels) {
    throw new RuntimeError(
      'Mismatch of parameter numbers and input channel size. ' +
        `Found parameter numbers = ${weight._size} and channel size = ${channels}.`,
    );
  }
  return reshapeTo(weight, [channels, ...new Array<number>(input.ndim - 2).fill(1)]);
}

export interface RreluOptions extends InplaceOptions {
  upper?: number;
  training?: boolean;
  generator?: Generator | null;
}

/**
 * x above 0. Below, in training, x times a slope drawn from [lower, upper) for each such element, which reads the input; else x
 * times their mean. See torch.nn.functional.rrelu.
 */
export function rrelu(input: Tensor, ...rest: Optional<'lower', number, RreluOptions>): Tensor {
  const { inplace, ...options } = readArgs('rrelu', rest, {
    lower: 1 / 8,
    upper: 1 / 3,
    training: false,
    inplace: false,
    generator: null as Generator | null,
  });
  const { lower, upper, training, generator } = options;
  if (!(lower <= upper)) {
    throw new RuntimeError(`Lower bound should be less than or equal to the upper bound, got ${lower} and ${upper}`);
  }
  if (inplace) return rrelu_(input, options);
  checkFloat('rrelu', training ? 'rrelu_with_noise_out_cpu' : 'leaky_relu_cpu', input);
  if (training) return drawnSlopes(input, lower, upper, generator);
  return activate(input, { kernel: 'LeakyRelu', node: 'RreluWithNoise', attrs: { slope: (lower + upper) / 2 } });
}
/** In-place rrelu. See torch.rrelu_. */
export const rrelu_: typeof rrelu = inPlaceOf('rrelu_', rrelu);

function drawnSlopes(input: Tensor, lower: number, upper: number, generator: Generator | null): Tensor {
  const g = generatorOf(generator);
  const draw = () => {
    const slope = () => g.uniform53() * (upper - lower) + lower;
    return (input.toTypedArray() as Float32Array).map((x) => (x <= 0 ? slope() : 1));
  };
  const slopes = Tensor._of(fromHost(draw, input.shape, 'float32'));
  const times = (x: Tensor) => run('Multiply', { a: x._value, b: slopes._value });
  const backward = (g: Tensor): Tensor =>
    record(times(g), { name: 'RreluWithNoiseBackward', inputs: [g, input], saves: [input] }, () => [
      (gg) => backward(gg!),
      () => zerosLike(input),
    ]);
  const node = { name: 'RreluWithNoise', inputs: [input], saves: [input] };
  return record(times(input), node, () => [(g) => backward(g!)]);
}
