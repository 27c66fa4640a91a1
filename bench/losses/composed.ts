/** One competitor of bench/losses.ts: the same losses, put together from tensor operations as their formulas say. */
import { sub, type Tensor, where, xlogy } from 'flambeau';
import { serve } from '../serve';
import type { LossTask } from './cases';
import { inputsOf, stepOf } from './inputs';

/** −w[y]·ln p[y] by a gather, or by the whole rows. */
const own = (logs: Tensor, labels: Tensor) => logs.gather(1, labels.unsqueeze(1)).squeeze(1).neg();
const softplus = (x: Tensor) => x.clamp(0).add(x.abs().neg().exp().log1p());

serve(({ name, shape }: LossTask) => {
  const { x, y, z, p, q, probabilities, labels, signs, rowSigns, weight, classes } = inputsOf(shape);
  const distance = (a: Tensor, b: Tensor) => a.sub(b).add(1e-6).square().sum(1).sqrt();
  const huber = () => {
    const d = x.sub(y).abs();
    return where(d.lt(1), d.square().mul(0.5), d.sub(0.5)).mean();
  };
  const losses: Record<string, () => Tensor> = {
    crossEntropy: () => own(x.logSoftmax(1), labels).mean(),
    'crossEntropy smoothed': () => {
      const logs = x.logSoftmax(1);
      return own(logs, labels).mul(0.9).sub(logs.mean(1).mul(0.1)).mean();
    },
    'crossEntropy of probabilities': () => q.mul(x.logSoftmax(1)).sum(1).neg().mean(),
    nllLoss: () => own(x, labels).mean(),
    focalLoss: () => {
      const entropy = own(x.logSoftmax(1), labels);
      return entropy.mul(sub(1, entropy.neg().exp()).pow(2)).mean();
    },
    mseLoss: () => x.sub(y).square().mean(),
    l1Loss: () => x.sub(y).abs().mean(),
    smoothL1Loss: huber,
    huberLoss: huber,
    binaryCrossEntropy: () => {
      const [log, logOther] = [probabilities.log().clamp(-100), sub(1, probabilities).log().clamp(-100)];
      return p.mul(log).add(sub(1, p).mul(logOther)).neg().mean();
    },
    binaryCrossEntropyWithLogits: () => softplus(x).sub(x.mul(p)).mean(),
    'binaryCrossEntropyWithLogits posWeight': () =>
      p
        .mul(weight)
        .mul(softplus(x.neg()))
        .add(sub(1, p).mul(softplus(x)))
        .mean(),
    klDiv: () => xlogy(q, q).sub(q.mul(x)).sum().div(x.length),
    poissonNllLoss: () => x.exp().sub(p.mul(x)).mean(),
    gaussianNllLoss: () => {
      const v = p.clamp(1e-6);
      return v.log().add(x.sub(y).square().div(v)).mul(0.5).mean();
    },
    softMarginLoss: () => x.mul(signs).neg().exp().log1p().mean(),
    multilabelSoftMarginLoss: () => softplus(x).sub(x.mul(p)).mean(1).mean(),
    marginRankingLoss: () => signs.neg().mul(x.sub(y)).add(0.5).clamp(0).mean(),
    hingeEmbeddingLoss: () => where(signs.eq(1), x, sub(1, x).clamp(0)).mean(),
    cosineEmbeddingLoss: () => {
      const lengths = x.square().sum(1).mul(y.square().sum(1)).sqrt();
      const cosine = x.mul(y).sum(1).div(lengths);
      return where(rowSigns.eq(1), sub(1, cosine), cosine.clamp(0)).mean();
    },
    tripletMarginLoss: () => distance(x, y).sub(distance(x, z)).add(1).clamp(0).mean(),
    multiMarginLoss: () => {
      const violations = x
        .sub(x.gather(1, labels.unsqueeze(1)))
        .add(1)
        .clamp(0);
      return where(classes.eq(labels.unsqueeze(1)), 0, violations)
        .sum(1)
        .div(x.size(1))
        .mean();
    },
    gelu: () => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1)).sum(),
  };
  const loss = losses[name];
  return loss ? stepOf(loss, name === 'binaryCrossEntropy' ? probabilities : x) : null;
});
