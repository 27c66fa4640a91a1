/** What sorts, cumulates, compares whole tensors, and joins them. */
export {
  atleast1d,
  atleast2d,
  atleast3d,
  cartesianProd,
  columnStack,
  hstack,
  type MeshgridOptions,
  meshgrid,
  repeatInterleave,
  rot90,
  tensorSplit,
  vstack,
} from '../assemble';
export { allclose, type CloseOptions, equal, isclose } from '../compareAll';
export { cummax, cummin, cumprod, type DiffOptions, diff, logcumsumexp } from '../cumulative';
export {
  aminmax,
  bincount,
  histc,
  type MinMax,
  nanmean,
  nanquantile,
  type QuantileOptions,
  quantile,
  stdMean,
  varMean,
} from '../moments';
export {
  argsort,
  bucketize,
  kthvalue,
  median,
  mode,
  msort,
  nanmedian,
  type SearchOptions,
  type SortOptions,
  searchsorted,
  sort,
  type TopkOptions,
  topk,
} from '../sorting';
export { type Unique, type UniqueOptions, unique, uniqueConsecutive } from '../unique';
