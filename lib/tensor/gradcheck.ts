import { readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { grad } from './backward';
import { withGrad } from './context';
import { fromTypedArray } from './creation';
import { Tensor } from './tensor';

type CheckedFunction = (...inputs: Tensor[]) => Tensor | Tensor[];

export interface GradcheckOptions {
  /** Step of the finite differences. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Throw where the gradients differ (the default), or return false. */
  raiseException?: boolean;
}

/**
 * PyTorch's defaults are for float64. In float32 a five-point stencil with a wide step keeps both its errors near 1e-5, so
 * that these tolerances still tell a wrong rule from a right one.
 */
const DEFAULTS = { eps: 2e-2, atol: 1e-3, rtol: 1e-3, raiseException: true };

/**
 * Compares the gradients of `fn` at `inputs` with finite differences, for every input that requires grad. Choose inputs
 * away from kinks. See torch.autograd.gradcheck.
 */
export function gradcheck(
  fn: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  ...rest: [options?: GradcheckOptions]
): boolean {
  const settings = readArgs('gradcheck', rest, DEFAULTS, 0);
  const points = [inputs].flat() as Tensor[];
  const checked = points.filter((x) => x instanceof Tensor && x.requiresGrad);
  if (checked.length === 0) {
    throw new ValueError(
      'gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.',
    );
  }
  return outputsOf(fn, points).every((_, o) => checkOutput(fn, points, checked, o, settings));
}

function outputsOf(fn: CheckedFunction, points: Tensor[]): Tensor[] {
  return ([fn(...points)].flat() as Tensor[]).filter((y) => y.dtype === 'float32');
}

function checkOutput(
  fn: CheckedFunction,
  points: Tensor[],
  checked: Tensor[],
  o: number,
  settings: typeof DEFAULTS,
): boolean {
  const output = outputsOf(fn, points)[o]!;
  const weights = projection(output._size);
  const cotangent = fromTypedArray(weights, output.shape, 'float32');
  const analytic = output.requiresGrad
    ? grad(output, checked, cotangent, { allowUnused: true }).map((g) => g?.toTypedArray() ?? null)
    : checked.map(() => null);
  return checked.every((x, i) => {
    const at = points.indexOf(x);
    const evaluate = (data: Float32Array) => {
      const moved = points.map((p, j) => (j === at ? fromTypedArray(data, x.shape, 'float32').requiresGrad_() : p));
      const values = outputsOf(fn, moved)[o]!.detach().toTypedArray() as Float32Array;
      return values.reduce((sum, v, k) => sum + v * weights[k]!, 0);
    };
    const numeric = differences(evaluate, x, settings.eps);
    return compare(analytic[i]!, numeric, `output ${o} with respect to input ${at}`, settings);
  });
}

/** Fixed weights without symmetry: the output is reduced to one number, as PyTorch's fast mode does. */
function projection(n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => 0.5 + ((i * 0.618034) % 1));
}

/** Fourth-order central differences, in double precision where the function's own rounding allows. */
function differences(evaluate: (data: Float32Array) => number, x: Tensor, eps: number): number[] {
  const base = x.detach().toTypedArray() as Float32Array;
  return Array.from(base, (value, k) => {
    const at = (offset: number) => {
      const moved = Float32Array.from(base);
      moved[k] = value + offset;
      return { y: evaluate(moved), h: moved[k]! - value };
    };
    const [a, b, c, d] = [at(-2 * eps), at(-eps), at(eps), at(2 * eps)];
    const near = (c.y - b.y) / (c.h - b.h);
    const far = (d.y - a.y) / (d.h - a.h);
    return (4 * near - far) / 3;
  });
}

function compare(
  analytic: ArrayLike<number> | null,
  numeric: number[],
  where: string,
  settings: typeof DEFAULTS,
): boolean {
  const { atol, rtol, raiseException } = settings;
  const bad = numeric.findIndex((n, k) => !(Math.abs(n - (analytic?.[k] ?? 0)) <= atol + rtol * Math.abs(n)));
  if (bad < 0) return true;
  if (!raiseException) return false;
  throw new RuntimeError(
    `Jacobian mismatch for ${where}, element ${bad}: numerical ${numeric[bad]}, analytical ${analytic?.[bad] ?? 0}`,
  );
}

/** Compares second derivatives of `fn` with finite differences of its first ones. See torch.autograd.gradgradcheck. */
export function gradgradcheck(
  fn: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  ...rest: [options?: GradcheckOptions]
): boolean {
  const points = [inputs].flat() as Tensor[];
  const first = (...xs: Tensor[]): Tensor[] =>
    withGrad(true, () => {
      const outputs = outputsOf(fn, xs).filter((y) => y.requiresGrad);
      const wanted = xs.filter((x) => x.requiresGrad);
      const seeds = outputs.map((y) => fromTypedArray(projection(y._size), y.shape, 'float32'));
      const grads = grad(outputs, wanted, seeds, { createGraph: true, allowUnused: true });
      return grads.map((g, i) => g ?? wanted[i]!.mul(0));
    });
  return gradcheck(first, points, ...rest);
}
