import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { expandReference, pad, reshape, slice, sliceReference, transpose, typeOf } from './moves';

/** tfjs' own kernels of these kinds make their int32 operands anew on each call; here they are cached. */

defineKernel<{ shape: readonly number[] }>('View', {
  native: ({ x }, { shape }) => reshape(x!, shape),
  reference: ({ x }, { shape }) => tf.reshape(x!, [...shape]),
});

defineKernel<{ perm: readonly number[] }>('Permute', {
  native: ({ x }, { perm }) => transpose(x!, perm),
  reference: ({ x }, { perm }) => tf.transpose(x!, [...perm]),
});

/** `x` broadcast to `shape`. */
defineKernel<{ shape: readonly number[] }>('Expand', {
  native: ({ x }, { shape }) =>
    nativeOp('BroadcastTo', attrList({ T: typeOf(x!), Tidx: 'int32' }), [x!, constant(shape, 'int32')]),
  reference: ({ x }, { shape }) => expandReference(x!, shape),
});

/** `x` repeated `times[i]` times along dimension i. */
defineKernel<{ times: readonly number[] }>('Repeat', {
  native: ({ x }, { times }) =>
    nativeOp('Tile', attrList({ T: typeOf(x!), Tmultiples: 'int32' }), [x!, constant(times, 'int32')]),
  reference: ({ x }, { times }) => tf.tile(x!, [...times]),
});

/** `x` backwards along `dims`. */
defineKernel<{ dims: readonly number[] }>('Flip', {
  native: ({ x }, { dims }) =>
    nativeOp('ReverseV2', attrList({ T: typeOf(x!), Tidx: 'int32' }), [x!, constant(dims, 'int32')]),
  reference: ({ x }, { dims }) => tf.reverse(x!, [...dims]),
});

/** Elements move on by `shifts[i]` along `dims[i]`; what falls off the end comes in at the front. */
defineKernel<{ shifts: readonly number[]; dims: readonly number[] }>('Roll', {
  native: ({ x }, { shifts, dims }) =>
    nativeOp('Roll', attrList({ T: typeOf(x!), Tshift: 'int32', Taxis: 'int32' }), [
      x!,
      constant(shifts, 'int32'),
      constant(dims, 'int32'),
    ]),
  reference: ({ x }, { shifts, dims }) => dims.reduce((v, dim, i) => rolled(v, shifts[i]!, dim), tf.clone(x!)),
});

function rolled(x: Value, shift: number, dim: number): Value {
  const size = x.shape[dim]!;
  const kept = size === 0 ? 0 : ((-shift % size) + size) % size;
  return tf.concat(tf.split(x, [kept, size - kept], dim).reverse(), dim);
}

/** The block of `size` that starts at `begin`. */
defineKernel<{ begin: readonly number[]; size: readonly number[] }>('Crop', {
  native: ({ x }, { begin, size }) => slice(x!, begin, size),
  reference: ({ x }, { begin, size }) => sliceReference(x!, begin, size),
});

/** Zeros around `x`: the gradient of Crop. */
defineKernel<{ before: readonly number[]; after: readonly number[] }>('Uncrop', {
  native: ({ x }, { before, after }) => pad(x!, before, after),
  reference: ({ x }, { before, after }) =>
    tf.pad(
      x!,
      before.map((n, i) => [n, after[i]!] as [number, number]),
    ),
});

type Triangle = { upper: boolean; diagonal: number };

/** Of each matrix in the last two dimensions the elements on and below (`upper`: above) a diagonal, zeros elsewhere. */
defineKernel<Triangle>('Triangle', {
  native: ({ x }, attrs) => triangle(x!, attrs),
  reference: ({ x }, { upper, diagonal }) => {
    const [rows, columns] = x!.shape.slice(-2) as [number, number];
    const inside = (i: number, j: number) => (upper ? j - i >= diagonal : j - i <= diagonal);
    const mask = Array.from({ length: rows * columns }, (_, k) => inside(Math.floor(k / columns), k % columns));
    const chosen = tf.tensor(mask, [...new Array<number>(x!.rank - 2).fill(1), rows, columns], 'bool');
    return tf.where(tf.tile(chosen, [...x!.shape.slice(0, -2), 1, 1]), x!, tf.zerosLike(x!));
  },
});

/** MatrixBandPart keeps a band around the main diagonal; one beside it is what is left without its complement. */
function triangle(x: Value, { upper, diagonal }: Triangle): Value {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  // MatrixBandPart refuses limits beyond the matrix.
  const towards = Math.min(upper ? -diagonal : diagonal, upper ? rows : columns);
  if (towards >= 0) return band(x, upper ? towards : -1, upper ? -1 : towards);
  return tf.tidy(() => {
    const all = nativeOp('Fill', attrList({ T: 'bool', index_type: 'int32' }), [
      constant([rows, columns], 'int32'),
      constant(1, 'bool'),
    ]);
    const outside = upper
      ? band(all, -1, Math.min(-towards - 1, columns))
      : band(all, Math.min(-towards - 1, rows), -1);
    return nativeOp('SelectV2', attrList({ T: typeOf(x) }), [outside, constant(0, typeOf(x)), x]);
  });
}

/** All but the elements more than `lower` below or `upper` above the main diagonal; −1 is no limit. */
function band(x: Value, lower: number, upper: number): Value {
  const attrs = attrList({ T: typeOf(x), Tindex: 'int32' });
  return nativeOp('MatrixBandPart', attrs, [x, constant(lower, 'int32'), constant(upper, 'int32')]);
}
