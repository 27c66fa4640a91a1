import { type Optional, readArgs } from '../args';
import { fromHost, run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { checkTensor } from './check';
import { generatorOf, withGrad } from './context';
import {
  fromTypedArray,
  type RandomOptions,
  rand,
  randint,
  randn,
  readRange,
  sizeOf,
  type TensorOptions,
  zeros,
  zerosLike,
} from './creation';
import { asDtype } from './dtype';
import { convert } from './elements';
import type { Generator } from './generator';
import { multinomial as drawIndices } from './multinomial';
import { record } from './op';
import { Tensor } from './tensor';

interface WithGenerator {
  generator?: Generator | null;
}

const GENERATOR = { generator: null as Generator | null };
const LIKE = { dtype: null as string | null, requiresGrad: false, ...GENERATOR };

/** Of the shape of `input`; its dtype is not of use here. See torch.empty_like. */
export function emptyLike(input: Tensor, ...rest: [options?: TensorOptions]): Tensor {
  checkTensor('emptyLike', input);
  return zerosLike(input, ...rest);
}

/** Uniform in [0, 1), of the shape and dtype of `input`. See torch.rand_like. */
export function randLike(input: Tensor, ...rest: [options?: RandomOptions]): Tensor {
  return floatsLike('randLike', input, rest, rand);
}

/** Standard normal, of the shape and dtype of `input`. See torch.randn_like. */
export function randnLike(input: Tensor, ...rest: [options?: RandomOptions]): Tensor {
  return floatsLike('randnLike', input, rest, randn);
}

function floatsLike(where: string, input: Tensor, args: [RandomOptions?], make: typeof rand): Tensor {
  checkTensor(where, input);
  const { dtype, ...rest } = readArgs(where, args, LIKE, 0);
  const wanted = dtype === null ? input.dtype : asDtype(where, dtype);
  if (wanted !== 'float32')
    throw new RuntimeError(`"${where}" not implemented for '${wanted}'; give { dtype: 'float32' }`);
  return make([...input.shape], rest);
}

/** Integers in [low, high), of the shape and dtype of `input`: `randintLike(input, [low,] high)`. See torch.randint_like. */
export function randintLike(
  input: Tensor,
  ...args: [high: number, options?: RandomOptions] | [low: number, high: number, options?: RandomOptions]
): Tensor {
  checkTensor('randintLike', input);
  const [low, high, ...more] = (typeof args[1] === 'number' ? args : [0, ...args]) as [number, number, RandomOptions?];
  const { dtype, ...rest } = readArgs('randintLike', more, LIKE, 0);
  return randint(low, high, input.shape, { dtype: dtype ?? input.dtype, ...rest });
}

/** Normal with a mean and a standard deviation for each element, of their shapes broadcast; not differentiated. See torch.normal. */
export function normal(mean: Tensor, std: Tensor | number, options?: WithGenerator): Tensor;
export function normal(mean: number, std: Tensor, options?: WithGenerator): Tensor;
/** Normal with this mean and standard deviation, of `size`. */
export function normal(mean: number, std: number, size: readonly number[], options?: RandomOptions): Tensor;
export function normal(mean: Tensor | number, std: Tensor | number, ...rest: unknown[]): Tensor {
  if (typeof std === 'number' && std < 0) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  if (typeof mean === 'number' && typeof std === 'number') return normalOfSize(mean, std, rest);
  const { generator } = readArgs('normal', rest, GENERATOR, 0);
  const shape = broadcast(shapeOf(mean), shapeOf(std));
  const g = generatorOf(generator);
  const drawn = withGrad(false, () => {
    if (std instanceof Tensor) refuse(std.lt(0), () => new RuntimeError('normal expects all elements of std >= 0.0'));
    const scale = typeof std === 'number' ? std : 1;
    const drawn = Tensor._of(fromHost(() => g.normal(sizeOf(shape), 0, scale), shape, 'float32'));
    return (std instanceof Tensor ? drawn.mul(std) : drawn).add(mean);
  });
  return undifferentiated('Normal', drawn, [mean, std]);
}

/** What was drawn is in the graph where an input is, and its gradient is 0, as in PyTorch. */
function undifferentiated(name: string, drawn: Tensor, given: readonly unknown[]): Tensor {
  const inputs = given.filter((x) => x instanceof Tensor);
  if (!inputs.some((x) => x.requiresGrad)) return drawn;
  const value = run('Identity', { x: drawn._value });
  return record(value, { name, inputs }, () =>
    inputs.map(
      ({ shape }) =>
        () =>
          zeros(shape),
    ),
  );
}

/** Throws if any of `flags` (bool) is set, which takes no reading back: index 1 is not in a table of one element. */
function refuse(flags: Tensor, error: () => Error): void {
  try {
    run('CheckIndex', { index: flags.int()._value }, { size: 1 }).dispose();
  } catch {
    throw error();
  }
}

function normalOfSize(mean: number, std: number, rest: unknown[]): Tensor {
  const [size, ...more] = rest as [readonly number[], RandomOptions?];
  if (!Array.isArray(size)) throw new TypeError('normal: a mean and a std that are numbers need a size');
  const { requiresGrad, generator } = readArgs('normal', more, LIKE, 0);
  const g = generatorOf(generator);
  const value = fromHost(() => g.normal(sizeOf(size), mean, std), size, 'float32');
  return Tensor._of(value).requiresGrad_(requiresGrad);
}

const shapeOf = (x: Tensor | number): readonly number[] => (x instanceof Tensor ? x.shape : []);

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const ndim = Math.max(a.length, b.length);
  return Array.from({ length: ndim }, (_, i) => {
    const [x, y] = [a[i - ndim + a.length] ?? 1, b[i - ndim + b.length] ?? 1];
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new RuntimeError(
      `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${i}`,
    );
  });
}

/**
 * 1 with the probability in `input` at each place, else 0; or, given `p`, with that probability everywhere, in the shape and
 * dtype of `input`. See torch.bernoulli.
 */
export function bernoulli(input: Tensor, ...rest: Optional<'p', number | null, WithGenerator>): Tensor {
  checkTensor('bernoulli', input);
  const { p, generator } = readArgs('bernoulli', rest, { p: null as number | null, ...GENERATOR });
  const g = generatorOf(generator);
  const { shape, dtype } = input;
  if (p !== null) {
    if (!(p >= 0 && p <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${p}`);
    return Tensor._of(fromHost(() => convert('bernoulli', g.bernoulli(sizeOf(shape), p), dtype), shape, dtype));
  }
  if (dtype !== 'float32') throw new RuntimeError(`"bernoulli_tensor_cpu_p_" not implemented for '${dtype}'`);
  const drawn = withGrad(false, () => {
    refuse(input.ge(0).logicalAnd(input.le(1)).logicalNot(), () => notAChance(input));
    const drawn = Tensor._of(fromHost(() => g.uniform(sizeOf(shape)), shape, 'float32'));
    return drawn.lt(input).float();
  });
  return undifferentiated('Bernoulli', drawn, [input]);
}

function notAChance(input: Tensor): RuntimeError {
  const wrong = (input.toTypedArray() as Float32Array).find((chance) => !(chance >= 0 && chance <= 1));
  return new RuntimeError(`Expected p_in >= 0 && p_in <= 1 to be true, but got false: a probability is ${wrong}`);
}

/**
 * `numSamples` indices (int32) drawn in proportion to the weights in each row of `input`, which is 1-d or 2-d. See
 * torch.multinomial.
 */
export function multinomial(
  input: Tensor,
  numSamples: number,
  ...rest: Optional<'replacement', boolean, WithGenerator>
): Tensor {
  checkTensor('multinomial', input);
  const { replacement, generator } = readArgs('multinomial', rest, { replacement: false, ...GENERATOR });
  if (input.ndim !== 1 && input.ndim !== 2) throw new RuntimeError(`prob_dist must be 1 or 2 dim, got ${input.ndim}`);
  if (input.dtype !== 'float32') {
    throw new RuntimeError(`multinomial only supports floating-point dtypes for input, got: ${input.dtype}`);
  }
  const g = generatorOf(generator);
  const weights = input.toTypedArray() as Float32Array;
  const size = input.shape.at(-1)!;
  const rows = input.ndim === 1 ? 1 : input.shape[0]!;
  const drawn = Array.from({ length: rows }, (_, i) =>
    drawIndices(g, weights.slice(i * size, (i + 1) * size), numSamples, replacement),
  );
  const out = Int32Array.from(drawn.flatMap((indices) => [...indices]));
  return fromTypedArray(out, input.ndim === 1 ? [numSamples] : [rows, numSamples]);
}

/** `steps` powers of `base` whose exponents are evenly spaced from `start` to `end`, both included. See torch.logspace. */
export function logspace(
  start: number | Tensor,
  end: number | Tensor,
  steps: number,
  ...rest: Optional<'base', number, TensorOptions>
): Tensor {
  const defaults = { base: 10, dtype: null as string | null, requiresGrad: false };
  const { base, dtype, requiresGrad } = readArgs('logspace', rest, defaults);
  const [first, last] = readRange('logspace', start, end, steps);
  const target = asDtype('logspace', dtype ?? 'float32');
  const { fround } = Math;
  const step = fround((last - first) / Math.max(steps - 1, 1));
  // From both ends, as PyTorch does.
  const exponent = (i: number) => (i < steps / 2 ? first + step * i : last - step * (steps - i - 1));
  const flat = Array.from({ length: steps }, (_, i) => base ** fround(exponent(i)));
  return fromTypedArray(convert('logspace', flat, target), [steps], target).requiresGrad_(requiresGrad);
}
