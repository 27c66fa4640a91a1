import * as tf from '@tensorflow/tfjs';
import type { Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { isGradEnabled } from './context';
import { recordMulti } from './op';
import { Tensor } from './tensor';

// biome-ignore lint/suspicious/noExplicitAny: keeps tfjs' types out of our declarations
type TfjsFunction = (...inputs: any[]) => any;

/**
 * Brings a TensorFlow.js function into the graph: `fn` takes and returns one tfjs tensor each, and tfjs differentiates it
 * with respect to all float32 inputs. First derivatives only, for tfjs' second derivatives are silently wrong in places.
 *
 * ```ts
 * const softsign = fromTfjs((x) => tf.div(x, tf.add(tf.abs(x), 1)));
 * softsign(tensor([1, -2])).sum().backward();
 * ```
 */
export function fromTfjs(fn: TfjsFunction): (...inputs: Tensor[]) => Tensor {
  return (...inputs) => {
    for (const x of inputs) if (!(x instanceof Tensor)) throw new TypeError(`fromTfjs: takes Tensors, got ${typeof x}`);
    const value = keepOnly(() => fn(...inputs.map((x) => x.tfjs)));
    const how = { name: 'FromTfjs', inputs, saves: inputs };
    return recordMulti(
      [value],
      how,
      () =>
        ([g]) =>
          gradients(fn, inputs, g!),
    )[0]!;
  };
}

function gradients(fn: TfjsFunction, inputs: Tensor[], g: Tensor): (Tensor | null)[] {
  if (isGradEnabled()) throw new RuntimeError('fromTfjs: has no second derivative; call backward without createGraph');
  const floats = inputs.filter((x) => x.dtype === 'float32');
  const ofFloats = (...xs: unknown[]) => {
    const queue = [...xs];
    return fn(...inputs.map((x) => (x.dtype === 'float32' ? queue.shift() : x.tfjs)));
  };
  const found = tf.tidy(() => {
    const grads = tf.grads(ofFloats)(
      floats.map((x) => x.tfjs),
      g.tfjs,
    );
    for (const grad of grads) grad.kept = true;
    return grads;
  });
  const made = found.map((grad) => Tensor._of(grad));
  return inputs.map((x) => (x.dtype === 'float32' ? made.shift()! : null));
}

/** The result as a value of our own, even where `fn` returns an input. */
function keepOnly(fn: () => unknown): Value {
  return tf.tidy(() => {
    const result = fn();
    if (!(result instanceof tf.Tensor))
      throw new TypeError(`fromTfjs: the function must return one tfjs tensor, got ${typeof result}`);
    const own = tf.clone(result);
    own.kept = true;
    return own;
  }) as unknown as Value;
}
