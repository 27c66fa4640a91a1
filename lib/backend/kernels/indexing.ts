import * as tf from '@tensorflow/tfjs';
import { constant, type Value } from '../engine';
import { attrList, defineKernel, nativeOp } from '../kernel';
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
  gatherRows: (x, index) => tf.gather(x, index, 1, 1),
  scatterRows(index, src, rows, size) {
    if (index.size === 0) return tf.zeros([rows * size], typeOf(src));
    const starts = tf.reshape(tf.range(0, rows * size, size, 'int32'), [rows, 1]);
    return scatter(tf.add(index, starts), tf.reshape(src, [-1]), [rows * size]);
  },
};

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

function takeAlong(x: Value, index: Value, dim: number, m: Moves): Value {
  const shape = index.shape;
  const fitted = shape.map((size, i) => (i === dim ? x.shape[i]! : size));
  const cropped = String(fitted) === String(x.shape) ? x : m.slice(x, new Array(x.rank).fill(0), fitted);
  const perm = permMoving(shape.length, dim, 'end');
  const rows = (v: Value) => {
    const moved = isIdentity(perm) ? v : m.transpose(v, perm);
    return m.reshape(moved, [product(moved.shape.slice(0, -1)), moved.shape.at(-1)!]);
  };
  return fromRows(m.gatherRows(rows(cropped), rows(index)), shape, perm, m);
}

/** [n, k] back to `shape`, whose dimensions were permuted by `perm` to be laid out in rows. */
function fromRows(x: Value, shape: readonly number[], perm: readonly number[], m: Moves): Value {
  const moved = m.reshape(
    x,
    perm.map((i) => shape[i]!),
  );
  return isIdentity(perm) ? moved : m.transpose(moved, inversePerm(perm));
}

/** Zeros of `shape` with each element of `src` added at its place but at the index along `dim`: TakeAlong's gradient. */
defineKernel<Along & { shape: readonly number[] }>('AddAlong', {
  native: ({ index, src }, { dim, shape }) => tf.tidy(() => addAlong(index!, src!, dim, shape, NATIVE)),
  reference: ({ index, src }, { dim, shape }) => addAlong(index!, src!, dim, shape, REFERENCE),
});

function addAlong(index: Value, src: Value, dim: number, shape: readonly number[], m: Moves): Value {
  const size = shape[dim]!;
  const perm = permMoving(shape.length, dim, 'end');
  const rows = product(perm.slice(0, -1).map((i) => index.shape[i]!));
  const flat = (v: Value) => m.reshape(isIdentity(perm) ? v : m.transpose(v, perm), [rows, index.shape[dim]!]);
  const fitted = index.shape.map((n, i) => (i === dim ? size : n));
  const sums = fromRows(m.scatterRows(flat(index), flat(src), rows, size), fitted, perm, m);
  if (String(fitted) === String(shape)) return sums;
  return m.pad(
    sums,
    new Array(shape.length).fill(0),
    shape.map((n, i) => n - fitted[i]!),
  );
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
  reference: ({ index }, { classes }) => tf.oneHot(index!, classes, 1, 0, 'int32'),
});
