import { RuntimeError } from '../errors';
import { AccumulateGrad, edgeOf, type GradHook } from './graph';
import type { Tensor } from './tensor';

interface Handle {
  remove(): void;
}

/** Tensor.retainGrad: see there. */
export function retainGrad(tensor: Tensor): void {
  if (!tensor.requiresGrad) throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False");
  if (tensor.gradFn) tensor.gradFn.retained[tensor._outputIndex] = tensor;
}

/** Tensor.registerHook: see there. */
export function registerHook(tensor: Tensor, hook: GradHook): Handle {
  const edge = edgeOf(tensor);
  if (!edge) throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
  edge.node.hooks[edge.index] ??= new Set();
  return added(edge.node.hooks[edge.index]!, hook);
}

/** Tensor.registerPostAccumulateGradHook: see there. */
export function registerPostAccumulateGradHook(tensor: Tensor, hook: (leaf: Tensor) => void): Handle {
  const node = edgeOf(tensor)?.node;
  if (!node) throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
  if (!(node instanceof AccumulateGrad)) {
    throw new RuntimeError('post accumulate grad hooks cannot be registered on non-leaf tensors');
  }
  return added(node.postHooks, hook);
}

function added<Hook>(hooks: Set<Hook>, hook: Hook): Handle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}
