import { run } from '../../backend/engine';
import { RuntimeError, ValueError } from '../../errors';
import { sameShape, show } from '../../ops/dims';
import type { Tensor } from '../../tensor/tensor';

/** PyTorch's warning where a target is broadcast, which is most often a mistake. */
export function warnIfShapesDiffer(input: Tensor, target: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  console.warn(
    `Using a target size (${show(target.shape)}) that is different to the input size (${show(input.shape)}). ` +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
}

/** A factor per element has to have the shape of the input. */
export function checkWeightShape(weight: Tensor, input: Tensor): void {
  if (!sameShape(weight.shape, input.shape)) throw new ValueError('Weights and input must have the same size.');
}

/** Factors of classes are no integers. */
export function checkFloatWeight(weight: Tensor | null): void {
  if (weight && weight.dtype !== 'float32')
    throw new RuntimeError(`weight: expected scalar type Float but found ${weight.dtype}`);
}

/** Refuses tensors of which none is float32, as the kernel `name` of PyTorch does. */
export function refuseIntegers(name: string, ...tensors: Tensor[]): void {
  if (!tensors.some((x) => x.dtype === 'float32')) throw new RuntimeError(`"${name}" not implemented for 'Long'`);
}

/** Refuses an input that cannot hold a loss, whatever the target is. */
export function refuseIntegerInput(input: Tensor): void {
  if (input.dtype === 'float32') return;
  throw new RuntimeError(
    `result type Float can't be cast to the desired output type ${input.dtype === 'bool' ? 'Bool' : 'Long'}`,
  );
}

/** Refuses a tensor that wants a gradient where PyTorch has none to give. */
export function refuseGradient(fn: string, argument: string, x: Tensor | null): void {
  if (!x?.requiresGrad) return;
  throw new RuntimeError(
    `The function '${fn}' is not differentiable with respect to argument '${argument}'. This input cannot have requires_grad True.`,
  );
}

/** The label of what does not count: any integer. */
export function checkIgnoreIndex(where: string, ignoreIndex: unknown): void {
  if (Number.isInteger(ignoreIndex)) return;
  throw new TypeError(`${where}: ignoreIndex should be an integer, but got ignoreIndex=${String(ignoreIndex)}`);
}

/** Reads class labels, and says which is the first that is no class (nor ignored); null where all are. */
export function wrongLabel(labels: Tensor, classes: number, ignoreIndex?: number): string | null {
  const values = labels.toTypedArray();
  const at = values.findIndex((label) => label !== ignoreIndex && (label < 0 || label >= classes));
  if (at < 0) return null;
  return `${values[at]} is out of bounds: it is the class at index ${at}, and the input has ${classes} classes.`;
}

/** Calls `look`, which reads values and may throw, only where `x` has a negative or NaN: no other step pays for the reading. */
export function lookIfNegative(x: Tensor, look: () => void): void {
  try {
    run('CheckRoot', { x: x._value }).dispose();
  } catch {
    look();
  }
}
