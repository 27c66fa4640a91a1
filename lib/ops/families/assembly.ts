/** What splits, joins and rearranges in more particular ways, and those of it that are methods of Tensor. */
import * as pieces from '../pieces';
import * as rearrange from '../rearrange';

export { blockDiag, concat, concatenate, dsplit, dstack, hsplit, rowStack, splitWithSizes, vsplit } from '../pieces';
export {
  adjoint,
  argwhere,
  combinations,
  diagEmbed,
  diagflat,
  fliplr,
  flipud,
  moveaxis,
  narrowCopy,
  ravel,
  swapaxes,
  swapdims,
  trilIndices,
  triuIndices,
  unravelIndex,
  vander,
} from '../rearrange';

const { dsplit, hsplit, splitWithSizes, vsplit } = pieces;
const { adjoint, argwhere, diagEmbed, diagflat, fliplr, flipud } = rearrange;
const { moveaxis, narrowCopy, ravel, swapaxes, swapdims } = rearrange;

/** Their first argument is the method's self. */
export const assemblyMethods = {
  ...{ dsplit, hsplit, splitWithSizes, vsplit },
  ...{ adjoint, argwhere, diagEmbed, diagflat, fliplr, flipud },
  ...{ moveaxis, narrowCopy, ravel, swapaxes, swapdims },
};
