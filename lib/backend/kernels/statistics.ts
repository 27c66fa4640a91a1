import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp } from '../kernel';
import { reduce } from './reductions';

type Deviations = { axes: readonly number[]; keepDims: boolean };

/** Σ (x − mean)² over `axes`, in two passes: the naive one-pass form cancels. */
defineKernel<Deviations>('SquaredDeviations', {
  native: ({ x }, { axes, keepDims }) =>
    tf.tidy(() => {
      const mean = reduce(x!, { op: 'Mean', axes, keepDims: true });
      const squares = nativeOp('SquaredDifference', attrList({ T: 'float32' }), [x!, mean]);
      return reduce(squares, { op: 'Sum', axes, keepDims });
    }),
  reference: ({ x }, { axes, keepDims }) => {
    const over = [...axes];
    return tf.sum(tf.squaredDifference(x!, tf.mean(x!, over, true)), over, keepDims);
  },
});
