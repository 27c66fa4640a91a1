import { describeGolden } from '../support/golden';

// softmax without dim warns, and dropout2d of 3-d inputs.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => void jest.restoreAllMocks());

describeGolden('activations', {
  'nn.functional.mish values[13] (edge values)': "PyTorch's second derivative overflows at 1e4 and is NaN; it is 0",
  'nn.functional.pixelUnshuffle [0,1,2,2] 2': 'PyTorch gives an empty batch back as it is',
});

describe('on the inputs of PyTorch’s own tests', () => describeGolden('activation_samples'));
