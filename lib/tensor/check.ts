import { Tensor } from './tensor';

/** PyTorch's refusal of what is no Tensor. */
export function checkTensor(where: string, x: unknown, argument = 'input'): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`${where}(): argument '${argument}' must be Tensor, not ${x === null ? 'null' : typeof x}`);
  }
}

/** PyTorch's refusal of what is neither a number nor a boolean. */
export function checkScalar(where: string, x: unknown, argument: string): asserts x is number | boolean {
  if (typeof x === 'number' || typeof x === 'boolean') return;
  throw new TypeError(`${where}(): argument '${argument}' must be Number, not ${x === null ? 'null' : typeof x}`);
}

/** {@link checkTensor} of several arguments by name; those in `optional` may be null. */
export function checkTensors(
  where: string,
  tensors: Record<string, unknown>,
  optional?: Record<string, unknown>,
): void {
  for (const name in tensors) checkTensor(where, tensors[name], name);
  for (const name in optional) if (optional[name] !== null) checkTensor(where, optional[name], name);
}

/** The tensors of an argument that is one or any iterable of them. */
export function tensorsOf(where: string, x: unknown, argument: string): Tensor[] {
  if (x instanceof Tensor) return [x];
  if (typeof (x as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function')
    checkTensor(where, x, argument);
  const list = [...(x as Iterable<unknown>)];
  for (const [i, item] of list.entries()) checkTensor(where, item, `${argument}[${i}]`);
  return list as Tensor[];
}
