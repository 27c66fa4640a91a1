import { document, type Point, path, scale, text, WIDTH } from './chart';

/** One small chart: values that each hold for a step. */
export interface Panel {
  title: string;
  note: string;
  values: readonly number[];
}

const COLUMNS = 4;
const [LEFT, TOP] = [28, 62];
const [ACROSS, DOWN] = [(WIDTH - 2 * LEFT + 20) / COLUMNS, 158];
const [CURVE_WIDTH, CURVE_TOP, CURVE_BOTTOM] = [ACROSS - 20, 44, 128];

/** A self-contained SVG of small charts side by side, each from 0 to its own largest value. */
export function panelChart(title: string, panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const body = panels.map((panel, i) => {
    const [x, y] = [LEFT + (i % COLUMNS) * ACROSS, TOP + Math.floor(i / COLUMNS) * DOWN];
    return `<g transform="translate(${x} ${y})">${draw(panel)}</g>`;
  });
  return document(title, [text(title, LEFT, 36, 'class="title"'), ...body], TOP + rows * DOWN);
}

function draw({ title, note, values }: Panel): string {
  const x = scale(0, values.length, 0, CURVE_WIDTH);
  const y = scale(0, Math.max(...values), CURVE_BOTTOM, CURVE_TOP);
  const points = values.flatMap((value, i): Point[] => [
    [x(i), y(value)],
    [x(i + 1), y(value)],
  ]);
  return [
    text(title, 0, 14, 'class="legend" style="font-size:11px;font-weight:600"'),
    text(note, 0, 30, 'class="tick" style="font-size:10px"'),
    `<line class="axis" x1="0" x2="${CURVE_WIDTH}" y1="${CURVE_BOTTOM}" y2="${CURVE_BOTTOM}"/>`,
    `<path class="curve c0" d="${path(points)}"/>`,
  ].join('');
}
