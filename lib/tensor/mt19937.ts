const N = 624;
const M = 397;

/** The Mersenne Twister (Matsumoto & Nishimura 1998) in the form PyTorch's CPU generator keeps it: 32 bits per draw. */
export class Mt19937 {
  /** The state, before tempering. */
  readonly words = new Uint32Array(N);
  /** Index of the word that the next draw tempers. */
  next = 0;
  /** One more than the draws left before the state is renewed. */
  left = 1;

  /** Starts the sequence over from the low 32 bits of `seed`. */
  seed(seed: number): void {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = words[i - 1]!;
      words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.next = 0;
    this.left = 1;
  }

  /** The next 32 bits as a signed integer: half of the unsigned ones would not fit a small integer of V8. */
  bits(): number {
    if (--this.left === 0) this.#renew();
    let y = this.words[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  #renew(): void {
    const { words } = this;
    for (let i = 0; i < N - M; i++) words[i] = words[i + M]! ^ twist(words[i]!, words[i + 1]!);
    for (let i = N - M; i < N - 1; i++) words[i] = words[i + M - N]! ^ twist(words[i]!, words[i + 1]!);
    words[N - 1] = words[M - 1]! ^ twist(words[N - 1]!, words[0]!);
    this.next = 0;
    this.left = N;
  }
}

function twist(upper: number, lower: number): number {
  const y = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (y >>> 1) ^ (-(lower & 1) & 0x9908b0df);
}
