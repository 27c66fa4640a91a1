import { type Optional, readArgs } from '../args';
import { arrayOf, type DType, fromArray, fromHost, type TypedArray } from '../backend/engine';
import { RuntimeError } from '../errors';
import { checkScalar, checkTensor } from './check';
import { generatorOf } from './context';
import { asDtype, checkInt32 } from './dtype';
import { contentOf, convert, dtypeOf, flatten } from './elements';
import type { Generator } from './generator';
import { Tensor } from './tensor';

export interface TensorOptions {
  /** 'float32', 'int32' or 'bool'. */
  dtype?: string | null;
  requiresGrad?: boolean;
  device?: string;
}

/** What `tensor(…)` takes: numbers, booleans, nested arrays of them, or a typed array. */
export type TensorData = number | boolean | TypedArray | readonly TensorData[];

const CREATION = { dtype: null as string | null, requiresGrad: false };

/** @internal Takes over `data`: it must be fresh, and nobody may write to it afterwards. */
export function fromTypedArray(data: TypedArray, shape: readonly number[], dtype: DType = dtypeOf(data)): Tensor {
  return Tensor._of(fromArray(data, shape, dtype));
}

/**
 * A tensor of the given values, whose shape is that of the nesting. Numbers give float32, booleans bool, an Int32Array int32.
 * The data is copied. Ragged nesting, non-numbers and Float64Arrays are errors. See torch.tensor.
 */
export function tensor(data: TensorData | Tensor, ...rest: [options?: TensorOptions]): Tensor {
  const { dtype, requiresGrad } = readArgs('tensor', rest, CREATION, 0);
  const { flat, shape, natural } = data instanceof Tensor ? contentOf(data) : flatten(data);
  const target = dtype === null ? natural : asDtype('tensor', dtype);
  return fromTypedArray(convert('tensor', flat, target), shape, target).requiresGrad_(requiresGrad);
}

/** Sizes, as `zeros(2, 3)` or `zeros([2, 3])`, then an options object. */
export type Sizes<O> = [...sizes: number[]] | [...sizes: number[], options: O] | [size: readonly number[], options?: O];

/** All zeros. See torch.zeros. */
export function zeros(...args: Sizes<TensorOptions>): Tensor {
  return filled('zeros', args, () => 0);
}

/** All ones. See torch.ones. */
export function ones(...args: Sizes<TensorOptions>): Tensor {
  return filled('ones', args, () => 1);
}

/** Zeros: unlike PyTorch's, the content is defined. See torch.empty. */
export function empty(...args: Sizes<TensorOptions>): Tensor {
  return filled('empty', args, () => 0);
}

function filled(where: string, args: Sizes<TensorOptions>, value: () => number): Tensor {
  const { shape, options } = readSizes(where, args);
  const { dtype, requiresGrad } = readArgs(where, [options], CREATION, 0);
  return constantTensor(shape, value(), asDtype(where, dtype ?? 'float32')).requiresGrad_(requiresGrad);
}

/** A tensor of `size` filled with `fillValue`; an integral value gives int32, as PyTorch's int64. See torch.full. */
export function full(size: readonly number[], fillValue: number | boolean, ...rest: [options?: TensorOptions]): Tensor {
  const { dtype, requiresGrad } = readArgs('full', rest, CREATION, 0);
  checkShape('full', size);
  checkScalar('full', fillValue, 'fillValue');
  const natural = typeof fillValue === 'boolean' ? 'bool' : Number.isInteger(fillValue) ? 'int32' : 'float32';
  const target = dtype === null ? natural : asDtype('full', dtype);
  return constantTensor(size, Number(fillValue), target).requiresGrad_(requiresGrad);
}

/** Zeros of the shape and dtype of `input`. See torch.zeros_like. */
export function zerosLike(input: Tensor, ...rest: [options?: TensorOptions]): Tensor {
  return fullLike(input, 0, ...rest);
}

/** Ones of the shape and dtype of `input`. See torch.ones_like. */
export function onesLike(input: Tensor, ...rest: [options?: TensorOptions]): Tensor {
  return fullLike(input, 1, ...rest);
}

/** `fillValue` everywhere, of the shape and dtype of `input`. See torch.full_like. */
export function fullLike(input: Tensor, fillValue: number | boolean, ...rest: [options?: TensorOptions]): Tensor {
  checkTensor('fullLike', input);
  checkScalar('fullLike', fillValue, 'fillValue');
  const { dtype, requiresGrad } = readArgs('fullLike', rest, CREATION, 0);
  const target = dtype === null ? input.dtype : asDtype('fullLike', dtype);
  return constantTensor(input.shape, Number(fillValue), target).requiresGrad_(requiresGrad);
}

/** `start`, `start + step` … below `end`; int32 if all three are integral. See torch.arange. */
export function arange(
  ...args:
    | [end: number, options?: TensorOptions]
    | [start: number, end: number, ...rest: [number?, TensorOptions?] | [TensorOptions?]]
): Tensor {
  const count = args.findIndex((a) => typeof a !== 'number' && typeof a !== 'boolean');
  const numbers = (count < 0 ? args : args.slice(0, count)).map(Number);
  if (numbers.length < 1 || numbers.length > 3) {
    throw new TypeError('arange: takes (end), (start, end) or (start, end, step)');
  }
  const { dtype, requiresGrad } = readArgs('arange', args.slice(numbers.length), CREATION, 0);
  const [start, end, step] = numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1];
  if (step === 0) throw new RuntimeError('step must be nonzero');
  if (!Number.isFinite(start) || !Number.isFinite(end)) {
    throw new RuntimeError(
      `unsupported range: ${start} -> ${end}`.replaceAll('Infinity', 'inf').replaceAll('NaN', 'nan'),
    );
  }
  if ((end - start) * step < 0) throw new RuntimeError('upper bound and lower bound inconsistent with step sign');
  const natural = [start, end, step].every(Number.isInteger) ? 'int32' : 'float32';
  const target = dtype === null ? natural : asDtype('arange', dtype);
  const flat = Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step);
  return fromTypedArray(convert('arange', flat, target), [flat.length], target).requiresGrad_(requiresGrad);
}

/** `steps` evenly spaced values from `start` to `end`, both included. See torch.linspace. */
export function linspace(
  start: number | Tensor,
  end: number | Tensor,
  steps: number,
  ...rest: [options?: TensorOptions]
): Tensor {
  const { dtype, requiresGrad } = readArgs('linspace', rest, CREATION, 0);
  const [first, last] = readRange('linspace', start, end, steps);
  const target = asDtype('linspace', dtype ?? 'float32');
  const step = Math.fround((last - first) / Math.max(steps - 1, 1));
  // From both ends, as PyTorch does, so that the last value is exactly `end`.
  const at = (i: number) => (i < steps / 2 ? first + step * i : last - step * (steps - i - 1));
  const flat = Array.from({ length: steps }, (_, i) => at(i));
  return fromTypedArray(convert('linspace', flat, target), [steps], target).requiresGrad_(requiresGrad);
}

/** The ends of a range, numbers or 0-d tensors, which are read. */
export function readRange(
  where: string,
  start: number | Tensor,
  end: number | Tensor,
  steps: number,
): [start: number, end: number] {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new RuntimeError(`${where}: number of steps must be non-negative, got ${steps}`);
  }
  const ndims = [start, end].map((x) => (x instanceof Tensor ? x.ndim : 0));
  if (ndims.some((n) => n > 0)) {
    throw new RuntimeError(
      `${where} only supports 0-dimensional start and end tensors, but got start with ${ndims[0]} dimension(s) and end with ` +
        `${ndims[1]} dimension(s).`,
    );
  }
  return [start, end].map((x) => (x instanceof Tensor ? Number(x.item()) : x)) as [number, number];
}

/** The identity matrix, n×m (m defaults to n). See torch.eye. */
export function eye(n: number, ...rest: Optional<'m', number | null, TensorOptions>): Tensor {
  const { m, dtype, requiresGrad } = readArgs('eye', rest, { m: null as number | null, ...CREATION });
  const [rows, columns] = [n, m ?? n];
  checkShape('eye', [rows, columns]);
  const target = asDtype('eye', dtype ?? 'float32');
  const data = arrayOf(target, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1;
  return fromTypedArray(data, [rows, columns], target).requiresGrad_(requiresGrad);
}

export interface RandomOptions extends TensorOptions {
  generator?: Generator | null;
}

const RANDOM = { ...CREATION, generator: null as Generator | null };

/** Uniform in [0, 1). See torch.rand. */
export function rand(...args: Sizes<RandomOptions>): Tensor {
  return random('rand', args, (generator, n) => generator.uniform(n, 0, 1));
}

/** Standard normal. See torch.randn. */
export function randn(...args: Sizes<RandomOptions>): Tensor {
  return random('randn', args, (generator, n) => generator.normal(n, 0, 1));
}

function random(where: string, args: Sizes<RandomOptions>, draw: (g: Generator, n: number) => Float32Array): Tensor {
  const { shape, options } = readSizes(where, args);
  const { dtype, requiresGrad, generator } = readArgs(where, [options], RANDOM, 0);
  if (asDtype(where, dtype ?? 'float32') !== 'float32')
    throw new TypeError(`${where}: makes float32 only, got ${dtype}`);
  const g = generatorOf(generator);
  const value = fromHost(() => draw(g, sizeOf(shape)), shape, 'float32');
  return Tensor._of(value).requiresGrad_(requiresGrad);
}

/** Integers in [low, high), low 0 if only `high` is given. `randint(high, size)` or `randint(low, high, size)`. See torch.randint. */
export function randint(
  ...args:
    | [high: number, size: readonly number[], options?: RandomOptions]
    | [low: number, high: number, size: readonly number[], options?: RandomOptions]
): Tensor {
  const [low, high, size, ...rest] = (typeof args[1] === 'number' ? args : [0, ...args]) as [
    number,
    number,
    number[],
    RandomOptions?,
  ];
  const { dtype, requiresGrad, generator } = readArgs('randint', rest, RANDOM, 0);
  if (low >= high)
    throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  checkShape('randint', size);
  const target = asDtype('randint', dtype ?? 'int32');
  const g = generatorOf(generator);
  const value = fromHost(() => convert('randint', g.integers(sizeOf(size), low, high), target), size, target);
  return Tensor._of(value).requiresGrad_(requiresGrad);
}

/** A random permutation of 0 … n−1. See torch.randperm. */
export function randperm(n: number, ...rest: [options?: RandomOptions]): Tensor {
  const { generator } = readArgs('randperm', rest, RANDOM, 0);
  if (!Number.isInteger(n) || n < 0) throw new RuntimeError(`n must be non-negative, got ${n}`);
  const g = generatorOf(generator);
  return Tensor._of(fromHost(() => g.permutation(n), [n], 'int32'));
}

function constantTensor(shape: readonly number[], given: number, dtype: DType): Tensor {
  const data = arrayOf(dtype, sizeOf(shape));
  const value = dtype === 'int32' ? Math.trunc(given) : given;
  if (dtype === 'int32') checkInt32('full', value);
  if (value !== 0) data.fill(dtype === 'bool' ? 1 : value);
  return fromTypedArray(data, shape, dtype);
}

/** Reads `(2, 3)`, `([2, 3])`, either followed by options. */
export function readSizes<O extends object>(
  where: string,
  args: Sizes<O>,
): { shape: number[]; options: O | undefined } {
  const list = [...args] as unknown[];
  const last = list.at(-1);
  const isOptions = typeof last === 'object' && last !== null && !Array.isArray(last);
  const options = (isOptions ? list.pop() : undefined) as O | undefined;
  const shape = (list.length === 1 && Array.isArray(list[0]) ? [...list[0]] : list) as number[];
  checkShape(where, shape);
  return { shape, options };
}

function checkShape(where: string, shape: readonly unknown[]): void {
  if (!Array.isArray(shape))
    throw new TypeError(`${where}: a size must be an array of integers, got ${String(shape ?? 'none')}`);
  for (const size of shape) {
    if (!Number.isInteger(size)) throw new TypeError(`${where}: sizes must be integers, got ${String(size)}`);
    if (size < 0) throw new RuntimeError(`${where}: sizes must be non-negative, got ${size} in [${shape.join(', ')}]`);
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
