import { noMore } from '../../args';
import { RuntimeError } from '../../errors';
import { cat } from '../../ops';
import { tensorsOf } from '../../tensor/check';
import { withGrad } from '../../tensor/context';
import { tidy } from '../../tensor/memory';
import { Tensor } from '../../tensor/tensor';

/** All elements of the parameters in one vector, through which gradients flow. See torch.nn.utils.parameters_to_vector. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  noMore('parametersToVector(parameters)', arguments.length, 1);
  return cat(tensorsOf('parametersToVector', parameters, 'parameters').map((p) => p.reshape(-1)));
}

/**
 * Copies a vector's elements into the parameters, unrecorded; what the parameters do not take of it is ignored. A RuntimeError,
 * before anything is changed, if it is too short. See torch.nn.utils.vector_to_parameters.
 */
export function vectorToParameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  noMore('vectorToParameters(vec, parameters)', arguments.length, 2);
  if (!(vec instanceof Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${typeof vec}`);
  const list = tensorsOf('vectorToParameters', parameters, 'parameters');
  const sizes = list.map((p) => p.numel());
  const left = vec.numel() - sizes.reduce((a, b) => a + b, 0);
  if (left < 0) throw tooShort(vec.numel(), list);
  withGrad(false, () =>
    tidy(() => {
      const pieces = vec.detach().split([...sizes, left]);
      list.forEach((p, i) => p.data.copy_(pieces[i]!.view([...p.shape])));
    }),
  );
}

function tooShort(length: number, parameters: readonly Tensor[]): RuntimeError {
  let left = length;
  const at = parameters.find((p) => (left -= p.numel()) < 0)!;
  return new RuntimeError(`shape '[${at.shape.join(', ')}]' is invalid for input of size ${left + at.numel()}`);
}
