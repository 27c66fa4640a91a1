/** What the functions of torch.autograd.functional take and give, and what they check. */
import { RuntimeError } from '../../errors';
import { grad } from '../../tensor/backward';
import { zerosLike } from '../../tensor/creation';
import { Tensor } from '../../tensor/tensor';

/** A tensor, or several. */
export type Tensors = Tensor | readonly Tensor[];
/** A function of as many tensors as there are inputs. */
export type Fn<Out extends Tensors = Tensors> = (...inputs: Tensor[]) => Out;

/** Given as one tensor or as a list of them, which the result follows. */
export interface Given {
  readonly list: Tensor[];
  readonly single: boolean;
}

export function readTensors(where: string, what: string, value: unknown): Given {
  const single = !Array.isArray(value);
  const list: unknown[] = single ? [value] : value;
  const wrong = list.findIndex((x) => !(x instanceof Tensor));
  if (wrong < 0) return { list: list as Tensor[], single };
  const which = single ? `the given ${what} is` : `the value at index ${wrong} is`;
  throw new TypeError(
    `The ${what} given to ${where} must be either a Tensor or an array of Tensors but ${which} ${String(list[wrong])}.`,
  );
}

export function checkFunction(where: string, func: unknown): void {
  if (typeof func !== 'function')
    throw new TypeError(`${where}: func must be a function of tensors, got ${String(func)}`);
}

/** New tensors in place of those given, so that what `fn` took from elsewhere is told from its arguments. */
export function prepared({ list }: Given, createGraph: boolean, needGraph: boolean): Tensor[] {
  return list.map((x) => (createGraph && x.requiresGrad ? x.viewAs(x) : x.detach().requiresGrad_(needGraph)));
}

/** In the form of `given`, without a history unless `createGraph`. */
export function handedOut(list: readonly Tensor[], { single }: Given, createGraph: boolean): Tensor | Tensor[] {
  const out = createGraph ? [...list] : list.map((x) => x.detach());
  return single ? out[0]! : out;
}

/** As autograd.grad, with null for what has no gradient, also where nothing has. */
export function gradients(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  seeds: readonly Tensor[] | null,
  options: { createGraph?: boolean; retainGraph?: boolean | null } = {},
): (Tensor | null)[] {
  const roots = outputs.flatMap((x, i) => (x?.requiresGrad ? [{ x, seed: seeds?.[i] ?? null }] : []));
  if (roots.length === 0) return inputs.map(() => null);
  const [tensors, given] = [roots.map(({ x }) => x), roots.map(({ seed }) => seed)];
  return grad(tensors, inputs, given, { allowUnused: true, ...options });
}

/** The vector `v`, of the shapes of `like`; null stands for 1, where there is one element. */
export function readVector(
  where: string,
  v: Tensors | null,
  { list, single }: Given,
  createGraph: boolean,
  of: string,
): Tensor[] | null {
  if (v === null) {
    if (list.length === 1 && list[0]!._size === 1) return null;
    throw new RuntimeError(`The vector v can only be null if ${of} a single Tensor with a single element.`);
  }
  const vectors = prepared(readTensors(where, 'v', v), createGraph, false);
  if (vectors.length !== list.length) {
    if (single) throw new RuntimeError('The given v should contain a single Tensor.');
    throw new RuntimeError(`v is an array of invalid length: should be ${list.length} but got ${vectors.length}.`);
  }
  vectors.forEach((x, i) => {
    if (String(x.shape) === String(list[i]!.shape)) return;
    const entry = single ? '' : `Entry ${i} in `;
    throw new RuntimeError(`${entry}v has invalid size: should be [${list[i]!.shape}] but got [${x.shape}].`);
  });
  return vectors;
}

type Stage = 'outputs' | 'gradInputs' | 'jacobian' | 'hessian';

const INDEPENDENT: Record<Stage, (i: number) => string> = {
  outputs: (i) =>
    `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable ` +
    'manner from the input when running in strict mode.',
  gradInputs: (i) =>
    `The gradient with respect to input ${i} is independent of the inputs of the user-provided function. This is not allowed ` +
    'in strict mode.',
  jacobian: (i) =>
    'While computing the hessian, found that the jacobian of the user-provided function with respect to input ' +
    `${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice ` +
    'differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).',
  hessian: (i) =>
    `The hessian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in ` +
    'strict mode. You should ensure that your function is thrice differentiable and that the hessian depends on the inputs.',
};

/** In strict mode what is found on the way must depend on the inputs. */
export function checkDependent(found: readonly (Tensor | null)[], stage: Stage, strict: boolean): void {
  if (!strict) return;
  found.forEach((x, i) => {
    if (x === null) {
      throw new RuntimeError(
        `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
      );
    }
    if (!x.requiresGrad) throw new RuntimeError(INDEPENDENT[stage](i));
  });
}

/** Zeros where there is no gradient, which strict mode refuses, as it does, with `createGraph`, one without a history. */
export function filled(
  grads: readonly (Tensor | null)[],
  like: readonly Tensor[],
  { strict, createGraph }: { strict: boolean; createGraph: boolean },
  messages: { missing(i: number): string; what: 'jacobian' | 'hessian' },
): Tensor[] {
  return grads.map((g, i) => {
    if (g === null && strict) throw new RuntimeError(messages.missing(i));
    if (strict && createGraph && !g!.requiresGrad) throw independentOf(messages.what, i);
    return g ?? zerosLike(like[i]!);
  });
}

export function independentOf(what: 'jacobian' | 'hessian', input: number): RuntimeError {
  return new RuntimeError(
    `The ${what} of the user-provided function is independent of input ${input}. This is not allowed in strict mode when ` +
      'createGraph is true.',
  );
}
