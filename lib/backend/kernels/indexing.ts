import * as tf from '@tensorflow/tfjs';
import { arrayOf, type DType } from '../engine';
import { attrList, constant, defineKernel, defineOwnKernel, fromArray, nativeOp, type Value } from '../kernel';
import { hasOwnOps } from '../native';
import { inversePerm, permMoving, transpose, typeOf } from './moves';

/** An index outside of its range makes all of these throw an error that says "<index> is not in". */

type Along = { dim: number };

/** The slices of `x` at `index` (of any shape) along `dim`. */
defineKernel<Along>('Take', {
  native: ({ x, index }, { dim }) => {
    // TensorFlow copies the slices in parallel, but slowly where they are of one element.
    if (dim === 0 || !hasOwnOps()) return gather(x!, index!, dim);
    return nativeOp('FlambeauTake', attrList({ T: typeOf(x!), axis: dim }), [x!, index!]);
  },
  reference: ({ x, index }, { dim }) => tf.gather(x!, index!, dim),
});

function gather(x: Value, index: Value, dim: number): Value {
  const attrs = attrList({ batch_dims: 0, Tparams: typeOf(x), Tindices: 'int32', Taxis: 'int32' });
  return nativeOp('GatherV2', attrs, [x, index, constant(dim, 'int32')]);
}

/** `index` itself, if all of it is in [0, size). */
defineKernel<{ size: number }>('CheckIndex', {
  native: ({ index }, { size }) => tf.tidy(() => gather(range(0, size, 1), index!, 0)),
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
    if (hasOwnOps()) {
      return nativeOp('FlambeauAddSlices', attrList({ T: typeOf(src!), axis: dim, k: size }), [src!, index!]);
    }
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
defineOwnKernel<Along>('TakeAlong', {
  native: ({ x, index }, { dim }) =>
    nativeOp('FlambeauTakeAlong', attrList({ T: typeOf(x!), axis: dim }), [x!, index!]),
  reference: ({ x, index }, { dim }) => {
    const data = x!.dataSync();
    const out = arrayOf(typeOf(x!), index!.size);
    eachPlace(index!, x!.shape, dim, (i, place) => {
      out[i] = data[place]!;
    });
    return fromArray(out, index!.shape, typeOf(x!));
  },
});

/** `x` with each element of `src` added at its place but at the index along `dim`: torch.scatter_add; without x, into zeros of `shape`. */
defineOwnKernel<Along & { shape: readonly number[] }>('AddAlong', {
  native: ({ x, index, src }, { dim, shape }) => {
    const onto = x ?? zeros(shape, typeOf(src!));
    const sums = nativeOp('FlambeauAddAlong', attrList({ T: typeOf(src!), axis: dim }), [onto, index!, src!]);
    if (!x) onto.dispose();
    return sums;
  },
  reference: ({ x, index, src }, { dim, shape }) => {
    const data = src!.dataSync();
    const out = arrayOf(typeOf(src!), x ? x.dataSync() : product(shape));
    eachPlace(index!, shape, dim, (i, place) => {
      out[place] = out[place]! + data[i]!;
    });
    return fromArray(out, shape, typeOf(src!));
  },
});

function zeros(shape: readonly number[], dtype: DType): Value {
  return nativeOp('Fill', attrList({ T: dtype, index_type: 'int32' }), [constant(shape, 'int32'), constant(0, dtype)]);
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** Calls `fn` for each place of `index` with that of the element in a flat array of `shape` that it points to along `dim`. */
function eachPlace(index: Value, shape: readonly number[], dim: number, fn: (i: number, place: number) => void): void {
  const steps = shape.map((_, d) => product(shape.slice(d + 1)));
  index.dataSync().forEach((at, i) => {
    if (at < 0 || at >= shape[dim]!) throw new RangeError(`${at} is not in [0, ${shape[dim]})`);
    let [rest, place] = [i, at * steps[dim]!];
    for (let d = shape.length - 1; d >= 0; d--) {
      if (d !== dim) place += (rest % index.shape[d]!) * steps[d]!;
      rest = Math.floor(rest / index.shape[d]!);
    }
    fn(i, place);
  });
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
