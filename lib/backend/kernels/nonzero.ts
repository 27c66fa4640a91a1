import * as tf from '@tensorflow/tfjs';
import { native } from '../engine';
import { attrList, defineKernel, type Value } from '../kernel';

/** The indices of the true elements of a bool value, row by row: [n, rank], int32. */
defineKernel('Nonzero', {
  native: ({ x }) => {
    // TensorFlow gives int64, for which tfjs has no dtype: it is converted before tfjs sees it.
    const backend = native()!;
    const { binding } = backend;
    const input = backend.getInputTensorIds([x!])[0]!;
    const [wide] = binding.executeOp('Where', attrList({ T: 'bool' }), [input], 1);
    const toInt32 = [
      { name: 'SrcT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT64 },
      { name: 'DstT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
      { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
    ];
    const [narrow] = binding.executeOp('Cast', toInt32, [wide!.id], 1);
    binding.deleteTensor(wide!.id);
    return backend.createOutputTensor(narrow!) as Value;
  },
  reference: ({ x }) => {
    const strides = x!.shape.map((_, i) => x!.shape.slice(i + 1).reduce((a, b) => a * b, 1));
    const places = [...x!.dataSync()].flatMap((element, at) =>
      element ? [strides.map((stride, i) => Math.floor(at / stride) % x!.shape[i]!)] : [],
    );
    return tf.tensor(places.flat(), [places.length, x!.rank], 'int32');
  },
});
