import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp } from '../kernel';

type Deviations = { axes: readonly number[]; keepDims: boolean };

/** Σ (x − mean)² over `axes`, in two passes: the naive one-pass form cancels. */
defineKernel<Deviations>('SquaredDeviations', {
  native: ({ x }, { axes, keepDims }) =>
    tf.tidy(() => {
      const over = constant(axes, 'int32');
      const reduction = (keep: boolean) => attrList({ keep_dims: keep, T: 'float32', Tidx: 'int32' });
      const mean = nativeOp('Mean', reduction(true), [x!, over]);
      const squares = nativeOp('SquaredDifference', attrList({ T: 'float32' }), [x!, mean]);
      return nativeOp('Sum', reduction(keepDims), [squares, over]);
    }),
  reference: ({ x }, { axes, keepDims }) => {
    const over = [...axes];
    return tf.sum(tf.squaredDifference(x!, tf.mean(x!, over, true)), over, keepDims);
  },
});
