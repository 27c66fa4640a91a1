import { describeGolden } from '../support/golden';

describeGolden('activations', {
  'nn.functional.mish values[13] (edge values)': "PyTorch's second derivative overflows at 1e4 and is NaN; it is 0",
});
