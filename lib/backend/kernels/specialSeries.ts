/** More special functions of numbers, in float64, by series and fractions: for backends without a kernel of their own. */
import { erfc, lgamma } from './specialFunctions';

const { PI, abs, exp, log, log1p, max, sqrt } = Math;

/** The modified Bessel function of the first kind of order 0 or 1, times e^−|x| if `scaled`. NaN at ±∞ unless scaled, as PyTorch's. */
export function besselI(order: 0 | 1, x: number, scaled = false): number {
  const y = abs(x);
  if (y === Infinity) return scaled ? 0 : NaN;
  const sign = order === 1 && x < 0 ? -1 : 1;
  const value = y < 30 ? powerSeries(order, y) * exp(-y) : largeSeries(order, y);
  return sign * (scaled ? value : value * exp(y));
}

/** Σ (x/2)^(2k+n) / (k! (k+n)!). */
function powerSeries(order: number, x: number): number {
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x * x) / 4 / (k * (k + order));
    sum += term;
  }
  return sum;
}

/** e⁻ˣ I(x) = (1 − (µ−1)/8x + (µ−1)(µ−9)/(2! (8x)²) − …) / √(2πx), µ = 4n². */
function largeSeries(order: number, x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; k < 12; k++) {
    term *= -(4 * order * order - (2 * k - 1) ** 2) / (8 * x * k);
    sum += term;
  }
  return sum / sqrt(2 * PI * x);
}

/** e^(x²) erfc(x): by its fraction where erfc vanishes. */
export function scaledErfc(x: number): number {
  if (x < 5) return exp(x * x) * erfc(x);
  let value = x;
  for (let k = 60; k > 0; k--) value = x + k / 2 / value;
  return 1 / value / sqrt(PI);
}

/** The x below which a normal number is with probability p. */
export function ndtri(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p > 0.5) return p === 1 ? Infinity : -ndtri(1 - p);
  if (p === 0) return -Infinity;
  // Newton's steps from below: erfc is convex.
  let y = 0;
  for (let step = 0; step < 200; step++) y += ((erfc(y) - 2 * p) * exp(y * y) * sqrt(PI)) / 2;
  return -y * Math.SQRT2;
}

/** a · ln(1 + b); 0 where a is, unless b is NaN. */
export function xlog1py(a: number, b: number): number {
  if (Number.isNaN(b)) return NaN;
  return a === 0 ? 0 : a * log1p(b);
}

/** The lower regularised incomplete gamma function. */
export function igamma(a: number, x: number): number {
  const edge = gammaEdge(a, x);
  if (edge !== null) return edge;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** The upper regularised incomplete gamma function. */
export function igammac(a: number, x: number): number {
  const edge = gammaEdge(a, x);
  if (edge !== null) return 1 - edge;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** Where the series do not hold: what PyTorch has for the lower function. */
function gammaEdge(a: number, x: number): number | null {
  if (!(x >= 0 && a >= 0)) return NaN;
  if (a === 0) return x > 0 ? 1 : NaN;
  if (x === 0) return 0;
  if (a === Infinity) return x === Infinity ? NaN : 0;
  return x === Infinity ? 1 : null;
}

const front = (a: number, x: number) => exp(a * log(x) - x - lgamma(a));

function lowerSeries(a: number, x: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * front(a, x);
}

/** Lentz' evaluation of the continued fraction. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 1000; n++) {
    const factor = n * (a - n);
    b += 2;
    d = 1 / nonzero(factor * d + b);
    c = nonzero(b + factor / c);
    value *= c * d;
    if (abs(c * d - 1) < 1e-16) break;
  }
  return value * front(a, x);
}

const nonzero = (x: number) => (abs(x) < 1e-300 ? max(1e-300, x) : x);
