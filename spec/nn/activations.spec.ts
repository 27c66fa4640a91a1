import { describeGolden } from '../support/golden';

// softmax without dim warns, and dropout2d of 3-d inputs.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => void jest.restoreAllMocks());

const RELU6 =
  "libtensorflow's Relu6Grad gives 0 at NaN, as PyTorch's vectorized loop does; its scalar one lets it through";

describeGolden('activations', {
  'nn.functional.mish values[13] (edge values)': "PyTorch's second derivative overflows at 1e4 and is NaN; it is 0",
  'nn.functional.relu6 ([nan, inf, -inf]) (NaN and infinities)': RELU6,
  'nn.functional.hardtanh ([nan, inf, -inf]) minVal=0 maxVal=6 (NaN and infinities)': RELU6,
  'nn.functional.pixelUnshuffle [0,1,2,2] 2': 'PyTorch gives an empty batch back as it is',
});

describe('on the inputs of PyTorch’s own tests', () => describeGolden('activation_samples'));
