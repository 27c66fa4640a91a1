import { describeGolden } from '../support/golden';

const SUMS = 'sums of 25 products of up to 80 that leave 0.8, added up in another order';
const SQUARES = '√(|a|² − 2ab + |b|²) of 0.04, left of squares of 100';
const CONDITION = "the system's condition: PyTorch's own float32 is 1e-5 from its float64";
const THROUGH_SVD = 'through singular values, which are divided by twice over';

describeGolden(
  'op_db_others',
  {},
  {},
  {
    'addbmm float32 4': { atol: 2e-5, reason: SUMS },
    'Tensor.addbmm float32 1': { atol: 2e-5, reason: SUMS },
    'cdist float32 1': { atol: 4e-5, reason: SQUARES },
    'choleskySolve float32 6': { rtol: 1e-4, reason: CONDITION },
    'pinverse float32 6': { atol: 4e-5, reason: THROUGH_SVD },
  },
);
