/** Inputs away from kinks and steep places, seeded where the function draws: for those whose fixtures finite differences cannot see. */
import * as f from 'flambeau';
import { linalg, manualSeed, nn, randn, special, type Tensor, tensor, vision } from 'flambeau';

/** A function and its inputs, of which those that require grad are checked. */
type Checked = () => [fn: (...inputs: Tensor[]) => Tensor | Tensor[], inputs: Tensor[]];

const leaf = (data: unknown) => tensor(data as number[], { requiresGrad: true });
const drawn = (...shape: number[]) => {
  manualSeed(1);
  return randn(shape).requiresGrad_();
};
const FACTOR = [
  [1.5, 0.3],
  [0.3, 1.2],
];

/** The same draw at each call. */
const seeded =
  (fn: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor => {
    manualSeed(2);
    return fn(x);
  };

export const SMOOTH: Record<string, Checked> = {
  ndtri: () => [special.ndtri, [leaf([0.3, 0.5, 0.62])]],
  choleskyEx: () => [(A) => linalg.choleskyEx(A.add(A.mT)).L, [leaf(FACTOR)]],
  // As in PyTorch, the gradient has numbers outside of the triangle, which nothing reads.
  choleskyInverse: () => [(L) => f.choleskyInverse(L.tril()), [leaf(FACTOR)]],
  choleskySolve: () => [(B, L) => f.choleskySolve(B, L.tril()), [drawn(2, 3), leaf(FACTOR)]],
  MarginRankingLoss: () => [
    (x, y) => new nn.MarginRankingLoss(0.5)(x, y, tensor([1, -1, 1])),
    [leaf([0.2, 1, 3]), leaf([0.7, 0.1, 1])],
  ],
  CosineEmbeddingLoss: () => [
    (x, y) => new nn.CosineEmbeddingLoss(-0.9)(x, y, tensor([1, -1])),
    [
      drawn(2, 3),
      leaf([
        [1, -0.5, 0.7],
        [0.6, 0.9, -1.2],
      ]),
    ],
  ],
  PoissonNLLLoss: () => [(x) => new nn.PoissonNLLLoss()(x, tensor([1, 2, 4])), [leaf([0.1, -0.4, 0.8])]],
  BCEWithLogitsLoss: () => [
    (x, y) => new nn.BCEWithLogitsLoss()(x, y),
    [leaf([0.3, -0.8, 1.1]), leaf([0.2, 0.5, 0.9])],
  ],
  // Of one shape, where the weight of the aspect ratio, which has no gradient of its own, has nothing to weigh.
  completeBoxIouLoss: () => [
    (a, b) => vision.ops.completeBoxIouLoss(a, b),
    [leaf([[0.1, 0.2, 2.1, 1.2]]), leaf([[0.7, 0.55, 2.3, 1.35]])],
  ],
  bernoulli: () => [seeded((x) => f.bernoulli(x)), [leaf([0.3, 0.6, 0.1])]],
  dropout: () => [seeded((x) => nn.functional.dropout(x.square(), 0.4)), [drawn(6)]],
  gumbelSoftmax: () => [seeded((x) => nn.functional.gumbelSoftmax(x)), [drawn(2, 3)]],
  ctcLoss: () => [(x) => nn.functional.ctcLoss(x.logSoftmax(-1), LABELS, [5], [2]), [drawn(5, 1, 4)]],
  CTCLoss: () => [(x) => new nn.CTCLoss()(x.logSoftmax(-1), LABELS, [5], [2]), [drawn(5, 1, 4)]],
  AdaptiveLogSoftmaxWithLoss: () => {
    manualSeed(3);
    const loss = new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2, 4], { divValue: 2 });
    return [(x) => [...loss(x, f.LongTensor([0, 3, 5]))], [drawn(3, 4)]];
  },
};

const LABELS = f.LongTensor([[1, 3]]);
