import { type Optional, readArgs } from '../../args';
import { isGradEnabled, withGrad } from '../../tensor/context';
import { zerosLike } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import {
  checkDependent,
  checkFunction,
  type Fn,
  filled,
  gradients,
  handedOut,
  prepared,
  readTensors,
  readVector,
  type Tensors,
} from './given';
import { oneElement } from './jacobian';

export interface ProductOptions {
  /** Record the results, for further derivatives. */
  createGraph?: boolean;
  /** Refuse what does not depend on an input, instead of zeros. */
  strict?: boolean;
}

type Args = Optional<'v', Tensors | null, ProductOptions>;
type Result = [output: Tensor | Tensor[], product: Tensor | Tensor[]];

const DEFAULTS = { v: null as Tensors | null, createGraph: false, strict: false };
const OUTPUTS = 'outputs of the user-provided function';
const INPUT_IS = 'the input to the user-provided function is';

const ofInput = (what: string) => (i: number) =>
  `The ${what} of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`;

/** Leaves whose value does not matter: the gradient is linear in them, and its derivative the product forwards. */
const unknowns = (like: readonly Tensor[]): Tensor[] => like.map((x) => zerosLike(x, { requiresGrad: true }));

/**
 * `[func(...inputs), vᵀ · Jacobian]`: v has the outputs' shapes, and may be left out for one element. See
 * torch.autograd.functional.vjp.
 */
export function vjp<O extends Tensors, I extends Tensors>(func: Fn<O>, inputs: I, ...rest: Args): [O, I] {
  const { v, createGraph, strict } = readArgs('vjp', rest, DEFAULTS);
  checkFunction('vjp', func);
  const given = readTensors('vjp', 'inputs', inputs);
  const [xs, made, vector] = withGrad(true, () => {
    const leaves = prepared(given, createGraph, true);
    const out = readTensors('vjp', OUTPUTS, func(...leaves));
    checkDependent(out.list, 'outputs', strict);
    return [leaves, out, readVector('vjp', v, out, createGraph, 'the user-provided function returns')] as const;
  });
  const found = withGrad(createGraph || isGradEnabled(), () => {
    const grads = gradients(made.list, xs, vector, { createGraph });
    return filled(grads, xs, { strict, createGraph }, { missing: ofInput('output'), what: 'jacobian' });
  });
  return [handedOut(made.list, made, createGraph), handedOut(found, given, createGraph)] as Result as [O, I];
}

/**
 * `[func(...inputs), Jacobian · v]`, by differentiating backwards twice: v has the inputs' shapes, and may be left out for one
 * element. See torch.autograd.functional.jvp.
 */
export function jvp<O extends Tensors>(func: Fn<O>, inputs: Tensors, ...rest: Args): [O, O] {
  const { v, createGraph, strict } = readArgs('jvp', rest, DEFAULTS);
  checkFunction('jvp', func);
  const given = readTensors('jvp', 'inputs', inputs);
  const [made, vector, free, slopes] = withGrad(true, () => {
    const xs = prepared(given, createGraph, true);
    const direction = readVector('jvp', v, given, createGraph, INPUT_IS);
    const out = readTensors('jvp', OUTPUTS, func(...xs));
    checkDependent(out.list, 'outputs', strict);
    const seeds = unknowns(out.list);
    const grads = gradients(out.list, xs, seeds, { createGraph: true });
    checkDependent(grads, 'gradInputs', strict);
    return [out, direction, seeds, grads] as const;
  });
  const found = withGrad(createGraph || isGradEnabled(), () => {
    const missing = (i: number) =>
      `The gradient with respect to the input is independent of entry ${i} in the gradOutputs when using the double backward ` +
      'trick to compute forward mode gradients. This is not allowed in strict mode.';
    const grads = gradients(slopes, free, vector, { createGraph });
    return filled(grads, made.list, { strict, createGraph }, { missing, what: 'jacobian' });
  });
  return [handedOut(made.list, made, createGraph), handedOut(found, made, createGraph)] as Result as [O, O];
}

/**
 * `[func(...inputs), vᵀ · Hessian]` for a function with one element: v has the inputs' shapes, and may be left out for one
 * element. See torch.autograd.functional.vhp.
 */
export function vhp<I extends Tensors>(func: Fn<Tensor>, inputs: I, ...rest: Args): [Tensor, I] {
  const { v, createGraph, strict } = readArgs('vhp', rest, DEFAULTS);
  const { given, xs, out, vector, slopes } = slopesOf('vhp', func, inputs, v, { createGraph, strict });
  const found = withGrad(createGraph || isGradEnabled(), () => {
    const grads = gradients(slopes, xs, vector, { createGraph });
    return filled(grads, xs, { strict, createGraph }, { missing: ofInput('jacobian'), what: 'hessian' });
  });
  return [createGraph ? out : out.detach(), handedOut(found, given, createGraph) as I];
}

/**
 * `[func(...inputs), Hessian · v]`, which costs more than {@link vhp} and is the same for a function that is twice continuously
 * differentiable. See torch.autograd.functional.hvp.
 */
export function hvp<I extends Tensors>(func: Fn<Tensor>, inputs: I, ...rest: Args): [Tensor, I] {
  const { v, createGraph, strict } = readArgs('hvp', rest, DEFAULTS);
  const { given, xs, out, vector, slopes } = slopesOf('hvp', func, inputs, v, { createGraph, strict });
  const [free, bends] = withGrad(true, () => {
    const seeds = unknowns(xs);
    const grads = gradients(slopes, xs, seeds, { createGraph: true });
    checkDependent(slopes, 'hessian', strict);
    return [seeds, grads] as const;
  });
  const found = withGrad(createGraph || isGradEnabled(), () => {
    const missing = (i: number) =>
      `The hessian of the user-provided function is independent of entry ${i} in the gradJacobian. This is not allowed in ` +
      'strict mode as it prevents from using the double backward trick to replace forward mode AD.';
    const grads = gradients(bends, free, vector, { createGraph });
    return filled(grads, xs, { strict, createGraph }, { missing, what: 'hessian' });
  });
  return [createGraph ? out : out.detach(), handedOut(found, given, createGraph) as I];
}

/** The function's one element and its gradient, both recorded. */
function slopesOf(
  where: string,
  func: Fn<Tensor>,
  inputs: Tensors,
  v: Tensors | null,
  { createGraph, strict }: { createGraph: boolean; strict: boolean },
) {
  checkFunction(where, func);
  const given = readTensors(where, 'inputs', inputs);
  return withGrad(true, () => {
    const xs = prepared(given, createGraph, true);
    const vector = readVector(where, v, given, createGraph, INPUT_IS);
    const out = func(...xs);
    const slopes = gradients([oneElement(where, out, strict)], xs, null, { createGraph: true });
    checkDependent(slopes, 'jacobian', strict);
    return { given, xs, out, vector, slopes };
  });
}
