import { describeGolden } from '../support/golden';

beforeAll(() => void jest.spyOn(console, 'warn').mockImplementation(() => {}));

describe('cross entropy, mean squared error, dropout', () => {
  describeGolden(
    'losses',
    {
      'nn.functional.crossEntropy [2,5] int[2] labelSmoothing=-0.1 (PyTorch reads negative smoothing as 0)':
        'a share below 0 is refused, as one above 1 is',
    },
    { 'nn.functional.crossEntropy [] []': 'the words of every dimension out of range here' },
  );
});

describe('losses of numbers', () => {
  describeGolden('losses_regression');
});

describe('losses of yes or no', () => {
  describeGolden(
    'losses_classification',
    {},
    {
      'nn.functional.binaryCrossEntropy [3] [3] weight=[4]': 'the words of every broadcast here',
      'nn.functional.multilabelSoftMarginLoss [] []': 'the words of every dimension out of range here',
    },
  );
});

describe('losses with margins', () => {
  describeGolden('losses_margin');
});

describe('connectionist temporal classification', () => {
  describeGolden('losses_ctc');
});

describe('losses with parameters of their own', () => {
  describeGolden('losses_linear');
});
