/** Splitting and joining along a dimension that the name tells, as in NumPy. */
import { noMore, type Optional } from '../args';
import { RuntimeError } from '../errors';
import { zeros } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { atleast1d, atleast3d, readTensors, type Tensors, tensorSplit, vstack } from './assemble';
import { checkArray, checkTensor } from './define';
import { show } from './dims';
import { cat, split } from './join';
import { reshapeTo, uncrop } from './layout';

type Splitter = (input: Tensor, indicesOrSections: number | readonly number[]) => Tensor[];

function splitter(name: string, least: number, dimOf: (x: Tensor) => number): Splitter {
  const form = `${name}(input, indicesOrSections)`;
  return function (input, indicesOrSections) {
    noMore(form, arguments.length, 2);
    checkTensor(name, input);
    if (input.ndim < least) {
      throw new RuntimeError(
        `torch.${name} requires a tensor with at least ${least} dimension, but got a tensor with ${input.ndim} dimensions!`,
      );
    }
    const dim = dimOf(input);
    const size = input.shape[dim]!;
    if (typeof indicesOrSections === 'number') {
      if (!(size % indicesOrSections === 0)) {
        throw new RuntimeError(
          `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${size} is not divisible by the split_size ${indicesOrSections}!`,
        );
      }
    } else if (!Array.isArray(indicesOrSections)) {
      throw new TypeError(
        `${name}() received an invalid combination of arguments: it takes a tensor and an integer or an array of integers`,
      );
    }
    return tensorSplit(input, indicesOrSections, dim);
  };
}

/** Equal pieces side by side, or pieces that begin at the indices: along the second dimension, a vector along its only one. See torch.hsplit. */
export const hsplit: Splitter = splitter('hsplit', 1, (x) => Math.min(1, x.ndim - 1));
/** Equal pieces one below the other, or pieces that begin at the indices: along the first dimension. See torch.vsplit. */
export const vsplit: Splitter = splitter('vsplit', 2, () => 0);
/** Equal pieces in depth, or pieces that begin at the indices: along the third dimension. See torch.dsplit. */
export const dsplit: Splitter = splitter('dsplit', 3, () => 2);

/** Pieces of these sizes along `dim`, which must add up. See torch.split_with_sizes. */
export function splitWithSizes(
  input: Tensor,
  splitSizes: readonly number[],
  ...rest: Optional<'dim', number>
): Tensor[] {
  checkArray('splitWithSizes', splitSizes, 'splitSizes');
  if (splitSizes.some((n) => n < 0)) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=${show(splitSizes)}`,
    );
  }
  return split(input, splitSizes, ...rest);
}

/** In depth: along the third dimension, after {@link atleast3d}. See torch.dstack. */
export function dstack(tensors: readonly Tensor[]): Tensor {
  noMore('dstack(tensors)', arguments.length, 1);
  if (Array.isArray(tensors) && tensors.length === 0) throw new RuntimeError('dstack expects a non-empty TensorList');
  return cat(
    readTensors('dstack', [tensors]).map((x) => atleast3d(x)),
    2,
  );
}

/** As {@link vstack}. See torch.row_stack. */
export const rowStack: typeof vstack = vstack;
/** As {@link cat}. See torch.concat. */
export const concat: typeof cat = cat;
/** As {@link cat}. See torch.concatenate. */
export const concatenate: typeof cat = cat;

/** A matrix with the given ones, or vectors as rows, along its diagonal, zeros elsewhere. See torch.block_diag. */
export function blockDiag(...tensors: Tensors): Tensor {
  const blocks = readTensors('blockDiag', tensors).map((x, i) => {
    if (x.ndim <= 2) return reshapeTo(x, x.ndim === 2 ? x.shape : [1, atleast1d(x)._size]);
    throw new RuntimeError(
      `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${i} has ${x.ndim} dimensions`,
    );
  });
  if (blocks.length === 0) return zeros(1, 0);
  const width = blocks.reduce((sum, x) => sum + x.shape[1]!, 0);
  let start = 0;
  const rows = blocks.map((x) => {
    const before = start;
    start += x.shape[1]!;
    return uncrop(x, [0, before], [0, width - start]);
  });
  return cat(rows);
}
