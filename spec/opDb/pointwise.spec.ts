import { describeGolden } from '../support/golden';

const CANCELS =
  'the second derivative is the difference of two terms of 10⁴, 10⁸ and 10³, of which float32 keeps seven digits';
const NEAR_ONE = 'the last bit of erfinv near ±1, where exp(y²) makes it seven times as large';

describeGolden(
  'op_db_pointwise',
  {},
  {},
  {
    'Tensor.pow float32 5': { atol: 4e-3, reason: CANCELS },
    'Tensor.pow float32 7': { atol: 8, reason: CANCELS },
    'Tensor.ldexp float32 5': { atol: 2e-4, reason: CANCELS },
    'erfinv float32 0': { rtol: 4e-6, reason: NEAR_ONE },
    'Tensor.erfinv_ float32 0': { rtol: 4e-6, reason: NEAR_ONE },
  },
);
