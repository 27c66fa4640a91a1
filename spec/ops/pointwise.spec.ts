import { nn, tensor } from '../../lib';
import { describeGolden } from '../support/golden';

describeGolden(
  'ops_pointwise',
  {
    'pow 2 int([-2, 0, 3])':
      'an integer to a negative integer power is an error here; PyTorch rounds it to 0 without a word',
  },
  {
    'neg bool[3]': 'PyTorch recommends its operators',
    'div int([1, 2]) int([1, 0]) roundingMode=floor': "PyTorch's message is the single word ZeroDivisionError",
    'div int([1, 2]) int([1, 0]) roundingMode=trunc': "PyTorch's message is the single word ZeroDivisionError",
  },
);

// PyTorch 2.13's.
it.each([
  ['relu', [5, 0, 0, 0, Number.NaN, 0, Number.POSITIVE_INFINITY, 1, 3, 0]],
  ['relu6', [5, 0, 0, 0, Number.NaN, 0, Number.POSITIVE_INFINITY, 1, 0, 0]],
] as const)('where %s is flat, gradients that are not finite end', (name, expected) => {
  const x = tensor([NaN, -1, -1, 0, 2, -1, 1, 3, Infinity, -Infinity], { requiresGrad: true });
  const gradient = tensor([5, NaN, Infinity, NaN, NaN, 2, Infinity, 1, 3, 3]);
  nn.functional[name](x).backward(gradient);
  expect(x.grad!.tolist()).toEqual(expected);
});
