import * as tf from '@tensorflow/tfjs';
import { attrList, defineKernel, nativeOp } from '../kernel';
import { reshape, typeOf } from './moves';

/** `x` with `values` put, or added, at `places`: positions in x read row by row. */
defineKernel<{ accumulate: boolean }>('PutFlat', {
  native: ({ x, places, values }, { accumulate }) =>
    tf.tidy(() => {
      const op = accumulate ? 'TensorScatterAdd' : 'TensorScatterUpdate';
      const [flat, index, updates] = [
        reshape(x!, [x!.size]),
        reshape(places!, [places!.size, 1]),
        reshape(values!, [values!.size]),
      ];
      return reshape(nativeOp(op, attrList({ T: typeOf(x!), Tindices: 'int32' }), [flat, index, updates]), x!.shape);
    }),
  reference: ({ x, places, values }, { accumulate }) => {
    const [content, index, updates] = [x!.dataSync().slice(), places!.dataSync(), values!.dataSync()];
    index.forEach((place, i) => {
      content[place] = accumulate ? content[place]! + updates[i]! : updates[i]!;
    });
    return tf.tensor(content, x!.shape, typeOf(x!));
  },
});
