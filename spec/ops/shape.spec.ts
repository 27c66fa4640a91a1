import * as flambeau from 'flambeau';
import { memory, type Tensor, tensor } from 'flambeau';
import { describeGolden } from '../support/golden';

describeGolden('ops_shape');

const matrix = () => tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix

describe('what is a view in PyTorch', () => {
  const views: [string, (x: Tensor) => Tensor][] = [
    ['view', (x) => x.view(3, 2)],
    ['viewAs', (x) => x.viewAs(x.reshape(6))],
    ['reshape', (x) => x.reshape(-1)],
    ['reshape to the same shape', (x) => x.reshape(2, 3)],
    ['flatten', (x) => x.flatten()],
    ['unflatten', (x) => x.unflatten(1, [3, 1])],
    ['squeeze', (x) => x.squeeze()],
    ['unsqueeze', (x) => x.unsqueeze(0)],
    ['transpose', (x) => x.transpose(0, 1)],
    ['t', (x) => x.t()],
    ['permute', (x) => x.permute(1, 0)],
    ['movedim', (x) => x.movedim(0, 1)],
    ['expand', (x) => x.expand(2, 2, 3)],
    ['select', (x) => x.select(0, 1)],
    ['narrow', (x) => x.narrow(1, 0, 2)],
    ['split', (x) => x.split(1)[0]!],
    ['chunk', (x) => x.chunk(3, 1)[2]!],
    ['unbind', (x) => x.unbind()[1]!],
    ['diagonal', (x) => x.diagonal()],
    ['a view of a view', (x) => x.t().select(0, 0)],
  ];

  it.each(views)('%s: a change of it in place reaches its base, and one of the base reaches it', (name, viewOf) => {
    const x = matrix();
    const y = viewOf(x);
    const shown = new Set(y.toTypedArray());
    if (name === 'expand') return expect(() => y.mul_(2)).toThrow(/refers to a single memory location/);
    y.mul_(10);
    const changed = Array.from(matrix().toTypedArray(), (element) => (shown.has(element) ? 10 * element : element));
    expect(Array.from(x.toTypedArray())).toEqual(changed);
    expect(y.tolist()).toEqual(viewOf(x).tolist());
    x.add_(1);
    expect(y.tolist()).toEqual(viewOf(x).tolist());
    return undefined;
  });

  const copies: [string, (x: Tensor) => Tensor][] = [
    ['clone', (x) => x.view(6).clone()],
    ['cat', (x) => flambeau.cat([x])],
    ['repeat', (x) => x.repeat(1, 1)],
    ['flip', (x) => x.flip(0)],
    ['gather', (x) => x.gather(0, tensor([[0]], { dtype: 'int32' }))],
    ['an operation on a view', (x) => x.t().add(1)],
  ];

  it.each(copies)('%s is a tensor of its own', (_, copyOf) => {
    const x = matrix();
    copyOf(x).zero_();
    expect(x.tolist()).toEqual(matrix().tolist());
  });
});

it('sizes go one by one or as an array', () => {
  const x = matrix();
  for (const y of [x.view(3, 2), x.view([3, 2]), x.reshape(3, -1), flambeau.reshape(x, [3, 2])]) {
    expect(y.shape).toEqual([3, 2]);
  }
  expect(() => (x.view as (...sizes: unknown[]) => Tensor)(3, 'two')).toThrow(/view|reshape/);
});

it('an index out of range leaks nothing', () => {
  const before = memory().numTensors;
  const index = (i: number) => tensor([i], { dtype: 'int32' });
  const x = () => tensor([1, 2, 3]).requiresGrad_();
  for (const i of [3, -1]) {
    expect(() => x().gather(0, index(i))).toThrow(`index ${i} is out of bounds for dimension 0 with size 3`);
    expect(() => x().indexSelect(0, index(i))).toThrow('index out of range in self');
    expect(() => x().scatterAdd(0, index(i), tensor([1]))).toThrow(`index ${i} is out of bounds`);
    expect(() => flambeau.nn.functional.oneHot(index(i), 3)).toThrow(/Class values/);
  }
  expect(memory().numTensors).toBeLessThanOrEqual(before);
});
