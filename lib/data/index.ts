export { type Collated, defaultCollate } from './collate';
export { DataLoader, type DataLoaderOptions, type Enumerated, enumerate } from './dataLoader';
export { ConcatDataset, Dataset, type DatasetLike, randomSplit, Subset } from './dataset';
export {
  BatchSampler,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from './sampler';
export { TensorDataset } from './tensorDataset';
