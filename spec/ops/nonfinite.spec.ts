import { describeGolden } from '../support/golden';

describeGolden('ops_nonfinite', {
  'nn.functional.gelu values[2, 8]': "PyTorch's vector code takes the slope at -7, 6e-11, for 0",
});
