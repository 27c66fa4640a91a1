/** Connectionist temporal classification on the host, in double precision; the names are those of Graves et al. 2006. */

/** One sample: log-probabilities of `time` frames and `classes`, frame t at `at + t · stride`. */
export interface Sample {
  logProbs: ArrayLike<number>;
  at: number;
  stride: number;
  time: number;
  classes: number;
  labels: ArrayLike<number>;
  blank: number;
}

/**
 * The negative log likelihood of the labels. Its slopes, e^x − (the share of all paths at that class), go to `slopes` at the
 * places of the log-probabilities; they are NaN where no path is possible.
 */
export function ctcLoss(sample: Sample, slopes: Float32Array): number {
  const { time, labels } = sample;
  if (time === 0) return labels.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  // Blanks before, between and after the labels.
  const path = Array.from({ length: 2 * labels.length + 1 }, (_, s) =>
    s % 2 === 1 ? labels[(s - 1) / 2]! : sample.blank,
  );
  const alpha = variables(sample, path, (t) => t);
  // Backwards in time and along the path it is the same recursion.
  const beta = variables(sample, path.toReversed(), (t) => time - 1 - t);
  const states = path.length;
  const end = (time - 1) * states + states - 1;
  const loss = -logAdd(alpha[end]!, states > 1 ? alpha[end - 1]! : Number.NEGATIVE_INFINITY);
  const through = (t: number, s: number) => alpha[t * states + s]! + beta[(time - 1 - t) * states + states - 1 - s]!;
  fillSlopes(sample, path, slopes, loss, through);
  return loss;
}

/** `through` is the log of the sum over all paths that are at state s in frame t, times the probability of its class. */
function fillSlopes(
  { logProbs, at, stride, time, classes }: Sample,
  path: readonly number[],
  slopes: Float32Array,
  loss: number,
  through: (t: number, s: number) => number,
): void {
  const shares = new Float64Array(classes);
  for (let t = 0; t < time; t++) {
    const row = at + t * stride;
    shares.fill(0);
    for (let s = 0; s < path.length; s++) {
      const c = path[s]!;
      shares[c] = shares[c]! + Math.exp(through(t, s) + loss - logProbs[row + c]!);
    }
    for (let c = 0; c < classes; c++) {
      const x = logProbs[row + c]!;
      // Where ∞ − ∞ is in the formula, PyTorch says NaN, also for classes on no path.
      const isDefined = loss < Number.POSITIVE_INFINITY && x > Number.NEGATIVE_INFINITY;
      slopes[row + c] = isDefined ? Math.exp(x) - shares[c]! : Number.NaN;
    }
  }
}

/** For each frame and state, the log of the sum over all ways to get there. */
function variables(
  { logProbs, at, stride, time }: Sample,
  path: readonly number[],
  frame: (t: number) => number,
): Float64Array {
  const states = path.length;
  const log = new Float64Array(time * states).fill(Number.NEGATIVE_INFINITY);
  const emission = (t: number, s: number) => logProbs[at + frame(t) * stride + path[s]!]!;
  for (let s = 0; s < Math.min(2, states); s++) log[s] = emission(0, s);
  for (let t = 1; t < time; t++) {
    const [row, before] = [t * states, (t - 1) * states];
    for (let s = 0; s < states; s++) {
      const previous = s > 0 ? log[before + s - 1]! : Number.NEGATIVE_INFINITY;
      // A blank may be left out between two labels that differ.
      const leaps = s > 1 && path[s] !== path[s - 2];
      const total = leaps
        ? logAddThree(log[before + s]!, previous, log[before + s - 2]!)
        : logAdd(log[before + s]!, previous);
      log[row + s] = total + emission(t, s);
    }
  }
  return log;
}

function logAdd(a: number, b: number): number {
  if (a < b) return logAdd(b, a);
  // What is so much smaller is beneath the last bit.
  if (b === Number.NEGATIVE_INFINITY || a - b > 37) return a;
  return a + Math.log1p(Math.exp(b - a));
}

function logAddThree(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most));
}
