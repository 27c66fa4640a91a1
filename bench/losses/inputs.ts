import { arange, manualSeed, rand, randint, randn, type Tensor } from 'flambeau';

/** What cases.ts says; `x` and `probabilities` want gradients. */
export function inputsOf([n, c]: [rows: number, columns: number]) {
  manualSeed(0);
  const signs = (x: Tensor) => x.gt(0).float().mul(2).sub(1);
  return {
    x: randn(n, c).requiresGrad_(),
    y: randn(n, c),
    z: randn(n, c),
    p: rand(n, c),
    q: randn(n, c).softmax(1),
    probabilities: rand(n, c).clamp(0.01, 0.99).requiresGrad_(),
    labels: randint(c, [n]),
    signs: signs(randn(n, c)),
    rowSigns: signs(randn(n)),
    weight: rand(c),
    classes: arange(c),
  };
}

/** Forward and backward; the gradient is dropped, as a training step would. */
export function stepOf(loss: () => Tensor, leaf: Tensor): () => void {
  return () => {
    leaf.grad = null;
    loss().backward();
  };
}
