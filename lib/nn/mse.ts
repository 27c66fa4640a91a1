import { type Optional, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError, ValueError } from '../errors';
import { broadcastShape, recordBinary } from '../ops/define';
import type { Tensor } from '../tensor/tensor';
import { type Reduction, reduce } from './reduction';

export interface MSELossOptions {
  reduction?: Reduction;
  /** One factor per element, of input's shape; 'mean' then divides by their sum. */
  weight?: Tensor | null;
}

/**
 * `(input − target)²`, reduced. Shapes broadcast, with a warning where they differ, for that is most often a mistake.
 * See torch.nn.functional.mse_loss.
 */
export function mseLoss(
  input: Tensor,
  target: Tensor,
  ...rest: Optional<'reduction', Reduction, MSELossOptions>
): Tensor {
  const { reduction, weight } = readArgs('mseLoss', rest, {
    reduction: 'mean' as Reduction,
    weight: null as Tensor | null,
  });
  warnIfShapesDiffer(input, target);
  if (weight) return weighted(input, target, weight, reduction);
  if (input.dtype !== 'float32' && target.dtype !== 'float32')
    throw new RuntimeError(`"mse_cpu" not implemented for 'Long'`);
  return reduce(squaredDifference(input, target), reduction);
}

function squaredDifference(input: Tensor, target: Tensor): Tensor {
  const [a, b] = [input.float(), target.float()];
  broadcastShape(a.shape, b.shape);
  const value = run('SquaredDifference', { a: a._value, b: b._value });
  return recordBinary(value, 'MseLoss', a, b, 'both', [
    (g, x, y) => g.mul((x as Tensor).sub(y).mul(2)),
    (g, x, y) => g.mul((y as Tensor).sub(x).mul(2)),
  ]);
}

function weighted(input: Tensor, target: Tensor, weight: Tensor, reduction: Reduction): Tensor {
  if (String(weight.shape) !== String(input.shape)) throw new ValueError('Weights and input must have the same size.');
  const losses = squaredDifference(input, target).mul(weight);
  if (reduction === 'mean') return losses.sum().div(weight.sum());
  if (reduction === 'sum' || reduction === 'none') return reduce(losses, reduction);
  throw new ValueError(`Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`);
}

function warnIfShapesDiffer(input: Tensor, target: Tensor): void {
  if (String(input.shape) === String(target.shape)) return;
  console.warn(
    `Using a target size ([${target.shape.join(', ')}]) that is different to the input size ([${input.shape.join(', ')}]). ` +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
}
