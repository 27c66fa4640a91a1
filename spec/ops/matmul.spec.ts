import { describeGolden } from '../support/golden';

describeGolden(
  'ops_matmul',
  {},
  {
    'addmm [4] [3] [3,4]': 'the product inside names its own operands',
    'nn.functional.linear [2,5] [4,5] [3]': 'PyTorch speaks of an expansion, we of the bias',
    'nn.functional.linear int[2,5] [4,5] [4]': 'the dtypes have other names',
  },
);
