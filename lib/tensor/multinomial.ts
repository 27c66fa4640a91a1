import { RuntimeError } from '../errors';
import type { Generator } from './generator';

const MOST_CATEGORIES = 2 ** 24;

/**
 * `n` indices drawn in proportion to `weights`, in the precision of their array, as torch.multinomial draws them. Errors as
 * there: a negative or infinite weight, a sum of 0, more samples than categories without replacement.
 */
export function multinomial(
  generator: Generator,
  weights: Float64Array | Float32Array,
  n: number,
  replacement: boolean,
): Int32Array {
  if (weights.length > MOST_CATEGORIES) throw new RuntimeError('number of categories cannot exceed 2^24');
  if (!Number.isInteger(n) || n <= 0) throw new RuntimeError(`cannot sample n_sample <= 0 samples, got ${n}`);
  if (!replacement && n > weights.length) {
    throw new RuntimeError(
      `cannot sample n_sample > prob_dist.size(-1) samples without replacement: ${n} of ${weights.length}`,
    );
  }
  checkWeights(weights);
  return replacement && n > 1 ? byBisection(generator, weights, n) : byRace(generator, weights, n);
}

function checkWeights(weights: Float64Array | Float32Array): void {
  const wrong = weights.find((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong !== undefined) {
    throw new RuntimeError(
      'invalid multinomial distribution: probability tensor contains either `inf`, `nan` or element < 0 ' +
        `(encountering probability entry ${wrong})`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RuntimeError('invalid multinomial distribution (sum of probabilities <= 0)');
  }
}

/** Looks a uniform number up in the cumulative distribution, once per sample. */
function byBisection(generator: Generator, weights: Float64Array | Float32Array, n: number): Int32Array {
  const cumulative = weights.slice();
  for (let i = 1; i < cumulative.length; i++) cumulative[i]! += cumulative[i - 1]!;
  const sum = cumulative.at(-1)!;
  for (let i = 0; i < cumulative.length; i++) cumulative[i]! /= sum;
  cumulative[cumulative.length - 1] = 1;
  return Int32Array.from({ length: n }, () => {
    const sample = generator.uniform53();
    let [left, right] = [0, cumulative.length];
    while (left < right) {
      const middle = (left + right) >>> 1;
      if (cumulative[middle]! < sample) left = middle + 1;
      else right = middle;
    }
    return left;
  });
}

/** Every index takes an exponential time, divided by its weight, to arrive; the first `n` win. */
function byRace(generator: Generator, weights: Float64Array | Float32Array, n: number): Int32Array {
  const times = weights.slice();
  times.set(generator.exponential(weights.length)); // rounded to the precision of the weights
  const speeds = weights.map((weight, i) => weight / times[i]!);
  const order = Int32Array.from(speeds, (_, i) => i);
  return order.sort((a, b) => speeds[b]! - speeds[a]!).subarray(0, n);
}
