import { isPlainObject, readArgs } from '../args';
import { ValueError } from '../errors';
import { pythonExponential, pythonFixed } from './pythonNumber';

/** How tensors are printed. See torch.set_printoptions. */
export interface PrintOptions {
  /** Digits after the point. */
  precision: number;
  /** Above this many elements only the edges are printed. */
  threshold: number;
  /** How many items of each dimension an edge has. */
  edgeitems: number;
  /** Characters per line. */
  linewidth: number;
  /** Scientific notation: always, never, or (null) where the values ask for it. */
  sciMode: boolean | null;
}

type Profile = 'default' | 'short' | 'full';
/** What {@link setPrintoptions} takes: any of the options, over a profile if one is named. */
export type PrintSettings = { [K in keyof PrintOptions]?: PrintOptions[K] | null } & { profile?: Profile | null };
type PrintedDtype = 'float32' | 'int32' | 'bool';

const DEFAULTS: PrintOptions = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null };
const PROFILES: Record<Profile, PrintOptions> = {
  default: DEFAULTS,
  short: { ...DEFAULTS, precision: 2, edgeitems: 2 },
  full: { ...DEFAULTS, threshold: Infinity },
};
const UNSET = { precision: null, threshold: null, edgeitems: null, linewidth: null, profile: null, sciMode: null };

let current = DEFAULTS;

/**
 * Changes how tensors are printed; what is not given stays, but `sciMode` goes back to null, as in PyTorch. See
 * torch.set_printoptions.
 */
export function setPrintoptions(settings: PrintSettings = {}): void {
  if (!isPlainObject(settings)) throw new TypeError('setPrintoptions: takes one object of options by name');
  const { profile, sciMode, ...numbers } = readArgs<PrintSettings>('setPrintoptions', [settings], UNSET);
  if (profile != null && !Object.hasOwn(PROFILES, profile)) {
    throw new ValueError(`setPrintoptions: profile is 'default', 'short' or 'full', got '${profile}'`);
  }
  const options = { ...current, ...(profile != null && PROFILES[profile]), sciMode: sciMode ?? null };
  for (const [name, value] of Object.entries(numbers)) {
    if (value === null) continue;
    options[name as keyof typeof numbers] = checkSetting(name, value);
  }
  current = options;
}

/** The options in force, ready for {@link setPrintoptions}. See torch.get_printoptions. */
export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/** Runs `fn` under other options and restores the old ones. See torch.printoptions, a context manager in Python. */
export function printoptions<R>(settings: PrintSettings, fn: () => R): R {
  const old = current;
  setPrintoptions(settings);
  try {
    return fn();
  } finally {
    current = old;
  }
}

function checkSetting(name: string, value: unknown): number {
  const isCount = Number.isInteger(value) || (name === 'threshold' && value === Infinity);
  const highest = name === 'precision' ? 99 : Infinity;
  if (isCount && (value as number) >= 0 && (value as number) <= highest) return value as number;
  throw new ValueError(`setPrintoptions: ${name} must be a non-negative integer, got ${String(value)}`);
}

/**
 * What Python's str() gives for a tensor of these elements (flat, row by row; booleans may be 0 and 1). int32 prints as
 * torch.int64 does. `suffixes` are such as 'requires_grad=True'. Above the threshold only the edges of `data` are read.
 */
export function formatTensor(
  data: ArrayLike<number | boolean>,
  shape: readonly number[],
  dtype: PrintedDtype,
  suffixes: readonly string[] = [],
  options: PrintOptions = current,
): string {
  const prefix = 'tensor(';
  const size = shape.reduce((a, b) => a * b, 1);
  const notes: string[] = [];
  if (size === 0 ? shape.length !== 1 : options.edgeitems === 0) notes.push(`size=${pythonTuple(shape)}`);
  if (size === 0 && dtype !== 'float32') notes.push(`dtype=torch.${dtype === 'int32' ? 'int64' : dtype}`);
  const body = size === 0 ? '[]' : new Printer(data, shape, dtype, options).print(prefix.length);
  return withSuffixes(prefix + body, [...notes, ...suffixes], prefix.length, options.linewidth);
}

/** `(2, 3)`, `(2,)`, `()`. */
export function pythonTuple(values: readonly (number | string)[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

function withSuffixes(text: string, suffixes: readonly string[], indent: number, linewidth: number): string {
  let result = text;
  let lastLine = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (lastLine + suffix.length + 2 > linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${result})`;
}

class Printer {
  readonly #data: ArrayLike<number | boolean>;
  readonly #shape: readonly number[];
  readonly #strides: number[];
  readonly #options: PrintOptions;
  readonly #summarize: boolean;
  readonly #text: (value: number | boolean) => string;
  readonly #width: number;

  constructor(data: ArrayLike<number | boolean>, shape: readonly number[], dtype: PrintedDtype, options: PrintOptions) {
    this.#data = data;
    this.#shape = shape;
    this.#strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
    this.#options = options;
    this.#summarize = (shape[0] ?? 1) * (this.#strides[0] ?? 1) > options.threshold;
    const values = this.#visible(0, 0);
    const { text, width } = dtype === 'float32' ? floatFormat(values as number[], options) : plainFormat(values, dtype);
    this.#text = text;
    this.#width = width;
  }

  /** The tensor from its opening bracket on, which stands `indent` characters into its line. */
  print(indent: number): string {
    return this.#shape.length === 0 ? this.#item(0) : this.#slice(0, 0, indent);
  }

  /** The indices along `dim` that are printed; -1 stands for the dots. */
  #indices(dim: number): number[] {
    const size = this.#shape[dim]!;
    const { edgeitems } = this.#options;
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    if (!this.#summarize || size <= 2 * edgeitems) return range(0, size);
    return [...range(0, edgeitems), -1, ...range(size - edgeitems, size)];
  }

  #visible(dim: number, offset: number): (number | boolean)[] {
    if (dim === this.#shape.length) return [this.#data[offset]!];
    const shown = this.#indices(dim).filter((i) => i >= 0);
    return shown.flatMap((i) => this.#visible(dim + 1, offset + i * this.#strides[dim]!));
  }

  #item(offset: number): string {
    return this.#text(this.#data[offset]!).padStart(this.#width);
  }

  #slice(dim: number, offset: number, indent: number): string {
    const below = this.#shape.length - dim - 1;
    if (below === 0) return this.#vector(offset, indent);
    const stride = this.#strides[dim]!;
    const parts = this.#indices(dim).map((i) =>
      i < 0 ? '...' : this.#slice(dim + 1, offset + i * stride, indent + 1),
    );
    return `[${parts.join(`,${'\n'.repeat(below)}${' '.repeat(indent + 1)}`)}]`;
  }

  #vector(offset: number, indent: number): string {
    const { edgeitems, linewidth } = this.#options;
    const dots = edgeitems === 0 ? '...' : ' ...';
    const items = this.#indices(this.#shape.length - 1).map((i) => (i < 0 ? dots : this.#item(offset + i)));
    const perLine = Math.max(1, Math.floor((linewidth - indent) / (this.#width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
  }
}

interface Format {
  text: (value: number | boolean) => string;
  width: number;
}

function plainFormat(values: readonly (number | boolean)[], dtype: PrintedDtype): Format {
  const text = dtype === 'bool' ? (value: number | boolean) => (value ? 'True' : 'False') : String;
  return { text, width: values.reduce<number>((width, value) => Math.max(width, text(value).length), 1) };
}

/** One format for all elements, chosen by those that are neither zero nor infinite nor NaN. */
function floatFormat(values: readonly number[], { precision, sciMode }: PrintOptions): Format {
  const telling = values.filter((value) => Number.isFinite(value) && value !== 0);
  const magnitudes = telling.map(Math.abs);
  const max = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  const min = magnitudes.reduce((a, b) => Math.min(a, b), Infinity);
  const whole = telling.every(Number.isInteger);
  const scientific = telling.length > 0 && (sciMode ?? (max / min > 1000 || max > 1e8 || min < 1e-4));
  const text = (value: number | boolean) => {
    const x = value as number;
    if (scientific) return pythonExponential(x, precision);
    return whole ? pythonFixed(x, 0) + (Number.isFinite(x) ? '.' : '') : pythonFixed(x, precision);
  };
  return { text, width: telling.reduce((width, value) => Math.max(width, text(value).length), 1) };
}
