/** How many elements lie between neighbours, dimension by dimension: what tells a view from a copy, as in PyTorch. */
type Sizes = readonly number[];

/** The strides of a view from those of what it shows, and its shape. */
export type StrideRule = (strides: Sizes, shape: Sizes) => Sizes;

/** Of elements that lie row by row. */
export function rowMajor(shape: Sizes): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; step *= Math.max(shape[i--]!, 1)) strides[i] = step;
  return strides;
}

/** Whether elements lie row by row; dimensions of size 1 may have any stride. */
export function isRowMajor(strides: Sizes, shape: Sizes): boolean {
  if (shape.includes(0)) return true;
  const wanted = rowMajor(shape);
  return shape.every((size, i) => size === 1 || strides[i] === wanted[i]);
}

/** The strides of the same elements under another shape, or null where they cannot be had without a copy. */
export function reshapedStrides(strides: Sizes, from: Sizes, to: Sizes): number[] | null {
  if (from.includes(0) || from.length === 0) return rowMajor(to);
  const result = new Array<number>(to.length);
  let d = to.length - 1;
  // Dimensions that lie without a gap are one chunk; each chunk must be made of whole new dimensions.
  for (let last = from.length - 1; last >= 0; last--) {
    const step = strides[last]!;
    let size = from[last]!;
    while (last > 0 && (from[last - 1] === 1 || strides[last - 1] === size * step)) size *= from[--last]!;
    let done = 1;
    while (d >= 0 && (done < size || to[d] === 1)) {
      result[d] = done * step;
      done *= to[d--]!;
    }
    if (done !== size) return null;
  }
  return d < 0 ? result : null;
}

export const sameStrides: StrideRule = (strides) => strides;
export const reshaped =
  (to: Sizes): StrideRule =>
  (strides, from) =>
    reshapedStrides(strides, from, to)!;
export const permuted =
  (perm: Sizes): StrideRule =>
  (strides) =>
    perm.map((d) => strides[d]!);
export const without =
  (dim: number): StrideRule =>
  (strides) =>
    strides.toSpliced(dim, 1);
/** Every `step`-th along `dim`. */
export const stepped =
  (dim: number, step: number): StrideRule =>
  (strides) =>
    strides.with(dim, strides[dim]! * step);
/** Broadcast to a shape: what is repeated does not move on. */
export const broadcast =
  (to: Sizes): StrideRule =>
  (strides, from) => {
    const added = to.length - from.length;
    return to.map((size, i) => (i < added || (from[i - added] === 1 && size !== 1) ? 0 : strides[i - added]!));
  };
