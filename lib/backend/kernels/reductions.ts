import { attrList, constant, nativeOp, type Value } from '../kernel';
import { hasOwnOps } from '../native';
import { typeOf } from './moves';
import type { Reduce, Reduction } from './reduce';

/** What the kernel Reduce does, in one op if it can. */
export function reduce(x: Value, { op, axes, keepDims }: Reduce): Value {
  if (hasOwnOps() && OWN[op] !== undefined && x.dtype === 'float32' && isSpan(x, axes)) {
    const attrs = attrList({ axis: axes[0]!, k: axes.length - 1, op: OWN[op]!, keep: keepDims });
    return nativeOp('FlambeauReduce', attrs, [x]);
  }
  if (op === 'SumSquares') {
    const squares = nativeOp('Square', attrList({ T: 'float32' }), [x]);
    const sum = reduce(squares, { op: 'Sum', axes, keepDims });
    squares.dispose();
    return sum;
  }
  const types = op === 'All' || op === 'Any' ? { Tidx: 'int32' as const } : { T: typeOf(x), Tidx: 'int32' as const };
  return nativeOp(op, attrList({ keep_dims: keepDims, ...types }), [x, constant(axes, 'int32')]);
}

/**
 * What our own op does, by the code that it has there. TensorFlow's strides through memory where the axis is not the last, and
 * adds up element after element, with errors that grow with their number.
 */
const OWN: Partial<Record<Reduction, number>> = Object.fromEntries(
  Object.entries({ Sum: 's', Mean: 'm', Max: 'x', Min: 'n', SumSquares: 'q' }).map(([op, code]) => [
    op,
    code.charCodeAt(0),
  ]),
);

/** Whether `axes` lie side by side, and have elements: what our own ops take. */
export function isSpan(x: Value, axes: readonly number[]): boolean {
  return x.size > 0 && axes.length > 0 && axes.every((axis, i) => axis === axes[0]! + i);
}
