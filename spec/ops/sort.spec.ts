import * as f from 'flambeau';
import { autograd, memory, type Tensor, tensor } from 'flambeau';
import { describeGolden } from '../support/golden';

describeGolden(
  'ops_sort',
  {
    'nanmean values[2, 3] 0':
      'of nothing but NaN: PyTorch multiplies the infinite gradient by 0, here what is NaN takes no part and gets 0',
  },
  {
    'bernoulli ([1.5])': 'PyTorch asks for a better message',
    'bernoulli ([nan])': 'PyTorch asks for a better message',
  },
);

const ints = (...values: number[]) => tensor(values, { dtype: 'int32' });

describe('sorting', () => {
  it('keeps equal elements in their order, either way', () => {
    const x = tensor(Float32Array.from({ length: 200 }, (_, i) => i % 3));
    for (const descending of [false, true]) {
      const order = [...x.argsort(0, { descending, stable: true }).toTypedArray()];
      for (const rest of [0, 1, 2]) {
        const own = order.filter((i) => i % 3 === rest);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
  });

  it('tells subnormal numbers apart', () => {
    expect(tensor([3e-40, -1e-40, 1e-40, -3e-40]).argsort().tolist()).toEqual([3, 1, 2, 0]);
  });

  it('takes a NaN of either sign as the largest', () => {
    const negative = new Float32Array(Uint32Array.of(0xffc00001, 0x7f800000, 0x7fc00000).buffer);
    expect(tensor(negative).argsort().tolist()).toEqual([1, 0, 2]);
  });

  it('gives arrays with names', () => {
    const [low, high] = [tensor([2, 1]).sort(), tensor([2, 1]).aminmax()];
    expect([low.values === low[0], low.indices === low[1]]).toEqual([true, true]);
    expect([high.min === high[0], high.max.item()]).toEqual([true, 2]);
  });

  const curves: [string, (x: Tensor) => Tensor][] = [
    ['sort', (x) => x.square().sort(1).values],
    ['topk', (x) => x.square().topk(2).values],
    ['kthvalue', (x) => x.square().kthvalue(2).values],
    ['median', (x) => x.square().median()],
    ['median over a dimension', (x) => x.square().median(1).values],
    ['mode', (x) => x.square().mode(0).values],
    ['cummax', (x) => x.square().cummax(1).values],
    ['cumprod', (x) => x.cumprod(1)],
    ['logcumsumexp', (x) => x.logcumsumexp(1)],
    ['quantile', (x) => x.square().quantile(0.3, 1)],
    ['repeatInterleave', (x) => x.square().repeatInterleave(2, 1)],
    ['unfold', (x) => x.square().unfold(1, 2, 1)],
    ['rot90', (x) => x.square().rot90()],
  ];

  it.each(curves)('%s has a second derivative', (_, fn) => {
    const x = tensor([
      [0.5, -1.5, 2],
      [1.25, 0.25, -0.75],
    ]).requiresGrad_();
    expect(autograd.gradgradcheck(fn, [x])).toBe(true);
  });
});

describe('integers beyond int32', () => {
  it('are a RangeError', () => {
    expect(() => ints(65536, 32768).cumprod(0)).toThrow(RangeError);
    expect(() => ints(65536, 32768).cumprod(0)).toThrow(/^cumprod: /);
    expect(ints(-65536, 32768).cumprod(0).tolist()).toEqual([-65536, -(2 ** 31)]);
  });

  it('leak nothing when they throw', () => {
    const x = ints(65536, 65536);
    const before = memory().numTensors;
    expect(() => x.cumprod(0)).toThrow();
    expect(memory().numTensors).toBe(before);
  });
});

it('windows and pieces are views: a change of one, in place, shows in the tensor', () => {
  const x = tensor([1, 2, 3, 4]);
  x.tensorSplit(2)[1]!.mul_(10);
  expect(x.tolist()).toEqual([1, 2, 30, 40]);
  x.unfold(0, 2, 2).add_(1);
  expect(x.tolist()).toEqual([2, 3, 31, 41]);
  f.atleast2d(x).zero_();
  expect(x.tolist()).toEqual([0, 0, 0, 0]);
});

it('an option by position is refused with the right form', () => {
  const call = (fn: unknown, ...args: unknown[]) => (fn as (...args: unknown[]) => unknown)(...args);
  expect(() => call(f.sort, tensor([1]), 0, true)).toThrow(/descending/);
  expect(() => call(f.topk, tensor([1]), 1, 0, false)).toThrow(/largest/);
  expect(() => call(f.rot90, tensor([[1]]), 1, [0, 1])).toThrow(/dims/);
});
