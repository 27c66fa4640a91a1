import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { hasOwnOps } from '../native';
import { exactlyNative, exactlyReference } from './exact';
import { typeOf } from './moves';

type Cumulate = { axis: number; reverse: boolean };

/** Sums of the elements so far along `axis`, from the other end if `reverse`. For int32, leaving int32 is a RangeError. */
defineKernel<Cumulate>('Cumulate', {
  native: ({ x }, attrs) => (x!.dtype === 'int32' ? exactlyNative(x!, (v) => cumsum(v, attrs)) : cumsum(x!, attrs)),
  reference: ({ x }, { axis, reverse }) => {
    const sums = (v: Value) => tf.cumsum(v, axis, false, reverse);
    return x!.dtype === 'int32' ? exactlyReference(x!, sums) : sums(x!);
  },
});

function cumsum(x: Value, { axis, reverse }: Cumulate): Value {
  // TensorFlow's is slow, and adds up in float32.
  if (hasOwnOps() && x.dtype === 'float32') return nativeOp('FlambeauCumulate', attrList({ axis, flag: reverse }), [x]);
  const attrs = attrList({ exclusive: false, reverse, T: typeOf(x), Tidx: 'int32' });
  return nativeOp('Cumsum', attrs, [x, constant(axis, 'int32')]);
}
