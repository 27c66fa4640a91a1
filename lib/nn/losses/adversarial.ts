import { type Optional, readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { sub } from '../../ops/arithmetic';
import { sameShape, show } from '../../ops/dims';
import { grad } from '../../tensor/backward';
import { checkTensors } from '../../tensor/check';
import { onesLike, rand } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';

export interface GradientPenaltyOptions {
  /** The weight of the penalty, λ. */
  lambda?: number;
}

/**
 * The gradient penalty of WGAN-GP: `λ · mean((‖∂critic(x)/∂x‖₂ − 1)²)` at points x = α·real + (1 − α)·fake with α drawn by `rand` for
 * each sample of the batch. `real` and `fake` are of one shape [N, …] and get no gradient; the critic's parameters do, by the second
 * derivative. See Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028.
 */
export function gradientPenalty(
  critic: (x: Tensor) => Tensor,
  real: Tensor,
  fake: Tensor,
  ...rest: Optional<'lambda', number, GradientPenaltyOptions>
): Tensor {
  const { lambda } = readArgs('gradientPenalty', rest, { lambda: 10 });
  checkTensors('gradientPenalty', { real, fake });
  if (typeof critic !== 'function')
    throw new TypeError(`gradientPenalty: critic must be a function, got ${typeof critic}`);
  if (real.ndim === 0 || !sameShape(real.shape, fake.shape)) {
    throw new RuntimeError(
      `gradientPenalty: real and fake must be batches of one shape, got ${show(real.shape)} and ${show(fake.shape)}`,
    );
  }
  const alpha = rand([real.length, ...real.shape.slice(1).map(() => 1)]);
  const mixed = real
    .detach()
    .mul(alpha)
    .add(fake.detach().mul(sub(1, alpha)))
    .requiresGrad_();
  const scores = critic(mixed);
  const [slope] = grad(scores, mixed, onesLike(scores), { createGraph: true });
  return slope!.reshape(real.length, -1).norm(2, 1).sub(1).square().mean().mul(lambda);
}
