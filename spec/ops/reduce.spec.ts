import * as flambeau from 'flambeau';
import { memory, type Tensor, tensor } from 'flambeau';
import { describeGolden } from '../support/golden';

describeGolden('ops_reduce', {
  'prod ([nan, 2.0, inf])':
    'PyTorch divides the product NaN by each element; here a gradient is the product of the others, which may be a number',
});

const ints = (...values: number[]) => tensor(values, { dtype: 'int32' });
const MAX = 2 ** 31 - 1;

describe('integers beyond int32, which PyTorch computes in int64', () => {
  const rows: [string, () => Tensor][] = [
    ['sum', () => ints(MAX, 1).sum()],
    ['sum below', () => ints(-MAX, -2).sum()],
    ['sum over a dimension', () => ints(MAX, 5, 1, 1).reshape(2, 2).sum(0)],
    ['sum around and back to a small number', () => ints(MAX, MAX, 2).sum()],
    ['prod', () => ints(65536, 32768).prod()],
    ['prod far outside', () => ints(...new Array(40).fill(10)).prod()],
    ['cumsum', () => ints(1, MAX, -5).cumsum(0)],
    ['sumToSize', () => ints(MAX, 1).sumToSize(1)],
  ];
  it.each(rows)('%s is a RangeError', (_, call) => expect(call).toThrow(RangeError));

  it('at the edge is not', () => {
    expect(
      ints(MAX - 1, 1)
        .sum()
        .item(),
    ).toBe(MAX);
    expect(ints(-MAX, -1).sum().item()).toBe(-MAX - 1);
    expect(ints(-65536, 32768).prod().item()).toBe(-MAX - 1);
    expect(ints(MAX, 1).sum({ dtype: 'float32' }).item()).toBe(2 ** 31);
    expect(tensor([true, true]).sum().item()).toBe(2);
  });

  it('leaks nothing when it throws', () => {
    const before = memory().numTensors;
    for (const [, call] of rows) expect(call).toThrow();
    expect(memory().numTensors).toBeLessThanOrEqual(before);
  });
});

describe('max and min over a dimension', () => {
  it('give an array with names', () => {
    const x = tensor([[1, 5, 2]]);
    const found = x.max(1);
    const [values, indices] = found;
    expect([values === found.values, indices === found.indices]).toEqual([true, true]);
    expect([Array.isArray(found), found.length, Object.keys(found)]).toEqual([true, 2, ['0', '1']]);
    expect([values.tolist(), indices.tolist()]).toEqual([[5], [1]]);
    expect(x.min({ dim: 1, keepdim: true }).indices.tolist()).toEqual([[0]]);
  });

  it('take an option by name only', () => {
    expect(() => (tensor([1]).argmax as (...args: unknown[]) => unknown)(0, true)).toThrow(/keepdim/);
    expect(() => (flambeau.softmax as (x: Tensor) => unknown)(tensor([1]))).toThrow(/'dim'/);
  });

  it('find NaN wherever it is in a long row', () => {
    for (const at of [0, 1, 7, 511, 999]) {
      const row = Float32Array.from({ length: 1000 }, (_, i) => (i === at ? Number.NaN : i === 500 ? Infinity : i));
      expect(flambeau.argmax(tensor(row)).item()).toBe(at);
      expect(flambeau.argmin(tensor(row)).item()).toBe(at);
      expect(flambeau.amax(tensor(row)).item()).toBeNaN();
    }
  });
});

it('a gradient that a reduction spread is no view: it accumulates, and may be changed in place', () => {
  const x = tensor([1, 2, 3]).requiresGrad_();
  for (let i = 0; i < 2; i++) x.sum().backward();
  expect(x.grad!.mul_(2).tolist()).toEqual([4, 4, 4]);
});

it('sumToSize gives the tensor itself where nothing is to be summed', () => {
  const x = tensor([[1, 2]]);
  expect(x.sumToSize(1, 2)).toBe(x);
});
