import { describeGolden } from '../support/golden';

const OPTIONS = 'PyTorch prints all tensor options';

describeGolden(
  'ops_windows',
  {},
  Object.fromEntries(
    ['bartlett', 'hann', 'hamming', 'blackman', 'kaiser'].map((name) => [`${name}Window 3 dtype=int32`, OPTIONS]),
  ),
);
