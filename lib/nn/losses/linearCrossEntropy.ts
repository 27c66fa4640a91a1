import { readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { sameShape, show } from '../../ops/dims';
import { linear } from '../../ops/matmul';
import { checkTensors } from '../../tensor/check';
import type { Tensor } from '../../tensor/tensor';
import { type Reduction, WEIGHTED } from '../reduction';
import { crossEntropy } from './crossEntropy';
import type { LinearCrossEntropyOptions } from './linearCrossEntropyOptions';

export interface LinearCrossEntropyArguments {
  /** [C, d₁, …], the linear map's bias. */
  linearBias?: Tensor | null;
  /** One factor per class. */
  weight?: Tensor | null;
  reduction?: Reduction;
  /** The label of elements that do not count; null is −100 for class indices, and must be null for probabilities. */
  ignoreIndex?: number | null;
  labelSmoothing?: number;
  /** How PyTorch saves memory; here all is computed in one piece, with the same result. */
  options?: LinearCrossEntropyOptions | null;
}

export const LINEAR_CROSS_ENTROPY = {
  ...WEIGHTED,
  ignoreIndex: null as number | null,
  labelSmoothing: 0,
  options: null as LinearCrossEntropyOptions | null,
};

/**
 * {@link crossEntropy} of `input · linearWeightᵀ + linearBias`. `input` is [N, D] or [D], `linearWeight` [C, D] or, for losses of
 * several positions, [C, d₁, …, D]; the logits [N, C, d₁, …]. See torch.nn.functional.linear_cross_entropy.
 */
export function linearCrossEntropy(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  ...rest: [options?: LinearCrossEntropyArguments]
): Tensor {
  const defaults = { linearBias: null as Tensor | null, ...LINEAR_CROSS_ENTROPY };
  const given = readArgs('linearCrossEntropy', rest, defaults, 0);
  const { linearBias, weight, reduction, ignoreIndex, labelSmoothing } = given;
  checkTensors('linearCrossEntropy', { input, linearWeight, target }, { linearBias, weight });
  checkShapes(input, linearWeight, linearBias);
  const [classes, ...positions] = linearWeight.shape.slice(0, -1) as [number, ...number[]];
  const shape = [...input.shape.slice(0, -1), classes, ...positions];
  const areProbabilities = sameShape(target.shape, shape);
  if (areProbabilities && ignoreIndex !== null)
    throw new RuntimeError('ignore_index cannot be specified when target contains probabilities');
  const bias = linearBias?.reshape(-1) ?? null;
  const logits = linear(input, linearWeight.reshape(-1, input.size(-1)), bias).reshape(shape);
  return crossEntropy(logits, target, { weight, reduction, labelSmoothing, ignoreIndex: ignoreIndex ?? -100 });
}

function checkShapes(input: Tensor, weight: Tensor, bias: Tensor | null): void {
  const refuse = (message: string): never => {
    throw new RuntimeError(message);
  };
  if (input.ndim < 1 || input.ndim > 2) refuse(`expected input with dimensionality 1 or 2, got ${input.ndim}`);
  if (weight.ndim < 2) refuse(`expected linear_weight with dimensionality at least 2, got ${weight.ndim}`);
  const features = input.size(-1);
  if (features !== weight.size(-1)) {
    refuse(
      'expected equal input and linear_weight last dimensions (in_features), ' +
        `got ${features} and ${weight.size(-1)}, respectively`,
    );
  }
  const outputs = weight.shape.slice(0, -1);
  if (bias && !sameShape(bias.shape, outputs))
    refuse(`expected linear_bias shape ${show(outputs)}, got ${show(bias.shape)}`);
  if (weight.ndim > 2 && input.ndim === 1) {
    refuse(
      `K-dimensional loss defined by linear_weight shape ${show(weight.shape)} requires batched input, (N, ${features}), ` +
        `got unbatched input with shape ${show(input.shape)}`,
    );
  }
}
