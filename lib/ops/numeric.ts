/** Membership, tests of single numbers, distances. */
import { noMore, type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import { noGrad } from '../tensor/context';
import { fromTypedArray, tensor } from '../tensor/creation';
import { promoteTypes } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import { mul, pow } from './arithmetic';
import { checkOperand, checkTensor, normalDim, type Operand } from './define';
import { inPlaceOf } from './inplace';
import { norm } from './norm';
import { where } from './pointwise';

export interface IsinOptions {
  /** Promises that no element repeats; nothing depends on it here. */
  assumeUnique?: boolean;
  /** Asks which elements are not among the others. */
  invert?: boolean;
}

/** Up to this many comparisons are made one by one; beyond, the tensors are read into a set. */
const COMPARISONS = 2 ** 22;

/** Which of `elements` are among `testElements`; one of them may be a number. NaN is never. See torch.isin. */
export function isin(elements: Operand, testElements: Operand, ...rest: [options?: IsinOptions]): Tensor {
  const { invert } = readArgs('isin', rest, { assumeUnique: false, invert: false }, 0);
  checkOperand('isin', elements, 'elements');
  checkOperand('isin', testElements, 'test_elements');
  if (!(elements instanceof Tensor || testElements instanceof Tensor)) {
    throw new TypeError('isin() received an invalid combination of arguments: one of them must be a Tensor');
  }
  const [x, tests] = [elements, testElements].map((a) => asTensor(a)) as [Tensor, Tensor];
  for (const { dtype } of [x, tests]) {
    if (dtype === 'bool') throw new RuntimeError('Unsupported input type encountered for isin(): Bool');
  }
  const found = noGrad(() =>
    x._size * tests._size <= COMPARISONS ? x.unsqueeze(-1).eq(tests.reshape(-1)).any(-1) : inSet(x, tests),
  );
  return invert ? found.logicalNot() : found;
}

function asTensor(x: Operand): Tensor {
  if (x instanceof Tensor) return x;
  return typeof x === 'boolean' ? tensor(x) : tensor(x, { dtype: Number.isInteger(x) ? 'int32' : 'float32' });
}

function inSet(x: Tensor, tests: Tensor): Tensor {
  const dtype = promoteTypes(x.dtype, tests.dtype);
  const set = new Set<number>(tests.to(dtype).toTypedArray());
  set.delete(Number.NaN);
  return fromTypedArray(
    Uint8Array.from(x.to(dtype).toTypedArray(), (value) => Number(set.has(value))),
    x.shape,
    'bool',
  );
}

/** True for +∞. See torch.isposinf. */
export function isposinf(input: Tensor): Tensor {
  noMore('isposinf(input)', arguments.length, 1);
  checkTensor('isposinf', input);
  return input.dtype === 'float32' ? input.eq(Number.POSITIVE_INFINITY) : input.ne(input);
}

/** True for −∞. See torch.isneginf. */
export function isneginf(input: Tensor): Tensor {
  noMore('isneginf(input)', arguments.length, 1);
  checkTensor('isneginf', input);
  return input.dtype === 'float32' ? input.eq(Number.NEGATIVE_INFINITY) : input.ne(input);
}

/** True everywhere: there are no complex numbers here. See torch.isreal. */
export function isreal(input: Tensor): Tensor {
  noMore('isreal(input)', arguments.length, 1);
  checkTensor('isreal', input);
  return input.bool().logicalOr(true);
}

/** input · 2^other, broadcast, in float32. See torch.ldexp. */
export function ldexp(input: Tensor, other: Tensor): Tensor {
  noMore('ldexp(input, other)', arguments.length, 2);
  checkTensor('ldexp', input);
  checkTensor('ldexp', other, 'other');
  return mul(input, pow(2, other.float()));
}

/** In-place {@link ldexp}. See torch.Tensor.ldexp_. */
export const ldexp_: typeof ldexp = inPlaceOf('ldexp_', ldexp);

/** input ** exponent in floating point, which is float32 here, PyTorch's float64. See torch.float_power. */
export function floatPower(input: Operand, exponent: Operand): Tensor {
  noMore('floatPower(input, exponent)', arguments.length, 2);
  checkOperand('floatPower', input, 'input');
  checkOperand('floatPower', exponent, 'exponent');
  return pow(input instanceof Tensor ? input.float() : Number(input), floatExponent(exponent));
}

function floatExponent(x: Operand): Operand {
  return x instanceof Tensor ? x.float() : Number(x);
}

/** In-place {@link floatPower}. See torch.Tensor.float_power_. */
export const floatPower_: (self: Tensor, exponent: Operand) => Tensor = inPlaceOf('floatPower_', floatPower);

/** The `p`-norm of input − other, which broadcast. See torch.dist. */
export function dist(input: Tensor, other: Tensor, ...rest: Optional<'p', number>): Tensor {
  checkTensor('dist', input);
  checkTensor('dist', other, 'other');
  const { p } = readArgs('dist', rest, { p: 2 });
  const difference = input.sub(other);
  if (difference.dtype === 'float32') return norm(difference, p);
  throw new RuntimeError(
    `norm(): input dtype should be either floating point or complex. Got ${difference.dtype} instead.`,
  );
}

/** Each slice along `dim` scaled down so that its `p`-norm is at most `maxnorm`. See torch.renorm. */
export function renorm(input: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  noMore('renorm(input, p, dim, maxnorm)', arguments.length, 4);
  checkTensor('renorm', input);
  if (!(p > 0)) throw new RuntimeError('renorm: non-positive-norm not supported');
  if (!(maxnorm >= 0)) throw new RuntimeError(`renorm: expected maxnorm to be >= 0 but got ${maxnorm}`);
  if (input.ndim < 2) {
    throw new RuntimeError(`renorm: input needs at least 2 dimensions, got ${input.ndim} dimensions`);
  }
  const at = normalDim(dim, input.ndim);
  const others = input.shape.map((_, i) => i).filter((i) => i !== at);
  const norms = norm(input, p, others, { keepdim: true });
  const factor = where(norms.gt(maxnorm), norms.add(1e-7).reciprocal().mul(maxnorm), 1);
  return input.mul(factor);
}

/** In-place {@link renorm}. See torch.Tensor.renorm_. */
export const renorm_: typeof renorm = inPlaceOf('renorm_', renorm);
