/** Special functions of one number, in float64: what backends without a kernel of their own compute with. */

const { PI, abs, exp, log, sign, sin, sqrt, tan } = Math;
const isWhole = Number.isInteger;

/** Lanczos' coefficients for g = 7, n = 9 (Godfrey 2001). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln |Γ(x)|; ∞ at the poles. */
export function lgamma(x: number): number {
  if (abs(x) === Infinity || (x <= 0 && isWhole(x))) return Infinity;
  if (x < 0.5) return log(PI / abs(sin(PI * x))) - lgamma(1 - x);
  const z = x - 1;
  const series = LANCZOS.reduce((sum, c, i) => (i === 0 ? c : sum + c / (z + i)), 0);
  const t = z + 7.5;
  return 0.5 * log(2 * PI) + (z + 0.5) * log(t) - t + log(series);
}

/** Γ′/Γ; ∓∞ at ±0, NaN at the other poles. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) return isWhole(x) || x === -Infinity ? NaN : digamma(1 - x) - PI / tan(PI * (x % 1));
  let [sum, y] = [0, x];
  for (; y < 10; y++) sum -= 1 / y;
  const z = 1 / (y * y);
  const tail = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z / 132))));
  return sum + log(y) - 0.5 / y - tail;
}

/** B₂ₖ / (2k)!, k = 1 … 8. */
const BERNOULLI = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

/** Hurwitz' ζ(s, q) = Σ (q + k)⁻ˢ for s > 1, by Euler and Maclaurin; ∞ at the poles. */
function zeta(s: number, q: number): number {
  if (q <= 0 && (isWhole(q) || q === -Infinity)) return Infinity;
  let [sum, y] = [0, q];
  for (; y < 10; y++) sum += y ** -s;
  sum += y ** (1 - s) / (s - 1) + 0.5 * y ** -s;
  let term = s * y ** (-s - 1);
  BERNOULLI.forEach((b, i) => {
    sum += b * term;
    term *= ((s + 2 * i + 1) * (s + 2 * i + 2)) / (y * y);
  });
  return sum;
}

/** {@link zeta} for any s and q: ∞ at s = 1, NaN below, and for negative q with a broken power. */
export function hurwitz(s: number, q: number): number {
  if (s === 1) return Infinity;
  if (!(s > 1) || Number.isNaN(q) || (q < 0 && !isWhole(q) && !isWhole(s))) return NaN;
  return zeta(s, q);
}

/** The n-th derivative of digamma. */
export function polygamma(n: number, x: number): number {
  if (n === 1 && x < 0.5) return (PI / sin(PI * x)) ** 2 - zeta(2, 1 - x);
  return (n % 2 === 1 ? 1 : -1) * exp(lgamma(n + 1)) * zeta(n + 1, x);
}

/** 1 − erf(x), without cancellation. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return 2 - erfc(-x);
  if (x > 28) return 0;
  return x < 2.5 ? 1 - erfSeries(x) : (exp(-x * x) / sqrt(PI)) * erfcFraction(x);
}

/** 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!. */
function erfSeries(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / sqrt(PI)) * exp(-x * x) * sum;
}

/** 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))). */
function erfcFraction(x: number): number {
  let value = x;
  for (let k = 60; k > 0; k--) value = x + k / 2 / value;
  return 1 / value;
}

/** The x with erf(x) = y: Winitzki's approximation, and Newton's steps from there. */
export function erfinv(y: number): number {
  if (!(abs(y) < 1)) return abs(y) === 1 ? y * Infinity : NaN;
  const t = log(1 - y * y);
  const c = 2 / (PI * 0.147) + t / 2;
  let x = sqrt(sqrt(c * c - t / 0.147) - c);
  if (x === 0) return y * (sqrt(PI) / 2);
  const rest = 1 - abs(y);
  for (let step = 0; step < 4; step++) {
    const error = abs(y) < 0.5 ? abs(y) - erfSeries(x) : erfc(x) - rest;
    x += (error * sqrt(PI) * exp(x * x)) / 2;
  }
  return sign(y) * x;
}

/** logᵦ x, exact at the powers of `base`. */
export function logOf(base: number, x: number): number {
  return base === 2 ? Math.log2(x) : base === 10 ? Math.log10(x) : log(x) / log(base);
}
