import { ValueError } from '../../lib/errors';
import {
  formatTensor,
  getPrintoptions,
  type PrintSettings,
  printoptions,
  setPrintoptions,
} from '../../lib/tensor/format';
import { pythonExponential, pythonFixed, pythonRepr } from '../../lib/tensor/pythonNumber';
import { elements, golden, type TensorJson } from '../data/fixtures';

interface Row {
  name: string;
  tensor: TensorJson;
  options?: PrintSettings;
  str: string;
}

const DEFAULT = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null };

afterEach(() => {
  expect(getPrintoptions()).toEqual(DEFAULT);
});

function print({ tensor, str, options = {} }: Row): string {
  const suffixes = str.match(/grad_fn=<\w+>|requires_grad=True/g) ?? [];
  return printoptions(options, () => formatTensor(elements(tensor), tensor.shape, tensor.dtype as 'float32', suffixes));
}

describe('formatTensor', () => {
  const rows = [...golden<Row>('printing'), ...golden<Row>('printing_options')];

  it.each(rows.map((row) => [row.name, row] as const))('prints as PyTorch: %s', (_, row) => {
    expect(print(row)).toBe(row.str.replace('Parameter containing:\n', ''));
  });

  it('takes booleans, and options of its own', () => {
    expect(formatTensor([true, false], [2], 'bool')).toBe('tensor([ True, False])');
    expect(formatTensor([0.125, 1], [2], 'float32', [], { ...DEFAULT, precision: 1 })).toBe('tensor([0.1, 1.0])');
  });

  it.each([
    [[1000, 1000], 36],
    [[1_000_000], 6],
    [[2, 1_000, 500], 72],
  ])('of shape %j reads only the %i elements of its edges', (shape, edges) => {
    const read = new Set<unknown>();
    const data = new Proxy({} as ArrayLike<number>, { get: (_, key) => read.add(key) && 0.5 });
    formatTensor(data, shape, 'float32');
    expect(read.size).toBe(edges);
  });

  it('starts a new line for a suffix that does not fit', () => {
    const long = 'x'.repeat(70);
    expect(formatTensor([1], [1], 'float32', [long, 'b=1'])).toBe(`tensor([1.],\n       ${long},\n       b=1)`);
  });
});

describe('setPrintoptions', () => {
  afterEach(() => setPrintoptions({ profile: 'default' }));

  it('keeps what is not given, but not sciMode', () => {
    setPrintoptions({ precision: 2, sciMode: true });
    setPrintoptions({ linewidth: 40 });
    expect(getPrintoptions()).toEqual({ ...DEFAULT, precision: 2, linewidth: 40, sciMode: null });
    setPrintoptions({ profile: 'default' });
  });

  it('gives a copy', () => {
    Object.assign(getPrintoptions(), { precision: 1 });
    expect(getPrintoptions().precision).toBe(4);
  });

  it('printoptions restores, also after an error', () => {
    const run = () =>
      printoptions({ precision: 1 }, () => {
        expect(getPrintoptions().precision).toBe(1);
        throw new Error('stop');
      });
    expect(run).toThrow('stop');
    expect(printoptions({ profile: 'full' }, () => getPrintoptions().threshold)).toBe(Infinity);
  });

  it.each<[string, unknown, new (message: string) => Error, RegExp]>([
    ['an unknown name', { precison: 2 }, TypeError, /unknown option 'precison'; did you mean 'precision'/],
    ['an unknown profile', { profile: 'long' }, ValueError, /profile is 'default', 'short' or 'full', got 'long'/],
    ['a negative precision', { precision: -1 }, ValueError, /precision must be a non-negative integer, got -1/],
    ['a precision of 100', { precision: 100 }, ValueError, /precision .* got 100/],
    ['half an item', { edgeitems: 1.5 }, ValueError, /edgeitems must be a non-negative integer, got 1.5/],
    ['an endless line', { linewidth: Infinity }, ValueError, /linewidth .* got Infinity/],
    ['a number', 3, TypeError, /takes one object of options/],
  ])('refuses %s', (_, settings, type, message) => {
    expect(() => setPrintoptions(settings as never)).toThrow(type);
    expect(() => setPrintoptions(settings as never)).toThrow(message);
  });
});

describe("Python's numbers", () => {
  it.each<[number, number, string]>([
    [0.03125, 4, '0.0312'],
    [0.09375, 4, '0.0938'],
    [2.5, 0, '2'],
    [3.5, 0, '4'],
    [-0.5, 0, '-0'],
    [0.15, 1, '0.1'],
    [-0, 2, '-0.00'],
    [-1e-9, 2, '-0.00'],
    [1e22, 0, '10000000000000000000000'],
    [1e22, 2, '10000000000000000000000.00'],
    [NaN, 2, 'nan'],
    [-Infinity, 2, '-inf'],
  ])('%d with %i digits is %s', (x, digits, text) => expect(pythonFixed(x, digits)).toBe(text));

  it.each<[number, number, string]>([
    [100005, 4, '1.0000e+05'],
    [100015, 4, '1.0002e+05'],
    [15, 0, '2e+01'],
    [25, 0, '2e+01'],
    [0.5, 0, '5e-01'],
    [2.5, 0, '2e+00'],
    [99999.5, 4, '1.0000e+05'],
    [-0, 1, '-0.0e+00'],
    [1e-120, 1, '1.0e-120'],
    [Infinity, 1, 'inf'],
  ])('%d with %i digits is %s in scientific notation', (x, digits, text) =>
    expect(pythonExponential(x, digits)).toBe(text),
  );

  it.each<[number, string]>([
    [0.1307, '0.1307'],
    [1, '1.0'],
    [-0, '-0.0'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [0.0001, '0.0001'],
    [NaN, 'nan'],
  ])('repr(%d) is %s', (x, text) => expect(pythonRepr(x)).toBe(text));
});
