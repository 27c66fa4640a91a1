import { noMore } from '../args';
import { run } from '../backend/engine';
import { unrecorded } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import {
  type Binary,
  broadcastShape,
  checkOperands,
  checkTensor,
  comparison,
  type Operand,
  shapeOf,
  withValues,
} from './define';

/** input = other. See torch.eq. */
export const eq: Binary = comparison('eq', 'Equal');
/** input ≠ other. See torch.ne. */
export const ne: Binary = comparison('ne', 'NotEqual');
/** input < other. See torch.lt. */
export const lt: Binary = comparison('lt', 'Less');
/** input ≤ other. See torch.le. */
export const le: Binary = comparison('le', 'LessEqual');
/** input > other. See torch.gt. */
export const gt: Binary = comparison('gt', 'Greater');
/** input ≥ other. See torch.ge. */
export const ge: Binary = comparison('ge', 'GreaterEqual');

/** Non-zero is true, for all of these. */
function logical(name: string, kernel: string): Binary {
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    checkOperands(name, a, b);
    broadcastShape(shapeOf(a), shapeOf(b));
    return unrecorded(withValues([a, b], 'bool', (x, y) => run(kernel, { a: x, b: y })));
  };
}

/** Both are non-zero. See torch.logical_and. */
export const logicalAnd: Binary = logical('logicalAnd', 'LogicalAnd');
/** At least one is non-zero. See torch.logical_or. */
export const logicalOr: Binary = logical('logicalOr', 'LogicalOr');

/** Exactly one is non-zero. See torch.logical_xor. */
export function logicalXor(input: Operand, other: Operand): Tensor {
  noMore('logicalXor(input, other)', arguments.length, 2);
  checkOperands('logicalXor', input, other);
  broadcastShape(shapeOf(input), shapeOf(other));
  const truth = (x: Operand) => (typeof x === 'object' ? x.bool() : Boolean(x));
  return ne(truth(input), truth(other));
}

/** Zero becomes true, all else false. See torch.logical_not. */
export function logicalNot(input: Tensor): Tensor {
  noMore('logicalNot(input)', arguments.length, 1);
  checkTensor('logicalNot', input);
  return unrecorded(withValues([input], 'bool', (x) => run('LogicalNot', { x })));
}
