import { defineKernel, type Value } from '../kernel';
import { eachMatrix } from './eachMatrix';
import * as host from './linalgHost';

/**
 * L (below the diagonal) and U of matrices in one, the order of the rows, and LAPACK's pivots, from 1, both as float32.
 * TensorFlow's Lu takes square and regular matrices alone, and knows no pivots.
 */
function luFactors({ x }: Record<string, Value>): Value[] {
  const [m, n] = x!.shape.slice(-2) as [number, number];
  return eachMatrix([x!], [[m, n], [m], [Math.min(m, n)]], (a) => {
    const { order, pivots } = host.lu(a!, m, n);
    return [a!, order, pivots];
  });
}

defineKernel('LuFactors', { native: luFactors, reference: luFactors });
