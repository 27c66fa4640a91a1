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
