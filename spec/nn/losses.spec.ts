import { describeGolden } from '../support/golden';

describeGolden('losses', {
  'nn.functional.crossEntropy [2,5] int[2] labelSmoothing=-0.1 (PyTorch reads negative smoothing as 0)':
    'a share below 0 is refused, as one above 1 is',
});
