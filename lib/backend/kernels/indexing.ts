import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { inversePerm, isIdentity, pad, permMoving, reshape, slice, sliceReference, transpose, typeOf } from './moves';

/** An index outside of its range makes all of these throw an error that says "<index> is not in". */

type Along = { dim: number };

/** The slices of `x` at `index` (of any shape) along `dim`. */
defineKernel<Along>('Take', {
  native: ({ x, index }, { dim }) => gather(x!, index!, dim, 0),
  reference: ({ x, index }, { dim }) => tf.gather(x!, index!, dim),
});

function gather(x: Value, index: Value, dim: number, batchDims: number): Value {
  const attrs = attrList({ batch_dims: batchDims, Tparams: typeOf(x), Tindices: 'int32', Taxis: 'int32' });
  return nativeOp('GatherV2', attrs, [x, index, constant(dim, 'int32')]);
}

/** `index` itself, if all of it is in [0, size). */
defineKernel<{ size: number }>('CheckIndex', {
  native: ({ index }, { size }) => tf.tidy(() => gather(range(0, size, 1), index!, 0, 0)),
  reference: ({ index }, { size }) => {
    const bad = index!.dataSync().find((i) => i < 0 || i >= size);
    if (bad !== undefined) throw new RangeError(`${bad} is not in [0, ${size})`);
    return tf.clone(index!);
  },
});

function range(start: number, limit: number, step: number): Value {
  return nativeOp('Range', attrList({ Tidx: 'int32' }), [
    constant(start, 'int32'),
    constant(limit, 'int32'),
    constant(step, 'int32'),
  ]);
}

/** Zeros with each slice of `src` along `dim` added at its `index` (1-d): the gradient of Take. */
defineKernel<Along & { size: number }>('AddSlices', {
  native: ({ index, src }, { dim, size }) => {
    if (dim === 0) return segmentSum(src!, index!, size);
    const perm = permMoving(src!.rank, dim, 'front');
    return tf.tidy(() => transpose(segmentSum(transpose(src!, perm), index!, size), inversePerm(perm)));
  },
  reference: ({ index, src }, { dim, size }) => {
    const perm = permMoving(src!.rank, dim, 'front');
    const front = tf.transpose(src!, perm);
    return tf.transpose(scatter(index!, front, [size, ...front.shape.slice(1)]), inversePerm(perm));
  },
});

function segmentSum(src: Value, index: Value, size: number): Value {
  const attrs = attrList({ T: typeOf(src), Tindices: 'int32', Tnumsegments: 'int32' });
  return nativeOp('UnsortedSegmentSum', attrs, [src, index, constant(size, 'int32')]);
}

/** scatterND refuses empty updates. */
function scatter(index: Value, src: Value, shape: number[]): Value {
  if (src.size === 0 || shape.includes(0)) return tf.zeros(shape, typeOf(src));
  return tf.scatterND(tf.reshape(index, [-1, 1]), src, shape);
}

/** For each place of `index`, the element of `x` at that place but at the index along `dim`: torch.gather. */
defineKernel<Along>('TakeAlong', {
  native: ({ x, index }, { dim }) => tf.tidy(() => takeAlong(x!, index!, dim, NATIVE)),
  reference: ({ x, index }, { dim }) => takeAlong(x!, index!, dim, REFERENCE),
});

/** The moves that {@link takeAlong} and {@link addAlong} consist of, in either way. */
interface Moves {
  reshape(x: Value, shape: readonly number[]): Value;
  transpose(x: Value, perm: readonly number[]): Value;
  slice(x: Value, begin: readonly number[], size: readonly number[]): Value;
  pad(x: Value, before: readonly number[], after: readonly number[]): Value;
  /** Row i of `x` [n, d] at row i of `index` [n, k]. */
  gatherRows(x: Value, index: Value): Value;
  /** Row i of `src` [n, k] added at row i of `index` [n, k] into zeros [n, d], given flat. */
  scatterRows(index: Value, src: Value, rows: number, size: number): Value;
}

const NATIVE: Moves = {
  reshape,
  transpose,
  slice,
  pad,
  gatherRows: (x, index) => gather(x, index, 1, 1),
  scatterRows(index, src, rows, size) {
    if (size === 0) return reshape(src, [0]);
    const starts = reshape(range(0, rows * size, size), [rows, 1]);
    const places = nativeOp('AddV2', attrList({ T: 'int32' }), [index, starts]);
    return segmentSum(src, places, rows * size);
  },
};

const REFERENCE: Moves = {
  reshape: (x, shape) => tf.reshape(x, [...shape]),
  transpose: (x, perm) => tf.transpose(x, [...perm]),
  slice: sliceReference,
  pad: (x, before, after) =>
    tf.pad(
      x,
      before.map((n, i) => [n, after[i]!] as [number, number]),
    ),
  // tf.gather fails on empty values.
  gatherRows: (x, index) => (index.size === 0 ? tf.zeros(index.shape, typeOf(x)) : tf.gather(x, index, 1, 1)),
  scatterRows(index, src, rows, size) {
    if (index.size === 0) return tf.zeros([rows * size], typeOf(src));
    const starts = tf.reshape(tf.range(0, rows * size, size, 'int32'), [rows, 1]);
    return scatter(tf.add(index, starts), tf.reshape(src, [-1]), [rows * size]);
  },
};

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
const same = (a: readonly number[], b: readonly number[]) => String(a) === String(b);

/** `x` with its dimensions in the order of `perm`, and then under `shape`; `x` itself if that changes nothing. */
function arranged(x: Value, perm: readonly number[], shape: readonly number[], m: Moves): Value {
  const moved = isIdentity(perm) ? x : m.transpose(x, perm);
  return same(moved.shape, shape) ? moved : m.reshape(moved, shape);
}

function takeAlong(x: Value, index: Value, dim: number, m: Moves): Value {
  const { shape } = index;
  const fitted = shape.with(dim, x.shape[dim]!);
  const cropped = same(fitted, x.shape) ? x : m.slice(x, new Array(x.rank).fill(0), fitted);
  const perm = permMoving(shape.length, dim, 'end');
  const count = product(shape.toSpliced(dim, 1));
  const rows = (v: Value) => arranged(v, perm, [count, v.shape[dim]!], m);
  return fromRows(m.gatherRows(rows(cropped), rows(index)), shape, perm, m);
}

/** Rows back to `shape`, whose dimensions were permuted by `perm` to be laid out in rows. */
function fromRows(x: Value, shape: readonly number[], perm: readonly number[], m: Moves): Value {
  const apart = perm.map((i) => shape[i]!);
  return arranged(same(x.shape, apart) ? x : m.reshape(x, apart), inversePerm(perm), shape, m);
}

/** Zeros of `shape` with each element of `src` added at its place but at the index along `dim`: TakeAlong's gradient. */
defineKernel<Along & { shape: readonly number[] }>('AddAlong', {
  native: ({ index, src }, { dim, shape }) => tf.tidy(() => addAlong(index!, src!, dim, shape, NATIVE)),
  reference: ({ index, src }, { dim, shape }) => addAlong(index!, src!, dim, shape, REFERENCE),
});

function addAlong(index: Value, src: Value, dim: number, shape: readonly number[], m: Moves): Value {
  const size = shape[dim]!;
  const perm = permMoving(shape.length, dim, 'end');
  const count = product(index.shape.toSpliced(dim, 1));
  const rows = (v: Value) => arranged(v, perm, [count, v.shape[dim]!], m);
  const fitted = index.shape.with(dim, size);
  const sums = fromRows(m.scatterRows(rows(index), rows(src), count, size), fitted, perm, m);
  if (same(fitted, shape)) return sums;
  const missing = shape.map((n, i) => n - fitted[i]!);
  return m.pad(sums, new Array(shape.length).fill(0), missing);
}

/** One row per index, with a one at it. Indices outside of [0, classes) give zeros. */
defineKernel<{ classes: number }>('OneHotRows', {
  native: ({ index }, { classes }) =>
    nativeOp('OneHot', attrList({ axis: -1, T: 'int32', TI: 'int32' }), [
      index!,
      constant(classes, 'int32'),
      constant(1, 'int32'),
      constant(0, 'int32'),
    ]),
  // tf.oneHot refuses a single class.
  reference: ({ index }, { classes }) =>
    tf.cast(tf.equal(tf.expandDims(index!, -1), tf.range(0, classes, 1, 'int32')), 'int32'),
});
