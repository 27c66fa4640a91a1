import { lossChart, niceTicks, runningMean } from '../../examples/lib/chart';
import { Progress } from '../../examples/lib/progress';

const labels = { title: 'Title', xLabel: 'step', yLabel: 'loss' };
/** The points of each drawn curve, in the order of the series. */
const curves = (svg: string, style: string) =>
  [...svg.matchAll(new RegExp(`<path class="${style} c\\d" d="([^"]*)"`, 'g'))].map(([, d]) =>
    [...d!.matchAll(/([ML])([\d.]+) ([\d.]+)/g)].map(([, command, x, y]) => [command!, Number(x), Number(y)] as const),
  );

describe('lossChart', () => {
  it.each<[number, number, number, number[]]>([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 2.31, 6, [0, 0.5, 1, 1.5, 2, 2.5]],
    [0, 938, 8, [0, 200, 400, 600, 800, 1000]],
    [-3, 4, 4, [-4, -2, 0, 2, 4]],
    [0, 0.0003, 3, [0, 0.0001, 0.0002, 0.0003]],
    [5, 5, 2, [5, 5.5]],
  ])('ticks from %d to %d are round numbers', (low, high, count, ticks) => {
    expect(niceTicks(low, high, count)).toEqual(ticks);
  });

  it('draws a point for each value, upwards for larger ones', () => {
    const [a, b, c] = curves(lossChart([{ name: 'a', values: [3, 1, 2] }], labels), 'curve')[0]!;
    expect([a![0], b![0], c![0]]).toEqual(['M', 'L', 'L']);
    expect(b![1] - a![1]).toBeCloseTo(c![1] - b![1], 0);
    expect(a![2]).toBeLessThan(c![2]);
    expect(c![2]).toBeLessThan(b![2]);
  });

  it('leaves a gap where a value is not finite', () => {
    const values = [1, Number.NaN, 2, 3, Infinity, 1];
    expect(curves(lossChart([{ name: 'a', values }], labels), 'curve')[0]!.map(([command]) => command)).toEqual([
      'M',
      'M',
      'L',
      'M',
    ]);
  });

  it('smooths a long curve, thins it out and keeps its peaks', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => (i === 7_777 ? 50 : 1 + (i % 2)));
    const svg = lossChart([{ name: 'a', values }], labels);
    const [raw, smooth] = [curves(svg, 'raw')[0]!, curves(svg, 'curve')[0]!];
    const peak = (points: readonly (readonly [string, number, number])[]) => Math.min(...points.map(([, , y]) => y));
    expect(raw.length).toBeLessThan(1_000);
    expect(peak(raw)).toBeLessThan(90);
    expect(peak(smooth)).toBeGreaterThan(300);
  });

  it('the running mean is centred, and skips what is not finite', () => {
    expect(runningMean([1, 2, 3, 4, 5], 1)).toEqual([1, 2, 3, 4, 4.5]);
    expect(runningMean([2, Number.NaN, 4], 1)).toEqual([2, 3, 4]);
  });

  it('escapes its texts', () => {
    const svg = lossChart([{ name: 'a & <b>', values: [1] }], { ...labels, title: '<script>' });
    expect(svg).toContain('a &amp; &lt;b&gt; 1.00');
    expect(svg).not.toContain('<script>');
  });

  it('draws axes for nothing', () => {
    expect(lossChart([{ name: 'none', values: [] }], labels)).toMatch(/^<svg .*>none<\/text>.*<\/svg>\n$/s);
  });
});

describe('Progress, without a terminal', () => {
  it('prints a line at each fifth, with the loss', () => {
    const tty = process.stdout.isTTY;
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    try {
      process.stdout.isTTY = false;
      const progress = new Progress('Epoch 1/2', 10);
      for (let i = 1; i <= 10; i++) progress.update(i, 0.5);
      progress.stop();
      const lines = log.mock.calls.map(([line]) => String(line).replace(/\d+(\.\d)? steps/, 'N steps'));
      expect(lines).toEqual([2, 4, 6, 8, 10].map((n) => `Epoch 1/2  ${n}/10  loss 0.5000  N steps/s`));
    } finally {
      process.stdout.isTTY = tty;
      log.mockRestore();
    }
  });
});
