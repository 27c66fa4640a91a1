import { describeGolden } from '../support/golden';

const THROUGH_SVD = {
  atol: 4e-5,
  reason: 'through singular values, which are divided by twice over',
};

describeGolden(
  'op_db_linalg',
  {},
  {},
  {
    'linalg.pinv float32 6': THROUGH_SVD,
    'linalg.tensorsolve float32 2': { rtol: 5e-6, reason: 'second derivatives of a 12×12 system: its condition shows' },
  },
);
