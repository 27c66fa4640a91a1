import { noMore } from '../args';
import { run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { checkScalar } from '../tensor/check';
import { isGradEnabled, withGrad } from '../tensor/context';
import { arange, fullLike, zerosLike } from '../tensor/creation';
import { refuseInPlaceOfInference } from '../tensor/inference';
import { record } from '../tensor/op';
import { Tensor, type View } from '../tensor/tensor';
import { type AlphaOptions, add, type DivOptions, div, mul, pow, sub } from './arithmetic';
import { clone } from './cast';
import { type Bounds, clamp } from './clamp';
import { broadcastShape, checkOperand, checkTensor, type Operand, type Unary } from './define';
import * as pointwise from './pointwise';
import { putFlat } from './putFlat';

/**
 * Gives `self` the content and the history of `compute`, and so its base, if it is a view. The result must have self's
 * dtype and shape. A leaf that requires grad is refused while recording; what was saved of the old content makes a later
 * backward an error.
 */
export function inPlace(name: string, self: Tensor, compute: (content: Tensor) => Tensor): Tensor {
  checkTensor(name, self, 'self');
  checkWritable(name, self);
  // What rules save of the old content is a copy, as PyTorch's is: the change itself must not invalidate it.
  const result = compute(isGradEnabled() ? clone(self) : self);
  if (result === self) return self;
  if (result.dtype !== self.dtype) {
    throw new RuntimeError(
      `${name}: result type ${result.dtype} can't be cast to the desired output type ${self.dtype}`,
    );
  }
  if (String(result.shape) !== String(self.shape)) {
    throw new RuntimeError(
      `output with shape [${self.shape.join(', ')}] doesn't match the broadcast shape [${result.shape.join(', ')}]`,
    );
  }
  const { _view: view } = self;
  if (view) takeOver(view.base, putFlat(view.base, placesOf(name, view), result));
  else takeOver(self, result);
  if (!result.gradFn) result._free(`${name} moved it`);
  return self;
}

/** Gives `self` the content and the history of `result`. */
function takeOver(self: Tensor, result: Tensor): void {
  self._storage.replace(run('Identity', { x: result._value }));
  // Unrecorded changes leave the history as it was.
  if (!isGradEnabled()) return;
  const { gradFn, _outputIndex: at } = self;
  self.gradFn = result.gradFn;
  self._outputIndex = result._outputIndex;
  // Who keeps the gradient keeps that of the new content.
  if (gradFn?.retained[at] !== self) return;
  gradFn.retained[at] = undefined;
  if (result.gradFn) result.gradFn.retained[result._outputIndex] = self;
}

/** Where the elements of a view lie in its base: the same movement of the numbers 0, 1, 2 … */
function placesOf(name: string, { base, move }: View): Tensor {
  const places = withGrad(false, () => move(arange(base._size).reshape([...base.shape])));
  if (new Set(places.toTypedArray()).size < places._size) {
    throw new RuntimeError(
      `${name}: unsupported operation: more than one element of the written-to tensor refers to a single memory location. ` +
        'Please clone() the tensor before performing the operation.',
    );
  }
  return places;
}

function checkWritable(name: string, self: Tensor): void {
  refuseInPlaceOfInference(self);
  if (!isGradEnabled()) return;
  const owner = self._view?.base ?? self;
  if (owner.requiresGrad && owner.isLeaf) {
    const what = owner === self ? 'a leaf Variable' : 'a view of a leaf Variable';
    throw new RuntimeError(`${what} that requires grad is being used in an in-place operation (${name}).`);
  }
  if (self._view && !self._view.recorded && owner.requiresGrad) {
    throw new RuntimeError(
      `A view was created in noGrad mode and is being modified inplace with grad mode enabled (${name}). Given that this use ` +
        'case is ambiguous and error-prone, it is forbidden. Make the view and change it both inside noGrad, or both outside.',
    );
  }
}

/** `self += alpha · other`. See torch.Tensor.add_. */
export function add_(self: Tensor, other: Operand, ...rest: [options?: AlphaOptions]): Tensor {
  return inPlace('add_', self, (x) => add(x, other, ...rest));
}

/** `self −= alpha · other`. See torch.Tensor.sub_. */
export function sub_(self: Tensor, other: Operand, ...rest: [options?: AlphaOptions]): Tensor {
  return inPlace('sub_', self, (x) => sub(x, other, ...rest));
}

/** `self *= other`. See torch.Tensor.mul_. */
export function mul_(self: Tensor, other: Operand): Tensor {
  noMore('mul_(self, other)', arguments.length, 2);
  return inPlace('mul_', self, (x) => mul(x, other));
}

/** `self /= other`. See torch.Tensor.div_. */
export function div_(self: Tensor, other: Operand, ...rest: [options?: DivOptions]): Tensor {
  return inPlace('div_', self, (x) => div(x, other, ...rest));
}

/** `self **= exponent`. See torch.Tensor.pow_. */
export function pow_(self: Tensor, exponent: Operand): Tensor {
  noMore('pow_(self, exponent)', arguments.length, 2);
  return inPlace('pow_', self, (x) => pow(x, exponent));
}

/** In-place clamp. See torch.Tensor.clamp_. */
export function clamp_(self: Tensor, ...bounds: Bounds): Tensor {
  return inPlace('clamp_', self, (x) => clamp(x, ...bounds));
}

/** The in-place form of a function. */
export function inPlaceOf<A extends unknown[]>(name: string, fn: (self: Tensor, ...args: A) => Tensor) {
  return (self: Tensor, ...args: A): Tensor => inPlace(name, self, (content) => fn(content, ...args));
}

/** In-place relu. See torch.relu_. */
export const relu_: Unary = inPlaceOf('relu_', pointwise.relu);
/** In-place neg. See torch.Tensor.neg_. */
export const neg_: Unary = inPlaceOf('neg_', pointwise.neg);
/** In-place exp. See torch.Tensor.exp_. */
export const exp_: Unary = inPlaceOf('exp_', pointwise.exp);
/** In-place sqrt. See torch.Tensor.sqrt_. */
export const sqrt_: Unary = inPlaceOf('sqrt_', pointwise.sqrt);
/** In-place abs. See torch.Tensor.abs_. */
export const abs_: Unary = inPlaceOf('abs_', pointwise.abs);
/** In-place tanh. See torch.Tensor.tanh_. */
export const tanh_: Unary = inPlaceOf('tanh_', pointwise.tanh);
/** In-place sigmoid. See torch.Tensor.sigmoid_. */
export const sigmoid_: Unary = inPlaceOf('sigmoid_', pointwise.sigmoid);

/** In-place log. See torch.Tensor.log_. */
export const log_: Unary = inPlaceOf('log_', pointwise.log);
/** In-place log1p. See torch.Tensor.log1p_. */
export const log1p_: Unary = inPlaceOf('log1p_', pointwise.log1p);
/** In-place expm1. See torch.Tensor.expm1_. */
export const expm1_: Unary = inPlaceOf('expm1_', pointwise.expm1);
/** In-place rsqrt. See torch.Tensor.rsqrt_. */
export const rsqrt_: Unary = inPlaceOf('rsqrt_', pointwise.rsqrt);
/** In-place reciprocal. See torch.Tensor.reciprocal_. */
export const reciprocal_: Unary = inPlaceOf('reciprocal_', pointwise.reciprocal);
/** In-place square. See torch.Tensor.square_. */
export const square_: Unary = inPlaceOf('square_', pointwise.square);
/** In-place sin. See torch.Tensor.sin_. */
export const sin_: Unary = inPlaceOf('sin_', pointwise.sin);
/** In-place cos. See torch.Tensor.cos_. */
export const cos_: Unary = inPlaceOf('cos_', pointwise.cos);
/** In-place erf. See torch.Tensor.erf_. */
export const erf_: Unary = inPlaceOf('erf_', pointwise.erf);
/** In-place floor. See torch.Tensor.floor_. */
export const floor_: Unary = inPlaceOf('floor_', pointwise.floor);
/** In-place ceil. See torch.Tensor.ceil_. */
export const ceil_: Unary = inPlaceOf('ceil_', pointwise.ceil);
/** In-place round, to `decimals` too. See torch.Tensor.round_. */
export const round_: typeof pointwise.round = inPlaceOf('round_', pointwise.round);
/** In-place trunc. See torch.Tensor.trunc_. */
export const trunc_: Unary = inPlaceOf('trunc_', pointwise.trunc);
/** In-place sign. See torch.Tensor.sign_. */
export const sign_: Unary = inPlaceOf('sign_', pointwise.sign);

/** Sets every element to `value`. See torch.Tensor.fill_. */
export function fill_(self: Tensor, value: number | boolean | Tensor): Tensor {
  noMore('fill_(self, value)', arguments.length, 2);
  if (value instanceof Tensor && value.ndim !== 0) {
    throw new RuntimeError(
      `fill_ only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`,
    );
  }
  if (!(value instanceof Tensor)) checkScalar('fill_', value, 'value');
  return overwrite('fill_', self, value);
}

/** Sets every element to 0. See torch.Tensor.zero_. */
export function zero_(self: Tensor): Tensor {
  noMore('zero_(self)', arguments.length, 1);
  return overwrite('zero_', self, 0);
}

/** Takes over the content of `src`, broadcast and converted. Gradients flow to `src`. See torch.Tensor.copy_. */
export function copy_(self: Tensor, src: Operand): Tensor {
  noMore('copy_(self, src)', arguments.length, 2);
  checkOperand('copy_', src, 'src');
  return overwrite('copy_', self, src);
}

function overwrite(name: string, self: Tensor, src: Operand): Tensor {
  return inPlace(name, self, (content) => {
    if (!(src instanceof Tensor)) return replaced(content, run('Identity', { x: fullLike(self, src)._value }));
    if (String(broadcastShape(self.shape, src.shape)) !== String(self.shape)) {
      throw new RuntimeError(
        `${name}: a source of shape [${src.shape}] does not fit a tensor of shape [${self.shape}]`,
      );
    }
    return src
      .to(self.dtype)
      .expand(...self.shape)
      .clone();
  });
}

/** `value` in the place of `content`, whose gradient is then 0. */
export function replaced(content: Tensor, value: Value): Tensor {
  return record(value, { name: 'Fill', inputs: [content] }, () => [(g) => zerosLike(g!)]);
}
