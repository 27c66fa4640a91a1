import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DType, Tensor, tensor } from 'flambeau';

/** A tensor as spec/reference/golden.py writes it: listed elements, or little-endian bytes. */
export interface TensorJson {
  shape: number[];
  dtype: DType | 'float64';
  data?: (number | boolean | string)[];
  base64?: string;
}

export interface Golden<Case> {
  torch: string;
  cases: Case[];
}

/** The same from spec/support and from where it is compiled to. */
export const GOLDEN = path.join(__dirname, '../../spec/golden');

export function readGolden<Case, More = object>(family: string): Golden<Case> & More {
  return JSON.parse(readFileSync(path.join(GOLDEN, `${family}.json`), 'utf8'));
}

/** The elements in double precision; non-finite ones are written as strings. */
export function numbersOf({ dtype, data, base64 }: TensorJson): number[] {
  if (data) return data.map(Number);
  const bytes = new Uint8Array(Buffer.from(base64!, 'base64'));
  if (dtype === 'bool') return [...bytes];
  const make = { float32: Float32Array, int32: Int32Array, float64: Float64Array }[dtype];
  return Array.from(new make(bytes.buffer));
}

export function decode(json: TensorJson): Tensor {
  const dtype = json.dtype === 'float64' ? 'float32' : json.dtype;
  const flat = tensor(numbersOf(json), { dtype });
  return json.shape.length === 1 ? flat : flat.reshape([...json.shape]).clone();
}

export interface Tolerance {
  rtol?: number;
  atol?: number;
}

/** torch.testing's for float32. */
const DEFAULT = { rtol: 1.3e-6, atol: 1e-5 };

/** torch.testing's tolerances for float32; integers and bools must be equal; NaN equals NaN. */
export function expectClose(
  actual: Tensor,
  expected: Tensor | TensorJson,
  { rtol = DEFAULT.rtol, atol = DEFAULT.atol }: Tolerance = {},
): void {
  const wanted = expected instanceof Tensor ? Array.from(expected.toTypedArray()) : numbersOf(expected);
  const dtype = expected.dtype === 'float64' ? 'float32' : expected.dtype;
  assert.deepEqual({ shape: [...actual.shape], dtype: actual.dtype }, { shape: [...expected.shape], dtype });
  expectNumbersClose(actual.toTypedArray(), wanted, dtype === 'float32' ? { rtol, atol } : { rtol: 0, atol: 0 });
}

/** |actual − expected| ≤ atol + rtol · |expected|, element by element; the worst element is in the message. */
export function expectNumbersClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol = 0, atol = 0 }: Tolerance,
): void {
  assert.equal(actual.length, expected.length);
  let [worst, at] = [0, -1];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Object.is(a, e) || a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const excess = Math.abs(a - e) - (atol + rtol * Math.abs(e));
    if (!(excess <= 0) && !(excess <= worst)) [worst, at] = [excess, i];
  }
  if (at < 0) return;
  throw new Error(
    `element ${at}: got ${actual[at]}, expected ${expected[at]}; off by ${Math.abs(actual[at]! - expected[at]!)}, atol ${atol}, rtol ${rtol}`,
  );
}

/** How far, as a multiple of the worst of PyTorch's own float32 results, ours may be from its float64 ones. */
const AS_FAR = 2;

/**
 * For results that rounding carries beyond torch.testing's tolerances: |actual − exact| may be those and {@link AS_FAR}
 * times PyTorch's own largest error in that tensor, absolute or relative, whichever allows less.
 */
export function expectAsExact(actual: Tensor, expected: TensorJson, exact: TensorJson): void {
  assert.deepEqual({ shape: [...actual.shape], dtype: actual.dtype }, { shape: expected.shape, dtype: expected.dtype });
  const [ours, theirs, truth] = [actual.toTypedArray(), numbersOf(expected), numbersOf(exact)];
  const errors = truth.map((t, i) => (Number.isFinite(t - theirs[i]!) ? Math.abs(t - theirs[i]!) : 0));
  const absolute = AS_FAR * Math.max(0, ...errors);
  const relative = AS_FAR * Math.max(0, ...errors.map((error, i) => error && error / Math.abs(truth[i]!)));
  const allowed = (size: number) =>
    relative === Number.POSITIVE_INFINITY ? absolute : Math.min(absolute, relative * size);
  for (const [i, t] of truth.entries()) {
    const [of, to] = Number.isFinite(t - theirs[i]!) ? [t, Math.abs(t)] : [theirs[i]!, 0];
    const atol = DEFAULT.atol + allowed(to);
    expectNumbersClose([ours[i]!], [of], { rtol: DEFAULT.rtol, atol });
  }
}
