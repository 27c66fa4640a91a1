import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, nativeOpMulti, type Value } from '../kernel';

/** Up to this many elements, copying values of one shape together costs less than a native call for each. */
const SMALL = 16384;

/** The values, those of one small shape together. */
function grouped(values: readonly Value[]): Value[][] {
  const groups = new Map<string, Value[]>();
  values.forEach((x, i) => {
    const key = x.size <= SMALL ? String(x.shape) : `${i}:`;
    const group = groups.get(key);
    if (group) group.push(x);
    else groups.set(key, [x]);
  });
  return [...groups.values()];
}

/** Runs `fn` on the values of one shape as one value of one dimension more, or on the only one as it is. */
function together<R>(group: readonly Value[], fn: (x: Value) => R): R {
  if (group.length === 1) return fn(group[0]!);
  const packed = nativeOp('Pack', attrList({ N: group.length, T: 'float32', axis: 0 }), [...group]);
  const result = fn(packed);
  packed.dispose();
  return result;
}

/** The Euclidean norm of all elements of float32 values, given under the keys 0, 1 …. */
defineKernel('TotalNorm', {
  native: (inputs) => {
    const float = attrList({ T: 'float32' });
    const halves = grouped(Object.values(inputs)).map((group) =>
      together(group, (x) => nativeOp('L2Loss', float, [x])),
    );
    const half = nativeOp('AddN', attrList({ N: halves.length, T: 'float32' }), halves);
    const square = nativeOp('Mul', float, [half, constant(2)]);
    const norm = nativeOp('Sqrt', float, [square]);
    for (const value of [...halves, half, square]) value.dispose();
    return norm;
  },
  reference: (inputs) => {
    const squares: Value[] = Object.values(inputs).map((x) => tf.sum(tf.square(x)));
    return tf.sqrt(tf.addN(squares));
  },
});

/** float32 values, given under the keys 0, 1 …, each times the scalar `factor`. */
defineKernel('ScaleEach', {
  native: ({ factor, ...inputs }) => {
    const values = Object.values(inputs);
    const scaled = new Map<Value, Value>();
    for (const group of grouped(values)) {
      scaleTogether(group, factor!).forEach((value, i) => {
        scaled.set(group[i]!, value);
      });
    }
    return values.map((x) => scaled.get(x)!);
  },
  reference: ({ factor, ...values }) => Object.values(values).map((x) => tf.mul(x, factor!)),
});

function scaleTogether(group: readonly Value[], factor: Value): Value[] {
  const product = together(group, (x) => nativeOp('Mul', attrList({ T: 'float32' }), [x, factor]));
  if (group.length === 1) return [product];
  const num = group.length;
  const values = nativeOpMulti('Unpack', attrList({ num, T: 'float32', axis: 0 }), [product], num);
  product.dispose();
  return values;
}
