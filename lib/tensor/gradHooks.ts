import { RuntimeError } from '../errors';
import { AccumulateGrad, edgeOf, type GradHook } from './graph';
import type { Tensor } from './tensor';

/** Takes a hook off again. */
export interface Handle {
  remove(): void;
}

/** Tensor.retainGrad: see there. */
export function retainGrad(x: Tensor): void {
  if (!x.requiresGrad) throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False");
  if (x.gradFn) x.gradFn.retained[x._outputIndex] = x;
}

/** Tensor.registerHook: see there. */
export function registerHook(x: Tensor, hook: GradHook): Handle {
  const { node, index } = mustNeedGrad(x);
  const hooks = (node.hooks[index] ??= new Set());
  return added(hooks, hook);
}

/** Tensor.registerPostAccumulateGradHook: see there. */
export function registerPostAccumulateGradHook(x: Tensor, hook: (leaf: Tensor) => void): Handle {
  const { node } = mustNeedGrad(x);
  if (!(node instanceof AccumulateGrad)) {
    throw new RuntimeError('post accumulate grad hooks cannot be registered on non-leaf tensors');
  }
  return added(node.after, hook);
}

function mustNeedGrad(x: Tensor) {
  const edge = edgeOf(x);
  if (!edge) throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
  return edge;
}

function added<Hook>(hooks: Set<Hook>, hook: Hook): Handle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}
