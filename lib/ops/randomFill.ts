/** In-place fills with random numbers, from PyTorch's streams. */
import { type Optional, readArgs } from '../args';
import { fromHost, run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { generatorOf } from '../tensor/context';
import { convert } from '../tensor/elements';
import type { Generator } from '../tensor/generator';
import { bernoulli } from '../tensor/randomCreation';
import { Tensor } from '../tensor/tensor';
import { inPlace, replaced } from './inplace';

export interface RandomFillOptions {
  generator?: Generator | null;
}
/** Two numbers, by position or by name. */
type FillArgs<A extends string, B extends string> =
  | [options?: RandomFillOptions & { [K in A | B]?: number }]
  | [a: number, options?: RandomFillOptions & { [K in B]?: number }]
  | [a: number, b: number, options?: RandomFillOptions];

/** What `draw` does with the default generator or the given one fills `self`. */
function randomFill(
  name: string,
  self: Tensor,
  generator: Generator | null,
  draw: (g: Generator, n: number) => ArrayLike<number>,
): Tensor {
  const g = generatorOf(generator);
  return inPlace(name, self, (content) =>
    replaced(
      content,
      fromHost(() => convert(name, draw(g, self._size), self.dtype), self.shape, self.dtype),
    ),
  );
}

const RANDOM = { generator: null as Generator | null };

function checkFloat(name: string, self: Tensor): void {
  if (self.dtype !== 'float32') throw new RuntimeError(`${name}: not implemented for ${self.dtype}, only for float32`);
}

/** Fills with uniform numbers from [from, to). See torch.Tensor.uniform_. */
export function uniform_(self: Tensor, ...rest: FillArgs<'from', 'to'>): Tensor {
  const { from, to, generator } = readArgs('uniform_', rest, { from: 0, to: 1, ...RANDOM }, 2);
  checkFloat('uniform_', self);
  if (!(from <= to))
    throw new RuntimeError(`uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`);
  return randomFill('uniform_', self, generator, (g, n) => g.uniform(n, from, to));
}

/** Fills with normal numbers. See torch.Tensor.normal_. */
export function normal_(self: Tensor, ...rest: FillArgs<'mean', 'std'>): Tensor {
  const { mean, std, generator } = readArgs('normal_', rest, { mean: 0, std: 1, ...RANDOM }, 2);
  checkFloat('normal_', self);
  if (!(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  return randomFill('normal_', self, generator, (g, n) => g.normal(n, mean, std));
}

/** Fills with 1 (probability `p`, a number or a tensor that broadcasts) and 0. See torch.Tensor.bernoulli_. */
export function bernoulli_(self: Tensor, ...rest: Optional<'p', number | Tensor, RandomFillOptions>): Tensor {
  const { p, generator } = readArgs('bernoulli_', rest, { p: 0.5 as number | Tensor, ...RANDOM });
  if (p instanceof Tensor) {
    const drawn = bernoulli(p.expand(...self.shape), { generator }).to(self.dtype);
    return inPlace('bernoulli_', self, (content) => replaced(content, run('Identity', { x: drawn._value })));
  }
  if (!(p >= 0 && p <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${p}`);
  return randomFill('bernoulli_', self, generator, (g, n) => g.bernoulli(n, p));
}

function checkContinuous(name: string, { dtype }: Tensor): void {
  if (dtype === 'float32') return;
  throw new RuntimeError(
    `${name} distribution is a continuous probability distribution. dtype must be a floating point but you specified ${dtype}`,
  );
}

/** Fills with exponentially distributed numbers of rate `lambd`. See torch.Tensor.exponential_. */
export function exponential_(self: Tensor, ...rest: Optional<'lambd', number, RandomFillOptions>): Tensor {
  const { lambd, generator } = readArgs('exponential_', rest, { lambd: 1, ...RANDOM });
  checkContinuous('Exponential', self);
  if (!(lambd > 0)) throw new RuntimeError(`exponential_ expects lambda > 0.0, but found lambda=${lambd}`);
  return randomFill('exponential_', self, generator, (g, n) => g.exponential(n, lambd));
}

/** Fills with the numbers, 1, 2 …, of trials until the first success of probability `p`. See torch.Tensor.geometric_. */
export function geometric_(self: Tensor, p: number, ...rest: [options?: RandomFillOptions]): Tensor {
  const { generator } = readArgs('geometric_', rest, RANDOM, 0);
  if (!(p > 0 && p < 1)) throw new RuntimeError(`geometric_ expects p to be in (0, 1), but got p=${p}`);
  if (self.dtype === 'bool') throw new RuntimeError(`"geometric_cpu" not implemented for 'bool'`);
  return randomFill('geometric_', self, generator, (g, n) =>
    each(n, () => Math.ceil(Math.log(g.uniform53()) / Math.log1p(-p))),
  );
}

const each = (n: number, draw: () => number) => Float64Array.from({ length: n }, draw);

/** Fills with numbers whose logarithms are normal with `mean` and `std`. See torch.Tensor.log_normal_. */
export function logNormal_(self: Tensor, ...rest: FillArgs<'mean', 'std'>): Tensor {
  const { mean, std, generator } = readArgs('logNormal_', rest, { mean: 1, std: 2, ...RANDOM }, 2);
  if (!(std > 0)) throw new RuntimeError(`log_normal_ expects std > 0.0, but found std=${std}`);
  if (self.dtype !== 'float32') throw new RuntimeError(`"log_normal_cpu" not implemented for '${self.dtype}'`);
  return randomFill('logNormal_', self, generator, (g, n) => each(n, () => Math.exp(g.normal53() * std + mean)));
}

/** Fills from the Cauchy distribution around `median`, `sigma` wide. See torch.Tensor.cauchy_. */
export function cauchy_(self: Tensor, ...rest: FillArgs<'median', 'sigma'>): Tensor {
  const { median, sigma, generator } = readArgs('cauchy_', rest, { median: 0, sigma: 1, ...RANDOM }, 2);
  checkContinuous('Cauchy', self);
  if (!(sigma > 0)) throw new RuntimeError(`cauchy_ expects sigma > 0.0, but found sigma=${sigma}`);
  return randomFill('cauchy_', self, generator, (g, n) =>
    each(n, () => median + sigma * Math.tan(Math.PI * (g.uniform53() - 0.5))),
  );
}

/** The integers that a dtype holds exactly: from 0 up to, not including, this. */
const LIMITS = { float32: 2 ** 24 + 1, int32: 2 ** 31, bool: 2 };

/**
 * Fills with integers of [from, to): `random_()` all from 0 that the dtype holds, `random_(to)`, `random_(from, to)`. See
 * torch.Tensor.random_.
 */
export function random_(self: Tensor, ...args: RandomArgs): Tensor {
  const numbers = args.filter((x) => typeof x === 'number').length;
  const rest = numbers === 1 ? [0, ...args] : args;
  const defaults = { from: 0, to: null as number | null, ...RANDOM };
  const { from, to, generator } = readArgs('random_', rest, defaults, 2);
  const limit = LIMITS[self.dtype];
  if (to !== null && self.dtype === 'bool' && (from < 0 || to > limit)) {
    throw new RuntimeError(`${from < 0 ? 'from' : 'to - 1'} is out of bounds for bool`);
  }
  // int32 without bounds takes one draw of 32 bits, where a range as wide takes two.
  const whole = to === null && from === 0 && self.dtype === 'int32';
  return randomFill('random_', self, generator, (g, n) =>
    whole ? each(n, () => g.next() % limit) : g.integers(n, from, to ?? limit),
  );
}

type RandomArgs =
  | [options?: RandomFillOptions & { from?: number; to?: number | null }]
  | [to: number, options?: RandomFillOptions]
  | [from: number, to: number | null, options?: RandomFillOptions];
