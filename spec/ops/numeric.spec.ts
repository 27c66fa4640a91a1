import { describeGolden } from '../support/golden';
import { describeInPlace } from '../support/inPlace';

describeGolden(
  'ops_numeric',
  {
    'ldexp [3] int([1, -2, 3])': 'the gradient in PyTorch takes 2 to a negative integer power as an integer, 0',
  },
  { 'cumulativeTrapezoid []': 'PyTorch names a slice that it takes inside' },
);
describeInPlace('ops_numeric_inplace');
