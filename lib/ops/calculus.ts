/** Differences, integrals and covariances of samples. */
import { noMore, type Optional, readArgs } from '../args';
import { IndexError, RuntimeError } from '../errors';
import { checkTensors } from '../tensor/check';
import { ones } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import { checkTensor, normalDim } from './define';
import { type Dims, readDims, show } from './dims';
import { cat } from './join';
import { cropDim } from './layout';

/** The elements of `x` along `dim` but for `skip` at the front and `drop` at the end. */
function inner(x: Tensor, dim: number, skip: number, drop: number): Tensor {
  return cropDim(x, dim, skip, x.shape[dim]! - skip - drop);
}

export interface TrapezoidOptions {
  /** The places of the samples, of the shape of `y` or 1-d. */
  x?: Tensor | null;
  /** The distance of neighbours, instead of `x`. */
  dx?: number;
  dim?: number;
}

type TrapezoidArgs = Optional<'x', Tensor | null, Omit<TrapezoidOptions, 'x'>>;

/** The areas between neighbouring samples, halved only later: y[i] + y[i+1], times the distance; and the dimension. */
function areas(name: string, y: Tensor, rest: TrapezoidArgs): { strips: Tensor; dim: number } {
  checkTensor(name, y, 'y');
  const { x, dx, dim } = readArgs(name, rest, { x: null as Tensor | null, dx: 1, dim: -1 });
  if (x !== null) checkTensor(name, x, 'x');
  const at = normalDim(dim, y.ndim);
  for (const [which, value] of Object.entries({ y, x })) {
    if (value?.dtype === 'bool')
      throw new RuntimeError(`${name}: received a bool input for \`${which}\`, but bool is not supported`);
  }
  if (y.ndim === 0) throw new IndexError(`${name}: Dimension specified as ${dim} but tensor has no dimensions`);
  const size = y.shape[at]!;
  const sums = size === 0 ? y : inner(y, at, 0, 1).add(inner(y, at, 1, 0));
  if (x === null) return { strips: sums.mul(dx), dim: at };
  return { strips: sums.mul(widths(name, x, y, at)), dim: at };
}

function widths(name: string, x: Tensor, y: Tensor, dim: number): Tensor {
  const size = y.shape[dim]!;
  const along = x.ndim === 1 ? 0 : normalDim(dim - y.ndim, x.ndim);
  if (x.shape[along] !== size && x.ndim === 1) {
    throw new RuntimeError(`${name}: There must be one \`x\` value for each sample point`);
  }
  const steps = inner(x, along, 1, 0).sub(inner(x, along, 0, 1));
  return x.ndim === 1 ? steps.reshape([-1, ...new Array<number>(y.ndim - 1 - dim).fill(1)]) : steps;
}

/** ∫ y dx along `dim` by the trapezoidal rule, for samples at `x` or `dx` apart. See torch.trapezoid. */
export function trapezoid(y: Tensor, ...rest: TrapezoidArgs): Tensor {
  const { strips, dim } = areas('trapezoid', y, rest);
  return strips.sum(dim - y.ndim).div(2);
}

/** As {@link trapezoid}. See torch.trapz. */
export const trapz: typeof trapezoid = trapezoid;

/** {@link trapezoid} up to each sample but the first. See torch.cumulative_trapezoid. */
export function cumulativeTrapezoid(y: Tensor, ...rest: TrapezoidArgs): Tensor {
  const { strips, dim } = areas('cumulative_trapezoid', y, rest);
  return strips.cumsum(dim - y.ndim).div(2);
}

export interface CovOptions {
  /** How much less than the number of observations to divide by. */
  correction?: number;
  /** How often each observation counts, int32. */
  fweights?: Tensor | null;
  /** How much each observation counts, float32. */
  aweights?: Tensor | null;
}

const COV = { correction: 1, fweights: null as Tensor | null, aweights: null as Tensor | null };

/**
 * The covariances of variables, the rows of `input`, of which the columns are observations; of one variable a number. See
 * torch.cov.
 */
export function cov(input: Tensor, ...rest: [options?: CovOptions]): Tensor {
  checkTensor('cov', input);
  const { correction, fweights, aweights } = readArgs('cov', rest, COV, 0);
  if (input.ndim > 2) {
    throw new RuntimeError(
      `cov(): expected input to have two or fewer dimensions but got an input with ${input.ndim} dimensions`,
    );
  }
  if (input.dtype === 'bool') throw new RuntimeError('cov(): bool dtype is not supported for input');
  const x = input.ndim === 2 ? input : input.reshape(1, -1);
  const count = x.shape[1]!;
  const weights = weightsOf(fweights, aweights, count);
  const total = weights ? weights.sum() : null;
  const mean = weights ? x.mul(weights).sum(1).div(total!) : x.float().mean(1);
  const centred = x.sub(mean.unsqueeze(1));
  const weighted = weights ? centred.mul(weights) : centred;
  const divisor =
    weights && aweights && correction !== 0
      ? total!.sub(weights.mul(aweights).sum().div(total!).mul(correction))
      : (total ?? ones([]).mul(count)).sub(correction);
  return centred.matmul(weighted.t()).div(divisor.clamp(0)).squeeze();
}

function weightsOf(fweights: Tensor | null, aweights: Tensor | null, count: number): Tensor | null {
  const kinds = { fweights: ['integral', 'int32'], aweights: ['floating point', 'float32'] } as const;
  checkTensors('cov', {}, { fweights, aweights });
  for (const [name, w] of Object.entries({ fweights, aweights })) {
    if (!w) continue;
    const [kind, dtype] = kinds[name as keyof typeof kinds];
    if (w.ndim > 1) throw new RuntimeError(`cov(): expected ${name} to have one or fewer dimensions, got ${w.ndim}`);
    if (w.dtype !== dtype) throw new RuntimeError(`cov(): expected ${name} to have ${kind} dtype, got ${w.dtype}`);
    if (w._size !== count) {
      throw new RuntimeError(
        `cov(): expected ${name} to have the same numel as there are observations in the input but got ${w._size} != ${count}`,
      );
    }
    if (w.lt(0).any().item()) throw new RuntimeError(`cov(): ${name} cannot be negative`);
  }
  return fweights && aweights ? fweights.mul(aweights) : (fweights ?? aweights);
}

/** Pearson's correlation coefficients of variables, the rows of `input`, within [−1, 1]. See torch.corrcoef. */
export function corrcoef(input: Tensor): Tensor {
  noMore('corrcoef(input)', arguments.length, 1);
  checkTensor('corrcoef', input);
  if (input.ndim > 2) {
    throw new RuntimeError(
      `corrcoef(): expected input to have two or fewer dimensions but got an input with ${input.ndim} dimensions`,
    );
  }
  const c = cov(input);
  if (c.ndim === 0) return c.div(c);
  const deviation = c.diagonal().sqrt();
  return c.div(deviation.unsqueeze(1)).div(deviation.unsqueeze(0)).clamp(-1, 1);
}

export interface GradientOptions {
  /** The distance of neighbours: one for all dimensions, one each, or the coordinates along each as vectors. */
  spacing?: number | readonly (number | Tensor)[] | null;
  /** The dimensions to differentiate along, by default all. */
  dim?: Dims | null;
  /** The order of the estimate at the edges, 1 or 2. */
  edgeOrder?: number;
}

const GRADIENT = { spacing: 1 as GradientOptions['spacing'], dim: null as Dims | null, edgeOrder: 1 };

/**
 * The derivatives of sampled values along each dimension, by central differences of second order. See torch.gradient.
 */
export function gradient(input: Tensor, ...rest: [options?: GradientOptions]): Tensor[] {
  checkTensor('gradient', input);
  const { spacing, dim, edgeOrder } = readArgs('gradient', rest, GRADIENT, 0);
  const all = input.shape.map((_, i) => i);
  if (dim !== null) readDims(dim, input.ndim);
  const dims = dim === null ? all : [dim].flat().map((d) => normalDim(d, input.ndim));
  const steps = typeof spacing === 'boolean' ? Number(spacing) : (spacing ?? 1);
  if (Array.isArray(steps) && steps.length !== dims.length) {
    throw new RuntimeError(
      `torch.gradient expected spacing to be unspecified, a scalar or a list of length equal to the number of dims, got ${steps.length} and dims ${show(dims)}`,
    );
  }
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new RuntimeError('torch.gradient only supports edge_order=1 and edge_order=2.');
  }
  if (dims.some((d) => input.shape[d]! < edgeOrder + 1)) {
    throw new RuntimeError('torch.gradient expected each dimension size to be at least edge_order+1');
  }
  return dims.map((d, i) =>
    derivative(input, d, (Array.isArray(steps) ? steps[i] : steps) as number | Tensor, edgeOrder),
  );
}

function derivative(x: Tensor, dim: number, spacing: number | Tensor, edgeOrder: number): Tensor {
  if (spacing instanceof Tensor && (spacing.ndim !== 1 || spacing._size !== x.shape[dim])) {
    throw new RuntimeError(
      `torch.gradient expected each element of spacing to have one dimension and as many elements as dim ${dim}, got ${show(spacing.shape)}`,
    );
  }
  const n = x.shape[dim]!;
  const at = (i: number) => cropDim(x, dim, i < 0 ? n + i : i, 1);
  const column = (t: Tensor) => t.reshape([-1, ...new Array<number>(x.ndim - 1 - dim).fill(1)]);
  const gaps = spacing instanceof Tensor ? column(spacing.diff()) : null;
  const gap = (i: number) => (gaps ? cropDim(gaps, 0, i < 0 ? n - 1 + i : i, 1) : (spacing as number));
  const edge = (first: number, sign: 1 | -1) => {
    const [f0, f1] = [at(first), at(first + sign)];
    const h0 = gap(first);
    if (edgeOrder === 1) return f1.sub(f0).div(h0).mul(sign);
    const f2 = at(first + 2 * sign);
    if (typeof h0 === 'number') return f0.mul(-1.5).add(f1.mul(2)).sub(f2.mul(0.5)).div(h0).mul(sign);
    const h1 = gap(first + sign) as Tensor;
    const both = h0.add(h1);
    const [a, b, c] = [h0.add(both).div(h0.mul(both)).neg(), both.div(h0.mul(h1)), h0.div(h1.mul(both)).neg()];
    return f0.mul(a).add(f1.mul(b)).add(f2.mul(c)).mul(sign);
  };
  return cat([edge(0, 1), ...(n > 2 ? [central(x, dim, gaps ?? (spacing as number))] : []), edge(-1, -1)], dim);
}

function central(x: Tensor, dim: number, gaps: number | Tensor): Tensor {
  const [before, here, after] = [inner(x, dim, 0, 2), inner(x, dim, 1, 1), inner(x, dim, 2, 0)];
  if (typeof gaps === 'number') return after.sub(before).div(2 * gaps);
  const [left, right] = [inner(gaps, 0, 0, 1), inner(gaps, 0, 1, 0)];
  const both = left.add(right);
  return before
    .mul(right.div(left.mul(both)).neg())
    .add(here.mul(right.sub(left).div(left.mul(right))))
    .add(after.mul(left.div(right.mul(both))));
}
