import { COLORS, document, PLOT, scale, text } from './chart';

/** Points of one colour. */
export interface Cloud {
  name: string;
  points: readonly (readonly [number, number])[];
}

/** A self-contained SVG of points in the plane, both axes of the same scale. */
export function scatterChart(clouds: readonly Cloud[], title: string): string {
  const reach = Math.max(...clouds.flatMap(({ points }) => points.flat().map(Math.abs)), 1e-6);
  const [middle, half] = [(PLOT.left + PLOT.right) / 2, (PLOT.bottom - PLOT.top) / 2];
  const x = scale(-reach, reach, middle - half, middle + half);
  const y = scale(-reach, reach, PLOT.bottom, PLOT.top);
  const dots = clouds.flatMap(({ points }, i) =>
    points.map(
      ([a, b]) => `<circle class="dot c${i % COLORS.length}" cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3"/>`,
    ),
  );
  const legend = clouds.flatMap(({ name }, i) => {
    const left = PLOT.left + 120 * i;
    const mark = `<circle class="dot c${i % COLORS.length}" cx="${left + 6}" cy="58" r="5"/>`;
    return [mark, text(name, left + 18, 62.5, 'class="legend"')];
  });
  return document(title, [text(title, PLOT.left, 36, 'class="title"'), ...legend, ...dots]);
}
