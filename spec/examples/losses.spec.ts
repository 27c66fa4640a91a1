import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scatterChart } from '../../examples/lib/scatter';

/** What a built example prints. */
function run(name: string, env: Record<string, string> = {}): string {
  const script = path.join(__dirname, '../../dist-examples', `${name}.js`);
  const { stdout, status } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  expect(status).toBe(0);
  return stdout;
}

describe('examples of losses', () => {
  it('imbalanced: weights find the rare classes', () => {
    const rows = run('imbalanced').trim().split('\n').slice(1);
    const shares = rows.map((row) => [...row.matchAll(/(\d+)%/g)].map(([, share]) => Number(share)));
    expect(shares).toHaveLength(4);
    const [plain, weighted] = shares as [number[], number[]];
    expect(Math.min(...weighted)).toBeGreaterThan(70);
    expect(Math.min(...plain)).toBeLessThan(60);
  }, 180_000);

  it('ctc: most words are read rightly', () => {
    const [, right] = /(\d+) of 50 words/.exec(run('ctc'))!;
    expect(Number(right)).toBeGreaterThan(35);
  }, 180_000);

  it('gan: the fakes lie on the ring, and its picture is drawn', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'gan-'));
    const CHART = path.join(folder, 'gan.svg');
    const [, radius] = /radius of the fakes: ([\d.]+)/.exec(run('gan', { CHART }))!;
    const svg = readFileSync(CHART, 'utf8');
    rmSync(folder, { recursive: true });
    expect(Math.abs(Number(radius) - 1)).toBeLessThan(0.15);
    expect(svg.match(/<circle class="dot c1"/g)).toHaveLength(501);
  }, 180_000);
});

it('scatterChart draws each point where it belongs', () => {
  const svg = scatterChart(
    [
      {
        name: 'a & b',
        points: [
          [0, 0],
          [1, 1],
          [-1, -1],
        ],
      },
    ],
    'Title',
  );
  const at = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)" r="3"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const [[x0, y0], [x1, y1], [x2, y2]] = at as [number[], number[], number[]];
  expect([x1! - x0!, y0! - y1!]).toEqual([x0! - x2!, y2! - y0!]);
  expect(x1! - x0!).toBeCloseTo(y0! - y1!, 5);
  expect(svg).toContain('a &amp; b');
});
