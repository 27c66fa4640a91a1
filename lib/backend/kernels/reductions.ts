import { attrList, constant, nativeOp, type Value } from '../kernel';
import { hasOwnOps } from '../native';
import { typeOf } from './moves';
import type { Reduce, Reduction } from './reduce';

/** What the kernel Reduce does, in one TensorFlow op. */
export function reduce(x: Value, { op, axes, keepDims }: Reduce): Value {
  if (overColumns(x, op, axes)) {
    const attrs = attrList({ axis: axes[0]!, k: axes.length, op: COLUMNS[op]!, keep: keepDims });
    return nativeOp('FlambeauReduce', attrs, [x]);
  }
  const types = op === 'All' || op === 'Any' ? { Tidx: 'int32' as const } : { T: typeOf(x), Tidx: 'int32' as const };
  return nativeOp(op, attrList({ keep_dims: keepDims, ...types }), [x, constant(axes, 'int32')]);
}

/** What our own op does, by the code that it has there. */
const COLUMNS: Partial<Record<Reduction, number>> = Object.fromEntries(
  Object.entries({ Sum: 's', Mean: 'm', Max: 'x', Min: 'n' }).map(([op, code]) => [op, code.charCodeAt(0)]),
);

/**
 * TensorFlow is fast over the last dimensions. Over those before it strides through memory, and adds up row after row, with
 * errors that grow with their number.
 */
function overColumns(x: Value, op: Reduction, axes: readonly number[]): boolean {
  if (!hasOwnOps() || x.dtype !== 'float32' || COLUMNS[op] === undefined || x.size === 0) return false;
  const adjacent = axes.length > 0 && axes.every((axis, i) => axis === axes[0]! + i);
  return adjacent && axes.at(-1)! < x.rank - 1;
}
