import { fromArray, type Value } from '../kernel';
import * as host from './linalgHost';

type Matrices = readonly host.Matrix[];

/** The matrices of each input one by one through `fn`, which gives one matrix for each of `shapes`. */
export function eachMatrix(
  inputs: readonly Value[],
  shapes: readonly number[][],
  fn: (...matrices: host.Matrix[]) => Matrices,
) {
  const size = (shape: readonly number[]) => shape.reduce((n, m) => n * m, 1);
  const batch = inputs[0]!.shape.slice(0, -2);
  const sizes = inputs.map((x) => size(x.shape.slice(-2)));
  const data = inputs.map((x) => x.dataSync());
  const outs = shapes.map((shape) => new Float32Array(size(batch) * size(shape)));
  for (let element = 0; element < size(batch); element++) {
    const matrices = data.map((d, i) => Float64Array.from(d.slice(element * sizes[i]!, (element + 1) * sizes[i]!)));
    const results = located(element, () => fn(...matrices));
    results.forEach((result, i) => {
      outs[i]!.set(result, element * size(shapes[i]!));
    });
  }
  return outs.map((out, i) => fromArray(out, [...batch, ...shapes[i]!], 'float32'));
}

function located<R>(element: number, fn: () => R): R {
  try {
    return fn();
  } catch (error) {
    throw error instanceof host.MatrixFailure ? new host.MatrixFailure(error.order, element) : error;
  }
}
