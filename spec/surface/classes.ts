import { nn, ones, optim, type Tensor, utils, vision, zeros } from 'flambeau';

type Class = new (...args: never[]) => unknown;
/** The class, and all arguments that it takes by position. */
type Made = [Class: unknown, args?: () => unknown[]];

const model = () => new nn.Linear(2, 2);
const parameters = () => model().parameters();
const matrices = () => [new nn.Parameter(ones(2, 2))];
const sgd = () => new optim.SGD(parameters(), { lr: 0.1 });

/** Those of `owner` that take the parameters, or another first argument, and then options. */
function all(ns: string, owner: object, names: string, args: () => unknown[]): Record<string, Made> {
  const made = names.split(' ').map((name): [string, Made] => [`${ns}.${name}`, [Reflect.get(owner, name), args]]);
  return Object.fromEntries(made);
}

const MODULES: Record<string, Made> = {
  ...all('nn', nn, 'LogSigmoid Sigmoid Softsign Tanh Tanhshrink Softmax2d', () => []),
  ...all('nn', nn, 'Hardsigmoid Hardswish Mish ReLU ReLU6 SELU SiLU', () => [false]),
  ...all('nn', nn, 'GLU LogSoftmax Softmax Softmin CosineSimilarity PairwiseDistance', () => [1]),
  ...all('nn', nn, 'CELU ELU Hardshrink LeakyReLU PReLU Softplus Softshrink', () => [1]),
  ...all('nn', nn, 'AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout', () => [0.5]),
  ...all('nn', nn, 'ChannelShuffle PixelShuffle PixelUnshuffle', () => [2]),
  ...all('nn', nn, 'Hardtanh RReLU', () => [0.1]),
  ...all('nn', nn, 'ModuleList ParameterList', () => [[]]),
  'nn.Bilinear': [nn.Bilinear, () => [2, 2, 2, true]],
  'nn.Flatten': [nn.Flatten, () => [1, -1]],
  'nn.GELU': [nn.GELU, () => ['none']],
  'nn.Linear': [nn.Linear, () => [2, 2, true]],
  'nn.ModuleDict': [nn.ModuleDict, () => [{}]],
  'nn.Sequential': [nn.Sequential, () => [model()]],
  'nn.Threshold': [nn.Threshold, () => [1, 2, false]],
  'nn.Unflatten': [nn.Unflatten, () => [1, [2, 2]]],
  'nn.Parameter': [nn.Parameter, () => [zeros(1), true]],
};

const LOSSES: Record<string, Made> = {
  ...all('nn', nn, 'BCELoss BCEWithLogitsLoss CrossEntropyLoss MultiLabelSoftMarginLoss NLLLoss', () => [null]),
  ...all('nn', nn, 'HuberLoss KLDivLoss L1Loss MSELoss SmoothL1Loss SoftMarginLoss MultiLabelMarginLoss', () => [
    'mean',
  ]),
  ...all('nn', nn, 'CosineEmbeddingLoss HingeEmbeddingLoss MarginRankingLoss TripletMarginLoss', () => [0.5]),
  ...all('nn', nn, 'GaussianNLLLoss LinearCrossEntropyOptions TripletMarginWithDistanceLoss', () => []),
  ...all('nn', nn, 'CTCLoss FocalLoss MultiMarginLoss', () => [1]),
  'nn.AdaptiveLogSoftmaxWithLoss': [nn.AdaptiveLogSoftmaxWithLoss, () => [4, 4, [2], 4]],
  'nn.GANLoss': [nn.GANLoss, () => ['vanilla']],
  'nn.LinearCrossEntropyLoss': [nn.LinearCrossEntropyLoss, () => [2, 2]],
  'nn.PoissonNLLLoss': [nn.PoissonNLLLoss, () => [true]],
};

const { lrScheduler, swaUtils } = optim;

const OPTIMIZERS: Record<string, Made> = {
  ...all('optim', optim, 'Adadelta Adafactor Adagrad Adam AdamW Adamax ASGD LBFGS Lion NAdam', () => [parameters()]),
  ...all('optim', optim, 'RAdam RMSprop Rprop SGD SparseAdam', () => [parameters()]),
  'optim.Muon': [optim.Muon, () => [matrices()]],
  ...all('optim.lrScheduler', lrScheduler, 'ConstantLR ExponentialLR LinearLR', () => [sgd(), 0.5]),
  ...all('optim.lrScheduler', lrScheduler, 'CosineAnnealingLR CosineAnnealingWarmRestarts StepLR', () => [sgd(), 2, 1]),
  ...all('optim.lrScheduler', lrScheduler, 'LambdaLR MultiplicativeLR', () => [sgd(), () => 1, -1]),
  'optim.lrScheduler.ChainedScheduler': [
    lrScheduler.ChainedScheduler,
    () => {
      const optimizer = sgd();
      return [[new lrScheduler.ConstantLR(optimizer)], optimizer];
    },
  ],
  'optim.lrScheduler.CyclicLR': [
    lrScheduler.CyclicLR,
    () => [new optim.SGD(parameters(), { momentum: 0.9 }), 0.1, 1, 5],
  ],
  'optim.lrScheduler.MultiStepLR': [lrScheduler.MultiStepLR, () => [sgd(), [1], 0.1]],
  'optim.lrScheduler.OneCycleLR': [
    lrScheduler.OneCycleLR,
    () => [new optim.SGD(parameters(), { momentum: 0.9 }), 0.1, 10],
  ],
  'optim.lrScheduler.PolynomialLR': [lrScheduler.PolynomialLR, () => [sgd(), 5]],
  'optim.lrScheduler.ReduceLROnPlateau': [lrScheduler.ReduceLROnPlateau, () => [sgd(), 'min']],
  'optim.lrScheduler.SequentialLR': [
    lrScheduler.SequentialLR,
    () => {
      const optimizer = sgd();
      return [optimizer, [0.5, 0.1].map((factor) => new lrScheduler.ConstantLR(optimizer, factor)), [1], -1];
    },
  ],
  'optim.swaUtils.AveragedModel': [swaUtils.AveragedModel, () => [model(), null]],
  'optim.swaUtils.SWALR': [swaUtils.SWALR, () => [sgd(), 0.1, 5]],
};

const { data } = utils;
const { transforms } = vision;

const DATA: Record<string, Made> = {
  'utils.data.BatchSampler': [data.BatchSampler, () => [[1, 2], 2, false]],
  'utils.data.ConcatDataset': [data.ConcatDataset, () => [[[1], [2]]]],
  'utils.data.DataLoader': [data.DataLoader, () => [[1, 2], 2]],
  'utils.data.RandomSampler': [data.RandomSampler, () => [[1, 2], false]],
  'utils.data.SequentialSampler': [data.SequentialSampler, () => [[1, 2]]],
  'utils.data.Subset': [data.Subset, () => [[1, 2], [0]]],
  'utils.data.SubsetRandomSampler': [data.SubsetRandomSampler, () => [[0, 1], null]],
  'utils.data.TensorDataset': [data.TensorDataset, () => [ones(2)]],
  'utils.data.WeightedRandomSampler': [data.WeightedRandomSampler, () => [[0.5, 0.5], 2, true]],
  'vision.Image': [vision.Image, () => [new Uint8Array(1), 1, 1, 1]],
  'vision.transforms.Compose': [transforms.Compose, () => [[(x: Tensor) => x]]],
  'vision.transforms.Lambda': [transforms.Lambda, () => [(x: Tensor) => x]],
  'vision.transforms.Normalize': [transforms.Normalize, () => [0, 1, false]],
  'vision.transforms.ToTensor': [transforms.ToTensor, () => []],
};

/** Bases, which programs extend, and what is made elsewhere or takes whatever it is given, as in PyTorch. */
export const NOT_MADE = new Set([
  ...['IndexError', 'KeyError', 'RuntimeError', 'ValueError', 'linalg.LinAlgError', 'testing.AssertionError'],
  ...['Generator', 'Slice', 'Tensor', 'autograd.Function', 'autograd.FunctionContext', 'nn.Identity', 'nn.Module'],
  ...['optim.Optimizer', 'optim.lrScheduler.LRScheduler', 'utils.data.Dataset', 'utils.data.Sampler'],
  ...['vision.datasets.FashionMNIST', 'vision.datasets.MNIST'],
]);

/** How each class is made, with all arguments that go by position and more. */
export const CLASSES: [name: string, make: (...more: unknown[]) => unknown, Class: unknown][] = Object.entries({
  ...MODULES,
  ...LOSSES,
  ...OPTIMIZERS,
  ...DATA,
}).map(([name, [Class, args = () => []]]) => [
  name,
  (...more) => new (Class as Class)(...([...args(), ...more] as never[])),
  Class,
]);
