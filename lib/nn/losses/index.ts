/** The losses of torch.nn as modules. */
export { LinearCrossEntropyOptions } from './linearCrossEntropyOptions';
export { AdaptiveLogSoftmaxWithLoss, type OutputLoss } from './modules/adaptive';
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  CTCLoss,
  FocalLoss,
  MultiLabelSoftMarginLoss,
  NLLLoss,
  SoftMarginLoss,
} from './modules/classification';
export { GANLoss, type GANLossOptions, type GANMode } from './modules/gan';
export { LinearCrossEntropyLoss, type LinearCrossEntropyLossOptions } from './modules/linearCrossEntropy';
export {
  CosineEmbeddingLoss,
  HingeEmbeddingLoss,
  MarginRankingLoss,
  MultiLabelMarginLoss,
  MultiMarginLoss,
  TripletMarginLoss,
  TripletMarginWithDistanceLoss,
} from './modules/margin';
export {
  GaussianNLLLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  PoissonNLLLoss,
  SmoothL1Loss,
} from './modules/regression';
