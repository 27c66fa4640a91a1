import * as tf from '@tensorflow/tfjs';
import { attrList, constant, defineKernel, nativeOp, nativeOpMulti, type Value } from '../kernel';

/**
 * Cross entropy of logits [n, c] with class labels [n]: the losses [n], or their mean, and, from the same pass, the gradients
 * [n, c] of the losses. A label outside [0, c) is an error on every backend.
 */
defineKernel<{ mean: boolean }>('SparseSoftmaxCrossEntropy', {
  native: ({ logits, labels }, { mean }) => {
    const attrs = attrList({ T: 'float32', Tlabels: 'int32' });
    const [losses, slopes] = nativeOpMulti('SparseSoftmaxCrossEntropyWithLogits', attrs, [logits!, labels!], 2);
    if (!mean) return [losses!, slopes!];
    const average = nativeOp('Mean', attrList({ T: 'float32', Tidx: 'int32', keep_dims: false }), [
      losses!,
      constant([0], 'int32'),
    ]);
    losses!.dispose();
    return [average, slopes!];
  },
  reference: ({ logits, labels }, { mean }) => {
    const classes = logits!.shape[1]!;
    checkLabels(labels!, classes);
    const shifted = tf.sub(logits!, tf.max(logits!, 1, true));
    const total = tf.sum(tf.exp(shifted), 1, true);
    // tf.oneHot refuses a single class.
    const hot = tf.oneHot(labels! as tf.Tensor1D, Math.max(classes, 2));
    const target = tf.cast(tf.slice(hot, [0, 0], [-1, classes]), 'float32');
    // Only the target's own logit may count: another one may be −∞, and 0·∞ is NaN.
    const chosen = tf.sum(tf.where(tf.cast(target, 'bool'), shifted, tf.zerosLike(shifted)), 1);
    const losses = tf.sub(tf.log(tf.squeeze(total, [1])), chosen);
    // Not tf.mean: of nothing that is 0.
    const loss = mean ? tf.div(tf.sum(losses), losses.size) : losses;
    return [loss, tf.sub(tf.div(tf.exp(shifted), total), target)];
  },
});

function checkLabels(labels: Value, classes: number): void {
  const bad = labels.dataSync().find((label) => label < 0 || label >= classes);
  if (bad !== undefined)
    throw new RangeError(`Received a label value of ${bad} which is outside the valid range of [0, ${classes})`);
}
