/**
 * Dropout of elements and of whole channels, as torch's root namespace has it: all arguments are required. The masks come from
 * the default generator and are PyTorch's.
 */
import { noMore } from '../args';
import { fromHost } from '../backend/engine';
import { SELU } from '../backend/kernels/activations';
import { RuntimeError } from '../errors';
import { defaultGenerator } from '../tensor/context';
import { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { inPlaceOf } from './inplace';

type Dropout = (input: Tensor, p: number, train: boolean) => Tensor;
/** Draws and applies a mask; 0 < p < 1. */
type Apply = (input: Tensor, p: number, shape: readonly number[]) => Tensor;

/** One draw for each element. */
const each = (x: Tensor) => x.shape;

/** One draw for each channel (dimension 1) of each sample. */
function perChannel(x: Tensor): number[] {
  if (x.ndim < 2) throw new RuntimeError('Feature dropout requires at least 2 dimensions in the input');
  return x.shape.map((n, i) => (i < 2 ? n : 1));
}

function dropper(name: string, shapeOf: (x: Tensor) => readonly number[], apply: Apply): Dropout {
  const form = `${name}(input, p, train)`;
  return function (input, p, train) {
    noMore(form, arguments.length, 3);
    checkTensor(name, input);
    if (!(p >= 0 && p <= 1)) {
      throw new RuntimeError(`dropout probability has to be between 0 and 1, but got ${p}`);
    }
    if (!train || p === 0 || input._size === 0) return input;
    if (p === 1) return input.mul(0);
    if (input.dtype !== 'float32') {
      throw new RuntimeError(`result type float32 can't be cast to the desired output type ${input.dtype}`);
    }
    return apply(input, p, shapeOf(input));
  };
}

/** `scale` with probability 1 − p, else 0. */
function drawMask(p: number, shape: readonly number[], scale: number): Tensor {
  const generator = defaultGenerator();
  const size = shape.reduce((a, b) => a * b, 1);
  return Tensor._of(fromHost(() => generator.bernoulli(size, 1 - p, scale), shape, 'float32'));
}

// PyTorch divides the float32 mask by the float32 probability.
const zeroing: Apply = (x, p, shape) => x.mul(drawMask(p, shape, Math.fround(1 / Math.fround(1 - p))));

/** What selu tends to at −∞, without its sign. */
const ALPHA = SELU.negative;

const saturating: Apply = (x, p, shape) => {
  const scale = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const mask = drawMask(p, shape, 1);
  const shift = mask
    .add(-1)
    .mul(ALPHA * scale)
    .add(ALPHA * scale * p);
  return x.mul(mask.mul(scale)).add(shift);
};

/** Zeroes each element with probability `p` and scales the others by 1/(1−p). See torch.dropout. */
export const dropout: Dropout = dropper('dropout', each, zeroing);
/** {@link dropout} of whole channels: `input` is [N, C, *]. See torch.feature_dropout. */
export const featureDropout: Dropout = dropper('featureDropout', perChannel, zeroing);
/** Sets elements to selu's lower limit and scales, so that mean and variance stay. See torch.alpha_dropout. */
export const alphaDropout: Dropout = dropper('alphaDropout', each, saturating);
/** {@link alphaDropout} of whole channels: `input` is [N, C, *]. See torch.feature_alpha_dropout. */
export const featureAlphaDropout: Dropout = dropper('featureAlphaDropout', perChannel, saturating);

/** Where nothing is dropped, nothing is written: a leaf that requires grad may pass. */
function writing(name: string, plain: Dropout): Dropout {
  const write = inPlaceOf(name, plain);
  return (input, p, train, ...more: []) => (train && p > 0 ? write : plain)(input, p, train, ...more);
}

/** In-place dropout. See torch.dropout_. */
export const dropout_: Dropout = writing('dropout_', dropout);
/** In-place featureDropout. See torch.feature_dropout_. */
export const featureDropout_: Dropout = writing('featureDropout_', featureDropout);
/** In-place alphaDropout. See torch.alpha_dropout_. */
export const alphaDropout_: Dropout = writing('alphaDropout_', alphaDropout);
/** In-place featureAlphaDropout. See torch.feature_alpha_dropout_. */
export const featureAlphaDropout_: Dropout = writing('featureAlphaDropout_', featureAlphaDropout);
