/**
 * Box–Muller in float32 the way PyTorch does it on x86-64 (AVX2 and AVX-512): Cephes' single-precision log, sin and cos
 * with every multiply-add rounded once. A product of two float32 is exact in a double, so `fround(a * b + c)` is that
 * fused multiply-add, and the results equal PyTorch's bit for bit.
 */
const { fround, sqrt } = Math;

const TWO_PI = fround(2 * Math.PI);
const FOUR_OVER_PI = fround(4 / Math.PI);
const SQRT_HALF = fround(Math.SQRT1_2);
// π/4 in three parts, the first two short enough that their products with an octant number are exact.
const [PIO4_1, PIO4_2, PIO4_3] = [fround(0.78515625), fround(2.4187564849853516e-4), fround(3.774894977445941e-8)];
const [LN2_HIGH, LN2_LOW] = [fround(0.693359375), fround(-2.1219444e-4)];

// Minimax polynomials of Cephes' logf, sinf and cosf, highest power first.
const [L0, L1, L2] = [fround(7.0376836292e-2), fround(-1.151461031e-1), fround(1.167699874e-1)];
const [L3, L4, L5] = [fround(-1.2420140846e-1), fround(1.4249322787e-1), fround(-1.6668057665e-1)];
const [L6, L7, L8] = [fround(2.0000714765e-1), fround(-2.4999993993e-1), fround(3.3333331174e-1)];
const [S0, S1, S2] = [fround(-1.9515295891e-4), fround(8.3321608736e-3), fround(-1.6666654611e-1)];
const [C0, C1, C2] = [fround(2.443315711809948e-5), fround(-1.388731625493765e-3), fround(4.166664568298827e-2)];

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** Replaces the 16 uniforms of [0, 1) at `start` by normals: number j and j + 8 make a pair. */
export function boxMuller16(data: Float32Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = fround(sqrt(-2 * log(fround(1 - data[i]!))));
    const theta = fround(TWO_PI * data[i + 8]!);
    const octant = (fround(theta * FOUR_OVER_PI) + 1) & ~1;
    const x = fround(fround(fround(theta - octant * PIO4_1) - octant * PIO4_2) - octant * PIO4_3);
    const z = fround(x * x);
    const s = sinPolynomial(x, z);
    const c = cosPolynomial(z);
    const swap = (octant & 2) !== 0;
    const sine = (octant & 4) === 0 ? 1 : -1;
    const cosine = ((octant + 2) & 4) === 0 ? 1 : -1;
    data[i] = fround(radius * (swap ? s : c)) * cosine * std + mean;
    data[i + 8] = fround(radius * (swap ? c : s)) * sine * std + mean;
  }
}

function log(u: number): number {
  float[0] = u;
  let exponent = (bits[0]! >>> 23) - 126;
  bits[0] = (bits[0]! & 0x007fffff) | 0x3f000000;
  const mantissa = float[0]!;
  let x = fround(mantissa - 1);
  if (mantissa < SQRT_HALF) {
    exponent -= 1;
    x = fround(x + mantissa);
  }
  const z = fround(x * x);
  let y = fround(L0 * x + L1);
  y = fround(y * x + L2);
  y = fround(y * x + L3);
  y = fround(y * x + L4);
  y = fround(y * x + L5);
  y = fround(y * x + L6);
  y = fround(y * x + L7);
  y = fround(y * x + L8);
  y = fround(fround(y * x) * z + fround(exponent * LN2_LOW));
  y = fround(y - z * 0.5);
  return fround(fround(x + y) + exponent * LN2_HIGH);
}

function sinPolynomial(x: number, z: number): number {
  const y = fround(fround(S0 * z + S1) * z + S2);
  return fround(fround(y * z) * x + x);
}

function cosPolynomial(z: number): number {
  const y = fround(fround(C0 * z + C1) * z + C2);
  return fround(fround(fround(y * z) * z - z * 0.5) + 1);
}
