import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp } from '../kernel';
import { expandReference } from './moves';

/** `t` where `condition`, else `e`, broadcast to `shape`. tfjs' own Select broadcasts only some shapes. */
defineKernel<{ shape: number[] }>('SelectBroadcast', {
  native: ({ condition, t, e }) => nativeOp('SelectV2', attrList({ T: t!.dtype as 'float32' }), [condition!, t!, e!]),
  reference: ({ condition, t, e }, { shape }) =>
    tf.where(expandReference(condition!, shape), expandReference(t!, shape), expandReference(e!, shape)),
});
