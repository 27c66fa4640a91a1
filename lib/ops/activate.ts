/** What activations share: the forward and backward kernels of lib/backend/kernels/activations.ts, differentiable twice. */
import { type Attrs, run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { zerosLike } from '../tensor/creation';
import { record } from '../tensor/op';
import type { Tensor } from '../tensor/tensor';
import { checkNumber, checkTensor, recordUnary } from './define';

/** `{ inplace: true }` writes the result into the input. */
export interface InplaceOptions {
  inplace?: boolean;
}

export interface Activation {
  /** Of its kernels: `${kernel}Forward` and `${kernel}Backward`. */
  readonly kernel: string;
  /** The node's name after PyTorch's. */
  readonly node: string;
  readonly attrs?: Attrs;
  /** The second derivative at x; left out where it is 0. */
  readonly curvature?: (x: Tensor) => Tensor;
  /** PyTorch's name of a gradient that it refuses to differentiate. */
  readonly once?: string;
}

/** PyTorch's refusal of integers and bools, which names its kernel. */
export function checkFloat(name: string, kernel: string, x: Tensor): void {
  checkTensor(name, x);
  if (x.dtype !== 'float32') throw new RuntimeError(`"${kernel}" not implemented for '${x.dtype}'`);
}

/** Applies an activation to a float32 tensor. */
export function activate(x: Tensor, how: Activation): Tensor {
  for (const [name, value] of Object.entries(how.attrs ?? {})) checkNumber(how.kernel.toLowerCase(), value, name);
  const value = run(`${how.kernel}Forward`, { x: x._value }, how.attrs);
  return recordUnary(value, how.node, x, 'input', (g, x) => backwardOf(g, x, how));
}

function backwardOf(g: Tensor, x: Tensor, how: Activation): Tensor {
  const value = run(`${how.kernel}Backward`, { dy: g._value, x: x._value }, how.attrs);
  const node = { name: `${how.node}Backward`, inputs: [g, x], saves: [g, x] };
  if (how.once) return record(value, node, () => refusals(how.once!));
  return record(value, node, () => [
    (gg) => backwardOf(gg!, x, how),
    (gg) => (how.curvature ? gg!.mul(g).mul(how.curvature(x)) : zerosLike(x)),
  ]);
}

/** The rules of a gradient, of `g` and x, that PyTorch refuses to differentiate. */
function refusals(name: string) {
  const refuse = (): never => {
    throw new RuntimeError(`derivative for ${name} is not implemented`);
  };
  return [refuse, refuse];
}

/** `x`, whose gradient is not differentiated again. */
export function differentiableOnce(x: Tensor, name: string): Tensor {
  const same = (of: Tensor) => run('Identity', { x: of._value });
  return record(same(x), { name: 'Alias', inputs: [x] }, () => [
    (g) => record(same(g!), { name: 'NotImplemented', inputs: [g!, x] }, () => refusals(name)),
  ]);
}
