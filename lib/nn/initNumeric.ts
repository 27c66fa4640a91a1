import { RuntimeError, ValueError } from '../errors';
import type { Generator } from '../tensor/generator';

const { fround } = Math;

/** How many inputs an output of the layer with a weight of this shape [out, in, …] sees, and the other way round. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [outMaps, inMaps, ...kernel] = shape;
  if (outMaps === undefined || inMaps === undefined) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = kernel.reduce((a, b) => a * b, 1);
  return { fanIn: inMaps * field, fanOut: outMaps * field };
}

/** The error function in float64: a series of positive terms, exact to a few units in the last place. */
export function erf(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Below which share of a normal's mass in [a, b] PyTorch no longer redraws what falls outside. */
const REDRAW_FROM = 0.3;

/** `n` float32 normals of [a, b], drawn in the order of torch.nn.init.trunc_normal_. */
export function truncatedNormal(
  g: Generator,
  n: number,
  mean: number,
  std: number,
  a: number,
  b: number,
): Float32Array {
  if (std === 0) throw new ValueError('truncNormal_: std must not be 0');
  const below = (x: number) => (1 + erf((x - mean) / std / Math.sqrt(2))) / 2;
  if (below(b) - below(a) > REDRAW_FROM) return redrawnNormal(g, n, mean, std, a, b);
  if (!(a <= b)) {
    throw new RuntimeError(`uniform_ expects to return a [from, to) range, but found from=${a} > to=${b}`);
  }
  return acceptedUniform(g, n, mean, std, a, b);
}

/** Normals, drawn again where they lie outside [a, b]; each round draws for all places, as PyTorch does. */
function redrawnNormal(g: Generator, n: number, mean: number, std: number, a: number, b: number): Float32Array {
  const [low, high] = [fround(a), fround(b)];
  const isOutside = (x: number) => x < low || x > high;
  const result = g.normal(n, mean, std);
  while (result.some(isOutside)) {
    const again = g.normal(n, mean, std);
    for (let i = 0; i < n; i++) if (isOutside(result[i]!)) result[i] = again[i]!;
  }
  return result;
}

/** Uniforms, accepted with the density of the normal relative to its peak within [a, b]. All in float32, as in PyTorch. */
function acceptedUniform(g: Generator, n: number, mean: number, std: number, a: number, b: number): Float32Array {
  const mode = Math.max(a, Math.min(mean, b));
  const [center, scale] = [fround(mean), fround(std)];
  const logPeak = fround(-0.5 * ((mode - mean) / std) ** 2);
  const logDensity = (x: number) => {
    const z = fround(fround(x - center) / scale);
    return fround(-0.5 * fround(z * z) - logPeak);
  };
  const result = new Float32Array(n);
  const pending = new Uint8Array(n).fill(1);
  do {
    const candidates = g.uniform(n, a, b);
    const levels = g.uniform(n);
    for (let i = 0; i < n; i++) {
      if (pending[i] === 0) continue;
      result[i] = candidates[i]!;
      // So that NaN, as in PyTorch, ends the search.
      if (!(fround(Math.log(levels[i]!)) > logDensity(result[i]!))) pending[i] = 0;
    }
  } while (pending.includes(1));
  return result;
}

/**
 * A rows×cols matrix whose rows (if they are fewer) or columns are orthonormal: the Q of a normal matrix's QR, signs chosen so
 * that R's diagonal is positive, times `gain`. Drawn as torch.nn.init.orthogonal_ does, which factorises in float32.
 */
export function orthogonal(g: Generator, rows: number, cols: number, gain: number): Float32Array {
  const drawn = g.normal(rows * cols);
  const isWide = rows < cols;
  const [n, m] = isWide ? [rows, cols] : [cols, rows];
  const [across, along] = isWide ? [cols, 1] : [1, cols];
  const columns = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => drawn[j * across + i * along]!),
  );
  const scale = fround(gain);
  orthonormalize(columns).forEach((column, j) => {
    for (let i = 0; i < m; i++) drawn[j * across + i * along] = fround(column[i]!) * scale;
  });
  return drawn;
}

/** The Q of a tall matrix, given and returned by columns, by Householder reflections; R's diagonal is positive. */
function orthonormalize(columns: Float64Array[]): Float64Array[] {
  const signs = columns.map((column, k) => {
    const diagonal = makeReflector(column, k);
    for (const other of columns.slice(k + 1)) reflect(other, column, k);
    return Math.sign(diagonal);
  });
  return columns.map((column, j) => {
    const q = new Float64Array(column.length);
    q[j] = signs[j]!;
    for (let k = j; k >= 0; k--) reflect(q, columns[k]!, k);
    return q;
  });
}

/**
 * Turns `column` from place k on into the vector of the reflection that zeroes it below k, scaled so that the reflection is
 * 1 − v·vᵀ; returns what the reflection leaves at k, R's diagonal.
 */
function makeReflector(column: Float64Array, k: number): number {
  const v = column.subarray(k);
  const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  if (norm === 0) return 0;
  const diagonal = v[0]! > 0 ? -norm : norm;
  v[0]! -= diagonal;
  const length = Math.sqrt(norm * Math.abs(v[0]!));
  for (let i = 0; i < v.length; i++) v[i]! /= length;
  return diagonal;
}

/** `x −= v · (v · x)`, over the places from k on. */
function reflect(x: Float64Array, v: Float64Array, k: number): void {
  let dot = 0;
  for (let i = k; i < x.length; i++) dot += v[i]! * x[i]!;
  for (let i = k; i < x.length; i++) x[i]! -= v[i]! * dot;
}

/** A normal rows×cols matrix with `zeros` zeros in each column; their places come from `places`, the default generator. */
export function sparseNormal(
  g: Generator,
  places: Generator,
  rows: number,
  cols: number,
  zeros: number,
  std: number,
): Float32Array {
  if (!(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  const result = g.normal(rows * cols, 0, std);
  for (let j = 0; j < cols; j++) {
    for (const i of places.permutation(rows).subarray(0, zeros)) result[i * cols + j] = 0;
  }
  return result;
}
