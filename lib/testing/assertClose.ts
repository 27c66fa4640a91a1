import { isPlainObject, readArgs } from '../args';
import { AssertionError, ValueError } from '../errors';
import { isclose } from '../ops/compareAll';
import { show } from '../ops/dims';
import { type DType, promoteTypes } from '../tensor/dtype';
import { pythonFixed, pythonRepr } from '../tensor/pythonNumber';
import { Tensor } from '../tensor/tensor';

export { AssertionError };

/** What can be compared: tensors, numbers, booleans, and arrays and objects of them. */
export type Comparable = Tensor | number | boolean | readonly Comparable[] | { readonly [key: string]: Comparable };

export interface AssertCloseOptions {
  /** Relative tolerance, to be given together with `atol`; by default 1.3e-6 for float32, 0 for int32 and bool. */
  rtol?: number | null;
  /** Absolute tolerance; by default 1e-5 for float32, 0 for int32 and bool. */
  atol?: number | null;
  /** NaN is close to NaN. */
  equalNan?: boolean;
  /** Different dtypes are an error; if false, the common one is compared. */
  checkDtype?: boolean;
  /** The message of the error, or what makes it from ours. */
  msg?: string | ((message: string) => string) | null;
}

const OPTIONS = {
  rtol: null as number | null,
  atol: null as number | null,
  equalNan: false,
  checkDtype: true,
  msg: null as AssertCloseOptions['msg'],
};
type Options = typeof OPTIONS;
type Tolerance = { rtol: number; atol: number };

const DEFAULTS: Record<DType | 'number', Tolerance> = {
  float32: { rtol: 1.3e-6, atol: 1e-5 },
  int32: { rtol: 0, atol: 0 },
  bool: { rtol: 0, atol: 0 },
  number: { rtol: 1e-7, atol: 1e-7 },
};

/**
 * Throws an AssertionError unless `actual` and `expected` have the same structure, shapes and dtypes, and |actual − expected| ≤
 * atol + rtol · |expected| everywhere. See torch.testing.assert_close.
 */
export function assertClose(actual: Comparable, expected: Comparable, options: AssertCloseOptions = {}): void {
  const given = readArgs('assertClose', [options], OPTIONS, 0);
  if ((given.rtol === null) !== (given.atol === null)) {
    const missing = given.rtol === null ? 'rtol' : 'atol';
    throw new ValueError(`Both 'rtol' and 'atol' must be either specified or omitted, but got no ${missing}.`);
  }
  compare(actual, expected, given, []);
}

function compare(actual: Comparable, expected: Comparable, options: Options, path: readonly string[]): void {
  if (actual instanceof Tensor && expected instanceof Tensor) compareTensors(actual, expected, options, path);
  else if (typeof actual === 'number' && typeof expected === 'number') compareNumbers(actual, expected, options, path);
  else if (typeof actual === 'boolean' && typeof expected === 'boolean') {
    if (actual !== expected) fail(`Booleans mismatch: ${actual} is not ${expected}`, options, path);
  } else if (Array.isArray(actual) && Array.isArray(expected)) compareLists(actual, expected, options, path);
  else if (isPlainObject(actual) && isPlainObject(expected)) {
    compareObjects(actual as Record<string, Comparable>, expected as Record<string, Comparable>, options, path);
  } else {
    const names = [actual, expected].map(typeName).join(' and ');
    throw new TypeError(`No comparison pair was able to handle inputs of type ${names}.`);
  }
}

const typeName = (x: unknown) => (typeof x === 'object' && x !== null ? x.constructor.name : typeof x);

function fail(message: string, { msg }: Options, path: readonly string[]): never {
  if (typeof msg === 'string') throw new AssertionError(msg);
  const where = path.length > 0 ? `\n\nThe failure occurred for item ${path.join('')}` : '';
  throw new AssertionError(msg ? msg(message + where) : message + where);
}

function compareLists(
  actual: readonly Comparable[],
  expected: readonly Comparable[],
  options: Options,
  path: readonly string[],
): void {
  if (actual.length !== expected.length) {
    fail(`The length of the sequences mismatch: ${actual.length} != ${expected.length}`, options, path);
  }
  actual.forEach((item, i) => {
    compare(item, expected[i]!, options, [...path, `[${i}]`]);
  });
}

function compareObjects(
  actual: Record<string, Comparable>,
  expected: Record<string, Comparable>,
  options: Options,
  path: readonly string[],
): void {
  const quoted = (keys: string[]) => show(keys.sort().map((key) => `'${key}'`));
  const missing = Object.keys(expected).filter((key) => !Object.hasOwn(actual, key));
  const additional = Object.keys(actual).filter((key) => !Object.hasOwn(expected, key));
  if (missing.length + additional.length > 0) {
    const lines = ['The keys of the mappings do not match:'];
    if (missing.length > 0) lines.push(`Missing keys in the actual mapping: ${quoted(missing)}`);
    if (additional.length > 0) lines.push(`Additional keys in the actual mapping: ${quoted(additional)}`);
    fail(lines.join('\n'), options, path);
  }
  for (const key of Object.keys(actual).sort()) compare(actual[key]!, expected[key]!, options, [...path, `['${key}']`]);
}

/** Two integral numbers count as integers. */
function compareNumbers(actual: number, expected: number, options: Options, path: readonly string[]): void {
  const dtype = Number.isInteger(actual) && Number.isInteger(expected) ? 'int32' : 'number';
  const tolerance = toleranceOf(options, dtype);
  const difference = Math.abs(actual - expected);
  const near = difference <= tolerance.atol + tolerance.rtol * Math.abs(expected) && Number.isFinite(difference);
  const bothNan = options.equalNan && Number.isNaN(actual) && Number.isNaN(expected);
  if (actual === expected || near || bothNan) return;
  fail(scalarMessage(actual, expected, dtype === 'number' ? pythonRepr : String, tolerance), options, path);
}

function scalarMessage(actual: number, expected: number, text: (x: number) => string, tolerance: Tolerance): string {
  const difference = Math.abs(actual - expected);
  const relative = expected === 0 ? Number.POSITIVE_INFINITY : difference / Math.abs(expected);
  return [
    `Scalars are not ${kindOf(tolerance)}!\n`,
    `Expected ${text(expected)} but got ${text(actual)}.`,
    `Absolute difference: ${text(difference)}${upTo(tolerance.atol, tolerance)}`,
    `Relative difference: ${pythonRepr(relative)}${upTo(tolerance.rtol, tolerance)}`,
  ].join('\n');
}

function toleranceOf({ rtol, atol }: Options, dtype: DType | 'number'): Tolerance {
  return rtol === null || atol === null ? DEFAULTS[dtype] : { rtol, atol };
}

const kindOf = ({ rtol, atol }: Tolerance) => (rtol === 0 && atol === 0 ? 'equal' : 'close');

function upTo(allowed: number, { rtol, atol }: Tolerance): string {
  if (rtol === 0 && atol === 0) return '';
  return ` (up to ${Number.isInteger(allowed) ? allowed : pythonRepr(allowed)} allowed)`;
}

function compareTensors(actual: Tensor, expected: Tensor, options: Options, path: readonly string[]): void {
  const attribute = (name: string, a: string, b: string) =>
    fail(`The values for attribute '${name}' do not match: ${a} != ${b}.`, options, path);
  if (String(actual.shape) !== String(expected.shape) || actual.ndim !== expected.ndim) {
    attribute('shape', show(actual.shape), show(expected.shape));
  }
  if (options.checkDtype && actual.dtype !== expected.dtype) attribute('dtype', actual.dtype, expected.dtype);
  const dtype = promoteTypes(actual.dtype, expected.dtype);
  // The looser of two: float32's, if one is.
  const tolerance = toleranceOf(options, dtype);
  const [a, b] = [actual.detach().to(dtype), expected.detach().to(dtype)];
  const matches = isclose(a, b, { ...tolerance, equalNan: options.equalNan }).toTypedArray();
  if (!matches.includes(0)) return;
  fail(mismatchMessage(a, b, matches, tolerance), options, path);
}

function mismatchMessage(a: Tensor, b: Tensor, matches: ArrayLike<number>, tolerance: Tolerance): string {
  const [x, y] = [a.toTypedArray(), b.toTypedArray()];
  const isFloat = a.dtype === 'float32';
  const text = isFloat ? pythonRepr : String;
  if (a.ndim === 0) return scalarMessage(x[0]!, y[0]!, text, tolerance);
  const round = isFloat ? Math.fround : (value: number) => value;
  const absolute = Array.from(x, (value, i) => (matches[i] ? 0 : round(Math.abs(value - y[i]!))));
  const relative = absolute.map((value, i) => (matches[i] ? 0 : Math.fround(value / Math.abs(y[i]!))));
  const wrong = Array.from(matches).filter((match) => !match).length;
  const [most, mostRelative] = [greatest(absolute), greatest(relative)];
  const at = (flat: number) => tuple(unravel(flat, a.shape));
  return [
    `Tensor-likes are not ${kindOf(tolerance)}!\n`,
    `Mismatched elements: ${wrong} / ${x.length} (${pythonFixed((100 * wrong) / x.length, 1)}%)`,
    `Greatest absolute difference: ${text(absolute[most]!)} at index ${at(most)}${upTo(tolerance.atol, tolerance)}`,
    `Greatest relative difference: ${pythonRepr(relative[mostRelative]!)} at index ${at(mostRelative)}${upTo(tolerance.rtol, tolerance)}`,
  ].join('\n');
}

/** Where the first NaN is, or else the first of the largest. */
function greatest(values: readonly number[]): number {
  const nan = values.findIndex(Number.isNaN);
  return nan >= 0 ? nan : values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

function unravel(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return shape
    .toReversed()
    .map((size) => {
      const at = rest % size;
      rest = (rest - at) / size;
      return at;
    })
    .reverse();
}

/** As Python writes it: `(1,)`, `(1, 2)`. */
const tuple = (items: readonly number[]) => (items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`);
