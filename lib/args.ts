/**
 * Reads optional arguments by Flambeau's one rule: the first optional one may be positional, all others go by name in one
 * last options object; a plain object in the first place is the options.
 */

/** `[]`, `[first]`, `[options]` or `[first, options]`. */
export type Optional<Name extends string, First, Options = unknown> =
  | [options?: Options & { [K in Name]?: First | undefined }]
  | [first: First | undefined, options?: Options];

/**
 * Throws if a function was given more than the `count` arguments that it takes; `form` is how it is called. Optional ones in a
 * rest parameter are counted by {@link readArgs}.
 */
export function noMore(form: string, given: number, count: number): void {
  if (given <= count) return;
  throw new TypeError(`${form}: takes ${count} argument${count === 1 ? '' : 's'}, got ${given}`);
}

/** Options that mean nothing here: accepted at PyTorch's default, refused otherwise. */
const NEUTRAL: Record<string, readonly unknown[]> = {
  device: ['cpu', null],
  out: [null],
  layout: [null],
  pinMemory: [false],
  memoryFormat: [null],
  nonBlocking: [false],
  foreach: [null, false],
  fused: [null, false],
  capturable: [false],
  differentiable: [false],
  generator: [null],
};

const hasOwn = Object.prototype.hasOwnProperty;

/** True for `{…}` literals: the only objects that are read as options. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  // Objects of another realm (Jest's, a vm context's) have another Object.prototype.
  return proto === null || Object.getPrototypeOf(proto) === null;
}

/**
 * Merges `args` over `defaults`. The first `positional` keys of `defaults` are those that may be given positionally.
 * Throws TypeError for a surplus positional, for an unknown option name, and for a value of the wrong type where
 * the default has one; `undefined` counts as not given.
 */
export function readArgs<D extends object>(where: string, args: readonly unknown[], defaults: D, positional = 1): D {
  if (args.length === 0) return defaults;
  const names = Object.keys(defaults);
  const result = { ...defaults } as Record<string, unknown>;
  args.forEach((value, i) => {
    if (value === undefined) return;
    if (isPlainObject(value) && i === args.length - 1) merge(where, value, result, names, positional);
    else if (i < positional) put(where, names[i]!, value, result);
    else throw new TypeError(`${where}: takes these as options by name: ${form(where, names, positional)}`);
  });
  return result as D;
}

/** What never stands where the default is of that type; a boolean is the only thing that does where it is one. */
const MISFITS: Record<string, readonly string[]> = {
  boolean: ['number', 'string', 'object', 'function', 'symbol', 'bigint'],
  number: ['string', 'function', 'symbol', 'bigint'],
  string: ['boolean', 'function', 'symbol', 'bigint'],
};

/** The type of the default says what is taken: an array, too, where it is one. A boolean is 0 or 1 for a number, as in Python. */
function put(where: string, name: string, value: unknown, into: Record<string, unknown>): void {
  const present = into[name];
  const wanted = Array.isArray(present) ? 'array' : typeof present;
  const misfit = wanted === 'array' ? !Array.isArray(value) : MISFITS[wanted]?.includes(typeof value);
  if (misfit) {
    throw new TypeError(
      `${where}: ${name} should be ${wanted === 'array' ? 'an array' : `a ${wanted} value`}, but got ${name}=${typeof value === 'string' ? `'${value}'` : String(value)}`,
    );
  }
  into[name] = wanted === 'number' && typeof value === 'boolean' ? Number(value) : value;
}

function merge(
  where: string,
  options: Record<string, unknown>,
  into: Record<string, unknown>,
  names: string[],
  positional: number,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (hasOwn.call(into, name)) put(where, name, value, into);
    else if (hasOwn.call(NEUTRAL, name)) refuseUnlessNeutral(where, name, value);
    else throw new TypeError(unknownOption(where, name, names, positional));
  }
}

/** Throws unless `device` is the one there is. */
export function checkDevice(where: string, device: unknown): void {
  if (device === 'cpu' || device === 'cpu:0') return;
  throw new TypeError(`${where}: there is only the device 'cpu' here, got ${String(device)}`);
}

function refuseUnlessNeutral(where: string, name: string, value: unknown): void {
  const allowed = NEUTRAL[name]!;
  if (allowed.includes(value)) return;
  if (name === 'device') return checkDevice(where, value);
  throw new TypeError(
    `${where}: option '${name}' has no meaning here and is accepted only as ${allowed.map(String).join(' or ')}, got ${String(value)}`,
  );
}

/** What is wrong with an option of that name. */
export function unknownOption(where: string, name: string, names: readonly string[], positional: number): string {
  const near = nearest(name, names);
  const hint = near ? `; did you mean '${near}'?` : '';
  return `${where}: unknown option '${name}'${hint} The form is ${form(where, names, positional)}`;
}

function form(where: string, names: readonly string[], positional: number): string {
  const first = names.slice(0, positional);
  const rest = names.slice(positional);
  const parts = [...first, ...(rest.length ? [`{ ${rest.join(', ')} }`] : [])];
  return `${where}(…, ${parts.join(', ')})`;
}

/** The option whose spelling is closest to `name`, if one takes fewer than `limit` changes. Underscores and case do not count. */
export function nearest(name: string, names: readonly string[], limit = 3): string | undefined {
  const plain = (s: string) => s.replaceAll('_', '').toLowerCase();
  let best: string | undefined;
  let bestDistance = limit;
  for (const candidate of names) {
    const distance = editDistance(plain(name), plain(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
