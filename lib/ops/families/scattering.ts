/** What writes parts of tensors, and those of it that are functions of torch's root namespace. */
import * as scatterInto from '../scatterInto';
import * as scatterReduce from '../scatterReduce';
import { indexPut } from '../subscript';

export { diagonalScatter, put, type SliceOptions, selectScatter, sliceScatter } from '../scatterInto';
export { type IncludeSelfOptions, indexReduce, scatterReduce } from '../scatterReduce';
export { indexPut, indexPut_ } from '../subscript';

const { scattered: _scattered, ...reduceMethods } = scatterReduce;

/** Their first argument is the method's self. */
export const scatteringMethods = { ...scatterInto, ...reduceMethods, indexPut };
