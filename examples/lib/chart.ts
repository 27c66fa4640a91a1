/** One curve. NaN and infinities leave a gap. */
export interface Series {
  name: string;
  values: readonly number[];
}

export interface ChartOptions {
  title: string;
  xLabel: string;
  yLabel: string;
}

export const WIDTH = 860;
const HEIGHT = 480;
export const PLOT = { left: 76, right: WIDTH - 28, top: 84, bottom: HEIGHT - 62 };
/** Longer curves are smoothed, and drawn faintly underneath. */
const SMOOTH_FROM = 150;
/** Points of a drawn line: about one per pixel. */
const MOST_POINTS = 800;
export const COLORS = [
  ['#2563eb', '#7aa2ff'],
  ['#d9480f', '#ff9d5c'],
  ['#0f9b6c', '#4fd6a5'],
  ['#9333ea', '#c99cff'],
  ['#b8860b', '#e6c34d'],
] as const;

export type Point = [x: number, y: number];

/** A self-contained SVG of loss curves over steps 1, 2, … that suits light and dark pages. */
export function lossChart(series: readonly Series[], { title, xLabel, yLabel }: ChartOptions): string {
  const longest = Math.max(...series.map(({ values }) => values.length), 2);
  const finite = series.flatMap(({ values }) => values.filter(Number.isFinite));
  const xTicks = niceTicks(0, longest, 8).filter(Number.isInteger);
  const yTicks = niceTicks(Math.min(0, ...range(finite)), Math.max(...range(finite)), 6);
  const x = scale(0, longest, PLOT.left, PLOT.right);
  const y = scale(yTicks[0]!, yTicks.at(-1)!, PLOT.bottom, PLOT.top);
  const body = [
    text(title, PLOT.left, 36, 'class="title"'),
    legend(series),
    ...yTicks.map((tick) => yTick(tick, y(tick), yTicks)),
    ...xTicks.map((tick) => xTick(tick, x(tick))),
    `<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>`,
    text(xLabel, (PLOT.left + PLOT.right) / 2, HEIGHT - 16, 'class="label" text-anchor="middle"'),
    yAxisLabel(yLabel),
    ...series.flatMap(({ values }, i) => curves(values, i, x, y)),
  ];
  return document(title, body);
}

/** Smallest and largest; 0 and 1 if there is nothing to show. */
function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** About `count` round numbers whose span covers low … high. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: Math.max(last - first, 1) + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The linear function that takes `from` to `start` and `to` to `end`. */
export function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** The curve itself or, of a long one, a faint curve with its running mean on top. */
function curves(values: readonly number[], i: number, x: (v: number) => number, y: (v: number) => number): string[] {
  const draw = (line: readonly number[], style: string) => {
    const points = thin(line.map((value, step): Point => [step + 1, value]));
    return `<path class="${style} c${i % COLORS.length}" d="${path(points.map(([a, b]): Point => [x(a), y(b)]))}"/>`;
  };
  if (values.length < SMOOTH_FROM) return [draw(values, 'curve')];
  return [draw(values, 'raw'), draw(smooth(values), 'curve')];
}

/** What the main line shows. */
function smooth(values: readonly number[]): readonly number[] {
  return values.length < SMOOTH_FROM ? values : runningMean(values, Math.round(values.length / 100));
}

/** Mean over `reach` values to either side, or as many as there are, so that the curve does not lag behind. */
export function runningMean(values: readonly number[], reach: number): number[] {
  const sums = [0];
  const counts = [0];
  values.forEach((value, i) => {
    const isThere = Number.isFinite(value);
    sums.push(sums[i]! + (isThere ? value : 0));
    counts.push(counts[i]! + (isThere ? 1 : 0));
  });
  return values.map((_, i) => {
    const before = Math.min(reach, i);
    const [from, to] = [i - before, i + Math.min(before, values.length - 1 - i) + 1];
    return (sums[to]! - sums[from]!) / (counts[to]! - counts[from]!);
  });
}

/** Keeps the lowest and the highest point of each stretch, so that no peak is lost. */
function thin(points: readonly Point[]): readonly Point[] {
  const size = Math.ceil((2 * points.length) / MOST_POINTS);
  if (size <= 2) return points;
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const stretch = points.slice(start, start + size);
    const lowest = stretch.reduce((a, b) => (b[1] < a[1] ? b : a));
    const highest = stretch.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...[lowest, highest].sort((a, b) => a[0] - b[0]));
  }
  return kept;
}

/** Joins the points; a gap where one is not finite. */
export function path(points: readonly Point[]): string {
  let command = 'M';
  const steps = points.map(([x, y]) => {
    if (!Number.isFinite(y)) {
      command = 'M';
      return '';
    }
    const step = `${command}${x.toFixed(1)} ${y.toFixed(1)}`;
    command = 'L';
    return step;
  });
  return steps.join('');
}

function yTick(value: number, at: number, all: readonly number[]): string {
  const digits = Math.max(...all.map((tick) => String(tick).split('.')[1]?.length ?? 0));
  const line = `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`;
  return line + text(value.toFixed(Math.min(digits, 6)), PLOT.left - 12, at + 4.5, 'class="tick" text-anchor="end"');
}

function xTick(value: number, at: number): string {
  if (at > PLOT.right + 1) return '';
  const line = `<line class="axis" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 5}"/>`;
  return line + text(value.toLocaleString('en'), at, PLOT.bottom + 22, 'class="tick" text-anchor="middle"');
}

function yAxisLabel(label: string): string {
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return text(label, 22, middle, `class="label" text-anchor="middle" transform="rotate(-90 22 ${middle})"`);
}

function legend(series: readonly Series[]): string {
  let left = PLOT.left;
  const entries = series.map(({ name, values }, i) => {
    const last = smooth(values).findLast(Number.isFinite);
    const label = last === undefined ? name : `${name} ${last.toPrecision(3)}`;
    const mark = `<line class="curve c${i % COLORS.length}" x1="${left}" x2="${left + 22}" y1="58" y2="58"/>`;
    const entry = mark + text(label, left + 30, 62.5, 'class="legend"');
    left += 58 + label.length * 7.2;
    return entry;
  });
  return entries.join('');
}

/** Text at a point; `attributes` as SVG has them. */
export function text(content: string, x: number, y: number, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The whole picture, with the styles of all that is drawn here. */
export function document(title: string, body: readonly string[], height = HEIGHT): string {
  const colors = (which: 0 | 1) =>
    COLORS.map((pair, i) => `.c${i}{stroke:${pair[which]}}.dot.c${i}{fill:${pair[which]}}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escapeXml(title)}</title>
<style>
svg{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
.back{fill:#fff}.title{font-size:19px;font-weight:600;fill:#1a1d24}.label,.legend{font-size:13px;fill:#4a5160}.tick{font-size:12px;fill:#6b7280}
.grid{stroke:#e7e9ee}.axis{stroke:#9aa1ad}
.curve,.raw{fill:none;stroke-linejoin:round;stroke-linecap:round}.curve{stroke-width:2.2}.raw{stroke-width:1;stroke-opacity:.28}.dot{fill-opacity:.6}
${colors(0)}
@media (prefers-color-scheme:dark){.back{fill:#15181e}.title{fill:#eef0f4}.label,.legend{fill:#b6bcc8}.tick{fill:#8d94a3}.grid{stroke:#2a2f39}.axis{stroke:#5c6473}${colors(1)}}
</style>
<rect class="back" width="100%" height="100%" rx="8"/>
${body.join('\n')}
</svg>
`;
}
