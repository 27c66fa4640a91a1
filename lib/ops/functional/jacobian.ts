import { type Optional, readArgs } from '../../args';
import { RuntimeError } from '../../errors';
import { withGrad } from '../../tensor/context';
import { zerosLike } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import { stack } from '../join';
import {
  checkDependent,
  checkFunction,
  type Fn,
  type Given,
  gradients,
  independentOf,
  prepared,
  readTensors,
  type Tensors,
} from './given';

export interface JacobianOptions {
  /** Refuse what does not depend on an input, instead of zeros. */
  strict?: boolean;
  /** Accepted: there is one way of computing. */
  vectorize?: boolean;
  /** Only backwards. */
  strategy?: 'reverse-mode';
}

export type HessianOptions = Omit<JacobianOptions, 'strategy'> & { outerJacobianStrategy?: 'reverse-mode' };

type Args = Optional<'createGraph', boolean, JacobianOptions>;
type HessianArgs = Optional<'createGraph', boolean, HessianOptions>;

/**
 * The derivatives of all elements of `func(...inputs)` with respect to all elements of the inputs, of the output's shape
 * followed by the input's; for a list of inputs a list, and for several outputs a list of those. See
 * torch.autograd.functional.jacobian.
 */
export function jacobian(func: Fn<Tensor>, inputs: Tensor, ...rest: Args): Tensor;
export function jacobian(func: Fn<Tensor>, inputs: readonly Tensor[], ...rest: Args): Tensor[];
export function jacobian(func: Fn<readonly Tensor[]>, inputs: Tensor, ...rest: Args): Tensor[];
export function jacobian(func: Fn<readonly Tensor[]>, inputs: readonly Tensor[], ...rest: Args): Tensor[][];
export function jacobian(func: Fn, inputs: Tensors, ...rest: Args): Tensor | Tensor[] | Tensor[][] {
  const defaults = { createGraph: false, strict: false, vectorize: false, strategy: 'reverse-mode' as const };
  const { createGraph, strict, vectorize, strategy } = readArgs('jacobian', rest, defaults);
  checkFunction('jacobian', func);
  checkWay('jacobian', strict, vectorize, strategy);
  const given = readTensors('jacobian', 'inputs', inputs);
  return withGrad(true, () => {
    const xs = prepared(given, createGraph, true);
    const made = readTensors('jacobian', 'outputs of the user-provided function', func(...xs));
    checkDependent(made.list, 'outputs', strict);
    const rows = made.list.map((out, i) => rowsOf(out, i, xs, { createGraph, strict }));
    const byInput = rows.map((row) => unwrapped(createGraph ? row : row.map((x) => x.detach()), given));
    return made.single ? byInput[0]! : (byInput as Tensor[] | Tensor[][]);
  });
}

function checkWay(where: string, strict: boolean, vectorize: boolean, strategy: unknown): void {
  if (strategy !== 'reverse-mode') {
    throw new RuntimeError(`${where}: derivatives are computed backwards, 'reverse-mode', got ${String(strategy)}`);
  }
  if (!strict || !vectorize) return;
  throw new RuntimeError(
    `autograd.functional.${where}: strict and vectorize are not supported together. Please set one of them to false.`,
  );
}

function unwrapped(list: Tensor[], { single }: Given): Tensor | Tensor[] {
  return single ? list[0]! : list;
}

/** For each input the derivatives of the elements of output `i`. */
function rowsOf(
  out: Tensor,
  i: number,
  inputs: readonly Tensor[],
  { createGraph, strict }: { createGraph: boolean; strict: boolean },
): Tensor[] {
  const flat = out.reshape(-1);
  const rows = Array.from({ length: out._size }, (_, j) =>
    gradients([flat.select(0, j)], inputs, null, { retainGraph: true, createGraph }).map((g, k) => {
      if (strict && g === null) {
        throw new RuntimeError(
          `Output ${i} of the user-provided function is independent of input ${k}. This is not allowed in strict mode.`,
        );
      }
      if (strict && createGraph && !g!.requiresGrad) throw independentOf('jacobian', i);
      return g ?? zerosLike(inputs[k]!);
    }),
  );
  return inputs.map((x, k) => stack(rows.map((row) => row[k]!)).view([...out.shape, ...x.shape]));
}

/**
 * The second derivatives of the one element of `func(...inputs)`, of the input's shape twice; for a list of inputs a list of
 * lists. See torch.autograd.functional.hessian.
 */
export function hessian(func: Fn<Tensor>, inputs: Tensor, ...rest: HessianArgs): Tensor;
export function hessian(func: Fn<Tensor>, inputs: readonly Tensor[], ...rest: HessianArgs): Tensor[][];
export function hessian(func: Fn<Tensor>, inputs: Tensors, ...rest: HessianArgs): Tensor | Tensor[][] {
  const defaults = {
    createGraph: false,
    strict: false,
    vectorize: false,
    outerJacobianStrategy: 'reverse-mode' as const,
  };
  const { outerJacobianStrategy: strategy, ...options } = readArgs('hessian', rest, defaults);
  checkFunction('hessian', func);
  const { list, single } = readTensors('hessian', 'inputs', inputs);
  const slope = (...xs: Tensor[]) => {
    const found = jacobian((...ys) => oneElement('hessian', func(...ys), options.strict), xs, { createGraph: true });
    checkDependent(found, 'jacobian', options.strict);
    return found;
  };
  const rows = jacobian(slope, list, { ...options, strategy });
  return single ? rows[0]![0]! : rows;
}

/** What a function that is differentiated twice returns. */
export function oneElement(where: string, out: unknown, strict: boolean): Tensor {
  const { list, single } = readTensors(where, 'outputs of the user-provided function', out);
  checkDependent(list, 'outputs', strict);
  if (!single) throw new RuntimeError(`The function given to ${where} should return a single Tensor`);
  if (list[0]!._size !== 1) {
    throw new RuntimeError(`The Tensor returned by the function given to ${where} should contain a single element`);
  }
  return list[0]!.squeeze();
}
