import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, nativeOpMulti, type Value } from '../kernel';
import { typeOf, withInts } from './moves';

/** Two or more values, given under the keys 0, 1 …, one after the other along `dim`. */
defineKernel<{ dim: number }>('Join', {
  native: (inputs, { dim }) => {
    const parts = Object.values(inputs);
    const attrs = attrList({ N: parts.length, T: typeOf(parts[0]!), Tidx: 'int32' });
    return nativeOp('ConcatV2', attrs, [...parts, constant(dim, 'int32')]);
  },
  reference: (inputs, { dim }) => tf.concat(Object.values(inputs), dim),
});

/** Values of one shape, given under the keys 0, 1 …, as the slices of a new dimension `dim`. */
defineKernel<{ dim: number }>('Layer', {
  native: (inputs, { dim }) => {
    const parts = Object.values(inputs);
    return nativeOp('Pack', attrList({ N: parts.length, T: typeOf(parts[0]!), axis: dim }), parts);
  },
  reference: (inputs, { dim }) => tf.stack(Object.values(inputs), dim),
});

/** `x` cut along `dim` into pieces of the given sizes. */
defineKernel<{ sizes: readonly number[]; dim: number }>('Pieces', {
  native: ({ x }, { sizes, dim }) => pieces(x!, sizes, dim),
  reference: ({ x }, { sizes, dim }) => tf.split(x!, [...sizes], dim),
});

function pieces(x: Value, sizes: readonly number[], dim: number): Value[] {
  const attrs = attrList({ num_split: sizes.length, T: typeOf(x), Tlen: 'int32' });
  return withInts(sizes, [sizes.length], (extents) =>
    nativeOpMulti('SplitV', attrs, [x, extents, constant(dim, 'int32')], sizes.length),
  );
}

/** The slices of `x` along `dim`, without that dimension. */
defineKernel<{ dim: number }>('Slices', {
  native: ({ x }, { dim }) => {
    const num = x!.shape[dim]!;
    return nativeOpMulti('Unpack', attrList({ num, T: typeOf(x!), axis: dim }), [x!], num);
  },
  reference: ({ x }, { dim }) => tf.unstack(x!, dim),
});
