import { Tensor } from './tensor';

/** PyTorch's refusal of what is no Tensor. */
export function checkTensor(where: string, x: unknown, argument = 'input'): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`${where}(): argument '${argument}' must be Tensor, not ${x === null ? 'null' : typeof x}`);
  }
}
