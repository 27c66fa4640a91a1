import type { Tensor } from '../tensor/tensor';

const F = Math.fround;

/** A trial point on the line: step `t`, loss, gradient, and its slope along the line, a float32 as in PyTorch. */
export interface Point {
  t: number;
  loss: number;
  grad: Tensor;
  slope: number;
}

/** Where the cubic through two points has its minimum, within `bounds`, by default the points. */
function interpolate(a: Point, b: Point, bounds?: [number, number]): number {
  const [low, high] = bounds ?? (a.t <= b.t ? [a.t, b.t] : [b.t, a.t]);
  const d1 = F(F(a.slope + b.slope) - F((3 * (a.loss - b.loss)) / (a.t - b.t)));
  const square = F(F(d1 * d1) - F(a.slope * b.slope));
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = F(Math.sqrt(square));
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const part = F(F(F(right.slope + d2) - d1) / F(F(right.slope - left.slope) + 2 * d2));
  return Math.min(Math.max(F(right.t - F(F(right.t - left.t) * part)), low), high);
}

export interface LineSearch {
  /** The loss along the line at step `t`. */
  evaluate(t: number): Point;
  start: Point;
  /** The first step to try. */
  t: number;
  /** The largest element of the direction. */
  norm: number;
  toleranceChange: number;
  /** Evaluations at most. */
  maxEvaluations: number;
}

const C1 = 1e-4;
const C2 = 0.9;

/**
 * A step that satisfies the strong Wolfe conditions, or the best of those tried: first a bracket around one is found, then
 * it is made smaller. Follows PyTorch's, a port of minFunc's, comparison by comparison.
 */
export function strongWolfe(search: LineSearch): { point: Point; evaluations: number } {
  const { start, maxEvaluations } = search;
  const tooHigh = ({ t, loss }: Point) => loss > F(start.loss + F(F(C1 * t) * start.slope));
  const flat = ({ slope }: Point) => Math.abs(slope) <= F(-C2 * start.slope);
  let previous = { ...start, t: 0 };
  let current = search.evaluate(search.t);
  let tries = 0;
  let bracket: [Point, Point] | null = null;
  while (tries < maxEvaluations && !bracket) {
    if (tooHigh(current) || (tries > 1 && current.loss >= previous.loss)) bracket = [previous, current];
    else if (flat(current)) return { point: current, evaluations: tries + 1 };
    else if (current.slope >= 0) bracket = [previous, current];
    else {
      const { t } = current;
      const next = interpolate(previous, current, [t + 0.01 * (t - previous.t), t * 10]);
      previous = current;
      current = search.evaluate(next);
      tries++;
    }
  }
  return zoom(search, bracket ?? [{ ...start, t: 0 }, current], tries, tooHigh, flat);
}

function zoom(
  { evaluate, norm, toleranceChange, maxEvaluations }: LineSearch,
  bracket: [Point, Point],
  tries: number,
  tooHigh: (point: Point) => boolean,
  flat: (point: Point) => boolean,
): { point: Point; evaluations: number } {
  let [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
  let done = false;
  let stalled = false;
  while (!done && tries < maxEvaluations) {
    if (Math.abs(bracket[1].t - bracket[0].t) * norm < toleranceChange) break;
    const [t, slow] = awayFromEnds(interpolate(bracket[0], bracket[1]), bracket, stalled);
    stalled = slow;
    const point = evaluate(t);
    tries++;
    // Both ends keep their places in the bracket: the order of interpolation depends on it.
    const replace = (old: Point, by: Point) => {
      bracket[bracket[0] === old ? 0 : 1] = by;
    };
    if (tooHigh(point) || point.loss >= low.loss) {
      replace(high, point);
      [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
      continue;
    }
    if (flat(point)) done = true;
    else if (point.slope * (high.t - low.t) >= 0) {
      const moved = { ...low };
      replace(high, moved);
      high = moved;
    }
    replace(low, point);
    low = point;
  }
  return { point: low, evaluations: tries + 1 };
}

/** The trial step, moved a tenth of the bracket from an end if it lies too near to one for the second time in a row. */
function awayFromEnds(t: number, [a, b]: [Point, Point], stalled: boolean): [t: number, stalled: boolean] {
  const [low, high] = [Math.min(a.t, b.t), Math.max(a.t, b.t)];
  const margin = 0.1 * (high - low);
  if (!(Math.min(high - t, t - low) < margin)) return [t, false];
  if (!stalled && t < high && t > low) return [t, true];
  return [Math.abs(t - high) < Math.abs(t - low) ? high - margin : low + margin, false];
}
