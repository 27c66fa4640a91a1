/** One competitor of bench/losses.ts: Flambeau's losses. */
import { nn, type Tensor } from 'flambeau';
import { serve } from '../serve';
import type { LossTask } from './cases';
import { inputsOf, stepOf } from './inputs';

const F = nn.functional;

serve(({ name, shape }: LossTask) => {
  const { x, y, z, p, q, probabilities, labels, signs, rowSigns, weight } = inputsOf(shape);
  const losses: Record<string, () => Tensor> = {
    crossEntropy: () => F.crossEntropy(x, labels),
    'crossEntropy smoothed': () => F.crossEntropy(x, labels, { labelSmoothing: 0.1 }),
    'crossEntropy of probabilities': () => F.crossEntropy(x, q),
    nllLoss: () => F.nllLoss(x, labels),
    focalLoss: () => F.focalLoss(x, labels),
    mseLoss: () => F.mseLoss(x, y),
    l1Loss: () => F.l1Loss(x, y),
    smoothL1Loss: () => F.smoothL1Loss(x, y),
    huberLoss: () => F.huberLoss(x, y),
    binaryCrossEntropy: () => F.binaryCrossEntropy(probabilities, p),
    binaryCrossEntropyWithLogits: () => F.binaryCrossEntropyWithLogits(x, p),
    'binaryCrossEntropyWithLogits posWeight': () => F.binaryCrossEntropyWithLogits(x, p, { posWeight: weight }),
    klDiv: () => F.klDiv(x, q, 'batchmean'),
    poissonNllLoss: () => F.poissonNllLoss(x, p),
    gaussianNllLoss: () => F.gaussianNllLoss(x, y, p),
    softMarginLoss: () => F.softMarginLoss(x, signs),
    multilabelSoftMarginLoss: () => F.multilabelSoftMarginLoss(x, p),
    marginRankingLoss: () => F.marginRankingLoss(x, y, signs, 0.5),
    hingeEmbeddingLoss: () => F.hingeEmbeddingLoss(x, signs),
    cosineEmbeddingLoss: () => F.cosineEmbeddingLoss(x, y, rowSigns),
    tripletMarginLoss: () => F.tripletMarginLoss(x, y, z),
    multiMarginLoss: () => F.multiMarginLoss(x, labels),
    gelu: () => F.gelu(x).sum(),
  };
  const loss = losses[name];
  return loss ? stepOf(loss, name === 'binaryCrossEntropy' ? probabilities : x) : null;
});
