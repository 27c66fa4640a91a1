/** Other names of the comparisons, and all of them in place. */
import { run } from '../backend/engine';
import type { Tensor } from '../tensor/tensor';
import { eq, ge, gt, le, logicalAnd, logicalNot, logicalOr, logicalXor, lt, ne } from './compare';
import { type Binary, type Operand, recordUnary } from './define';
import { inPlaceOf } from './inplace';

/** As {@link gt}. See torch.greater. */
export const greater: Binary = gt;
/** As {@link ge}. See torch.greater_equal. */
export const greaterEqual: Binary = ge;
/** As {@link lt}. See torch.less. */
export const less: Binary = lt;
/** As {@link le}. See torch.less_equal. */
export const lessEqual: Binary = le;
/** As {@link ne}. See torch.not_equal. */
export const notEqual: Binary = ne;

/** The answer in the dtype of what was asked, as 0 and 1; its gradient is 0. */
function answer(test: Tensor, self: Tensor): Tensor {
  const value = run('Identity', { x: test.to(self.dtype)._value });
  return recordUnary(value, 'Compare', self, 'nothing', (g) => g.mul(0));
}

type Written = (self: Tensor, other: Operand) => Tensor;

function written(name: string, compare: Binary): Written {
  return inPlaceOf(name, (self: Tensor, other: Operand, ...more: []) => answer(compare(self, other, ...more), self));
}

/** In-place eq: 1 where equal, else 0, in the dtype of this tensor. See torch.Tensor.eq_. */
export const eq_: Written = written('eq_', eq);
/** In-place ne. See torch.Tensor.ne_. */
export const ne_: Written = written('ne_', ne);
/** In-place lt. See torch.Tensor.lt_. */
export const lt_: Written = written('lt_', lt);
/** In-place le. See torch.Tensor.le_. */
export const le_: Written = written('le_', le);
/** In-place gt. See torch.Tensor.gt_. */
export const gt_: Written = written('gt_', gt);
/** In-place ge. See torch.Tensor.ge_. */
export const ge_: Written = written('ge_', ge);
/** In-place logicalAnd. See torch.Tensor.logical_and_. */
export const logicalAnd_: Written = written('logicalAnd_', logicalAnd);
/** In-place logicalOr. See torch.Tensor.logical_or_. */
export const logicalOr_: Written = written('logicalOr_', logicalOr);
/** In-place logicalXor. See torch.Tensor.logical_xor_. */
export const logicalXor_: Written = written('logicalXor_', logicalXor);
/** In-place logicalNot. See torch.Tensor.logical_not_. */
export const logicalNot_: (self: Tensor) => Tensor = inPlaceOf('logicalNot_', (self: Tensor, ...more: []) =>
  answer(logicalNot(self, ...more), self),
);
/** As {@link gt_}. See torch.Tensor.greater_. */
export const greater_: Written = gt_;
/** As {@link ge_}. See torch.Tensor.greater_equal_. */
export const greaterEqual_: Written = ge_;
/** As {@link lt_}. See torch.Tensor.less_. */
export const less_: Written = lt_;
/** As {@link le_}. See torch.Tensor.less_equal_. */
export const lessEqual_: Written = le_;
/** As {@link ne_}. See torch.Tensor.not_equal_. */
export const notEqual_: Written = ne_;
