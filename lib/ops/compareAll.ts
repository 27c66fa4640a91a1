import { noMore, type Optional, readArgs } from '../args';
import { RuntimeError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { sameShape } from './dims';

export interface CloseOptions {
  /** Allowed relative to `other`. */
  rtol?: number;
  /** Allowed in any case. */
  atol?: number;
  /** NaN is close to NaN. */
  equalNan?: boolean;
}

type CloseArgs = Optional<'rtol', number, CloseOptions>;

const CLOSE = { rtol: 1e-5, atol: 1e-8, equalNan: false };

/** Where |input − other| ≤ atol + rtol · |other|, with broadcasting; infinities are close to themselves. See torch.isclose. */
export function isclose(input: Tensor, other: Tensor, ...rest: CloseArgs): Tensor {
  checkTensor('isclose', input);
  checkTensor('isclose', other, 'other');
  if (input.dtype !== other.dtype) throw new RuntimeError(`${input.dtype} did not match ${other.dtype}`);
  const { rtol, atol, equalNan } = readArgs('isclose', rest, CLOSE);
  for (const [name, value] of Object.entries({ rtol, atol })) {
    if (!(value >= 0)) throw new RuntimeError(`${name} must be greater than or equal to zero, but got ${value}`);
  }
  const [a, b] = [input.detach(), other.detach()];
  const same = equalNan ? a.eq(b).logicalOr(a.isnan().logicalAnd(b.isnan())) : a.eq(b);
  if (rtol === 0 && atol === 0) return same;
  const [x, y] = [a.float(), b.float()];
  const distance = x.sub(y).abs();
  const near = distance.le(y.mul(rtol).abs().add(atol)).logicalAnd(distance.isfinite());
  return same.logicalOr(near);
}

/** True if all of {@link isclose} is. Reads the tensors. See torch.allclose. */
export function allclose(input: Tensor, other: Tensor, ...rest: CloseArgs): boolean {
  readArgs('allclose', rest, CLOSE);
  return Boolean(
    isclose(input, other, ...rest)
      .all()
      .item(),
  );
}

/** True if the shapes and all elements are equal. Reads the tensors. See torch.equal. */
export function equal(input: Tensor, other: Tensor): boolean {
  noMore('equal(input, other)', arguments.length, 2);
  checkTensor('equal', input);
  checkTensor('equal', other, 'other');
  return sameShape(input.shape, other.shape) && Boolean(input.eq(other).all().item());
}
