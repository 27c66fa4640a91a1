import { RuntimeError, ValueError } from '../errors';
import { Mt19937 } from './mt19937';
import { boxMuller16 } from './normal';

/** The seed of a generator that was given none, as in PyTorch. */
const DEFAULT_SEED = 67280421310721n;
const [LOWEST_SEED, HIGHEST_SEED] = [-(2n ** 63n), 2n ** 64n - 1n];
const [INT32_MIN, INT32_END] = [-(2 ** 31), 2 ** 31];
/** From this range on PyTorch spends 64 bits on an integer, so that the modulo is hardly biased. */
const WIDE_RANGE = 2 ** 28;
/** From this length on torch.randperm draws 64 bits a swap. */
const LONGEST_PERMUTATION = Math.floor((2 ** 32 - 1) / 20);

const { fround } = Math;

/** Byte offsets of the fields of torch.get_rng_state(), a C++ struct; what is left out is always zero. */
const STATE = {
  size: 5056,
  seed: 0,
  left: 8,
  seeded: 12,
  next: 16,
  words: 24,
  normal: 5024,
  normalValid: 5040,
} as const;

/**
 * PyTorch's CPU random generator (mt19937): the same seed gives PyTorch's numbers, in PyTorch's order. The draws return
 * fresh typed arrays; those without a PyTorch name are what the tensor functions are made of. See torch.Generator.
 */
export class Generator {
  readonly device = 'cpu';
  readonly #engine = new Mt19937();
  #seed = DEFAULT_SEED;
  /** The second value of a float64 Box–Muller pair, not yet handed out. */
  #spareNormal: number | null = null;

  constructor() {
    this.manualSeed(DEFAULT_SEED);
  }

  /** Starts over from `seed`, an integer from -2^63 to 2^64 - 1; a negative one counts as 2^64 + seed. Returns this. */
  manualSeed(seed: number | bigint): this {
    this.#seed = BigInt.asUintN(64, checkSeed(seed));
    this.#engine.seed(Number(BigInt.asUintN(32, this.#seed)));
    this.#spareNormal = null;
    return this;
  }

  /** The seed in use; one above 2^53 comes rounded to a double. */
  initialSeed(): number {
    return Number(this.#seed);
  }

  /** Starts over from a random seed of 53 bits and returns it. */
  seed(): number {
    const [high, low] = crypto.getRandomValues(new Uint32Array(2));
    const seed = (high! & 0x1fffff) * 2 ** 32 + low!;
    this.manualSeed(seed);
    return seed;
  }

  /** The whole state in the 5056 bytes of torch's Generator.get_state(). */
  getState(): Uint8Array {
    const bytes = new Uint8Array(STATE.size);
    const view = new DataView(bytes.buffer);
    const { words, left, next } = this.#engine;
    view.setBigUint64(STATE.seed, this.#seed, true);
    view.setInt32(STATE.left, left, true);
    view.setInt32(STATE.seeded, 1, true);
    view.setUint32(STATE.next, next, true);
    for (let i = 0; i < words.length; i++) view.setUint32(STATE.words + 8 * i, words[i]!, true);
    if (this.#spareNormal !== null) {
      view.setFloat64(STATE.normal, this.#spareNormal, true);
      view.setInt32(STATE.normalValid, 1, true);
    }
    return bytes;
  }

  /** Continues from a state of {@link getState} or of torch's Generator.get_state(). */
  setState(state: Uint8Array): void {
    if (Object.prototype.toString.call(state) !== '[object Uint8Array]') {
      throw new TypeError('RNG state must be a torch.ByteTensor: here, a Uint8Array');
    }
    if (state.length !== STATE.size) {
      throw new RuntimeError(
        `Expected a CPUGeneratorImplState of size ${STATE.size} but found the input RNG state size to be ${state.length}`,
      );
    }
    const view = new DataView(state.buffer, state.byteOffset, state.length);
    const left = view.getInt32(STATE.left, true);
    const next = view.getUint32(STATE.next, true);
    const engine = this.#engine;
    const size = engine.words.length;
    if (view.getInt32(STATE.seeded, true) !== 1 || left < 1 || left > size || next > size) {
      throw new RuntimeError('Invalid mt19937 state');
    }
    this.#seed = view.getBigUint64(STATE.seed, true);
    engine.left = left;
    engine.next = next;
    for (let i = 0; i < size; i++) engine.words[i] = view.getUint32(STATE.words + 8 * i, true);
    this.#spareNormal = view.getInt32(STATE.normalValid, true) === 1 ? view.getFloat64(STATE.normal, true) : null;
  }

  /** A generator of its own that goes on from the same state. See torch.Generator.clone_state. */
  cloneState(): Generator {
    const clone = new Generator();
    clone.setState(this.getState());
    return clone;
  }

  /** The next 32 bits, unsigned. @internal */
  next(): number {
    return this.#engine.bits() >>> 0;
  }

  /** A seed for another generator, as `torch.empty((), dtype=torch.int64).random_()` draws it: 63 bits. @internal */
  drawSeed(): bigint {
    const high = BigInt(this.next());
    return ((high << 32n) | BigInt(this.next())) & (2n ** 63n - 1n);
  }

  /** A float32 uniform of [0, 1): 24 bits. @internal */
  uniform24(): number {
    return (this.#engine.bits() & 0xffffff) * 2 ** -24;
  }

  /** A float64 uniform of [0, 1): the low 53 bits of two draws. @internal */
  uniform53(): number {
    const high = this.#engine.bits() & 0x1fffff;
    return (high * 2 ** 32 + this.next()) * 2 ** -53;
  }

  /** `n` float32 uniforms of [from, to), as Tensor.uniform_(from, to). @internal */
  uniform(n: number, from = 0, to = 1): Float32Array {
    const [low, width] = [fround(from), fround(fround(to) - fround(from))];
    const out = new Float32Array(n);
    const engine = this.#engine;
    for (let i = 0; i < n; i++) out[i] = (engine.bits() & 0xffffff) * 2 ** -24 * width + low;
    return out;
  }

  /** `n` float32 normals, as Tensor.normal_(mean, std): below 16 one by one in float64, else in blocks. @internal */
  normal(n: number, mean = 0, std = 1): Float32Array {
    if (n < 16) return Float32Array.from({ length: n }, () => this.normal53() * std + mean);
    const out = this.uniform(n);
    const [center, scale] = [fround(mean), fround(std)];
    for (let i = 0; i <= n - 16; i += 16) boxMuller16(out, i, center, scale);
    if (n % 16 !== 0) {
      // PyTorch draws the last 16 anew rather than finish a short block.
      for (let i = n - 16; i < n; i++) out[i] = this.uniform24();
      boxMuller16(out, n - 16, center, scale);
    }
    return out;
  }

  /** A float64 standard normal by Box–Muller, whose second value waits for the next call. @internal */
  normal53(): number {
    const spare = this.#spareNormal;
    if (spare !== null) {
      this.#spareNormal = null;
      return spare;
    }
    const theta = 2 * Math.PI * this.uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform53()));
    this.#spareNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }

  /** `n` times `value` with probability `p`, else 0, as Tensor.bernoulli_(p) draws: dropout's mask. @internal */
  bernoulli(n: number, p: number, value = 1): Float32Array {
    const out = new Float32Array(n);
    for (let i = 0; i < n; i++) if (this.uniform53() < p) out[i] = value;
    return out;
  }

  /** `n` float64 exponentials of rate `lambd`, as Tensor.exponential_(lambd). @internal */
  exponential(n: number, lambd = 1): Float64Array {
    return Float64Array.from({ length: n }, () => (-1 / lambd) * Math.log1p(-this.uniform53()));
  }

  /** `n` integers of [low, high), as torch.randint; both bounds must fit int32. @internal */
  integers(n: number, low: number, high: number): Int32Array {
    if (!(low < high)) {
      throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
    }
    if (!Number.isInteger(low) || !Number.isInteger(high) || low < INT32_MIN || high > INT32_END) {
      throw new ValueError(`randint: bounds must be int32 integers, got [${low}, ${high})`);
    }
    const range = high - low;
    const out = new Int32Array(n);
    if (range < WIDE_RANGE) for (let i = 0; i < n; i++) out[i] = low + (this.next() % range);
    else for (let i = 0; i < n; i++) out[i] = low + this.#wideRemainder(range);
    return out;
  }

  /** 64 bits modulo `range` ≤ 2^32, 16 bits at a time so that every step is exact in a double. */
  #wideRemainder(range: number): number {
    const high = this.next();
    const low = this.next();
    const middle = ((high % range) * 65536 + (low >>> 16)) % range;
    return (middle * 65536 + (low & 0xffff)) % range;
  }

  /** The numbers 0 … n - 1 in random order, as torch.randperm(n). @internal */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n >= LONGEST_PERMUTATION) {
      throw new ValueError(`randperm: n must be an integer from 0 to ${LONGEST_PERMUTATION - 1}, got ${n}`);
    }
    const out = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const other = i + (this.next() % (n - i));
      const value = out[i]!;
      out[i] = out[other]!;
      out[other] = value;
    }
    return out;
  }
}

function checkSeed(seed: number | bigint): bigint {
  const isInteger = typeof seed === 'bigint' || Number.isInteger(seed);
  if (!isInteger) throw new RuntimeError(`manual_seed expected a long, but got ${describe(seed)}`);
  const value = BigInt(seed);
  if (value >= LOWEST_SEED && value <= HIGHEST_SEED) return value;
  throw new ValueError(`Overflow when unpacking long long: a seed is from -2^63 to 2^64 - 1, got ${seed}`);
}

function describe(seed: unknown): string {
  return typeof seed === 'number' || seed === null ? String(seed) : `${typeof seed} ${String(seed)}`;
}
