/** The losses of torch.nn.functional. */
export { type GradientPenaltyOptions, gradientPenalty } from './adversarial';
export {
  type BCELossOptions,
  type BCEWithLogitsLossOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from './binary';
export { type CrossEntropyOptions, crossEntropy, type NLLLossOptions, nllLoss } from './crossEntropy';
export { type CTCLossOptions, ctcLoss, type Lengths } from './ctc';
export {
  cosineEmbeddingLoss,
  type Distance,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from './embedding';
export { type FocalLossOptions, focalLoss } from './focal';
export {
  type GaussianNLLLossOptions,
  gaussianNllLoss,
  type KLDivLossOptions,
  type KLReduction,
  klDiv,
  type PoissonNLLLossOptions,
  poissonNllLoss,
} from './likelihood';
export { type LinearCrossEntropyArguments, linearCrossEntropy } from './linearCrossEntropy';
export {
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multiMarginLoss,
} from './margin';
export {
  type HuberLossOptions,
  huberLoss,
  type L1LossOptions,
  l1Loss,
  type MSELossOptions,
  mseLoss,
  type SmoothL1LossOptions,
  smoothL1Loss,
} from './regression';
