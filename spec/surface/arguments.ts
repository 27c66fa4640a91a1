import * as f from 'flambeau';
import { nn, ones, tensor } from 'flambeau';

/** Functions whose fixtures do not hold arguments, or that have none. For a method the first is self. */
export const OWN: Record<string, () => unknown[]> = {
  'linalg.eigh': () => [ones(2, 2)],
  'linalg.matmul': () => [ones(2, 2), ones(2, 2)],
  'linalg.svd': () => [ones(2, 2)],
  svd: () => [ones(2, 2)],
  'nn.functional.oneHot': () => [f.LongTensor([0, 1])],
  'nn.functional.gradientPenalty': () => [(x: f.Tensor) => x.sum(), ones(2, 2), ones(2, 2)],
  ...inits(),
  ...onParameters(),
  ...ofBoxes(),
  'autograd.backward': () => [ones(2, { requiresGrad: true }).sum()],
  ...derivatives(),
  'autograd.grad': () => [ones(2, { requiresGrad: true }).sum(), []],
  'optim.swaUtils.getEmaAvgFn': () => [0.5],
  'optim.swaUtils.getEmaMultiAvgFn': () => [0.5],
  'optim.swaUtils.getSwaAvgFn': () => [],
  'optim.swaUtils.getSwaMultiAvgFn': () => [],
  'optim.swaUtils.updateBn': () => [[ones(1, 2)], new nn.Linear(2, 2)],
  'testing.assertClose': () => [ones(2), ones(2)],
  'utils.data.defaultCollate': () => [[ones(2), ones(2)]],
  'utils.data.enumerate': () => [[1, 2]],
  'utils.data.randomSplit': () => [
    [1, 2],
    [1, 1],
  ],
  arange: () => [3],
  broadcastTo: () => [ones(1), [2]],
  bernoulli: () => [ones(2)],
  clone: () => [ones(2)],
  countNonzero: () => [ones(2)],
  device: () => ['cpu'],
  diag: () => [ones(2)],
  diagonal: () => [ones(2, 2)],
  empty: () => [2],
  emptyLike: () => [ones(2)],
  eye: () => [2],
  finfo: () => ['float32'],
  full: () => [[2], 1],
  fullLike: () => [ones(2), 1],
  iinfo: () => ['int32'],
  indexAdd: () => [ones(2), 0, f.LongTensor([0]), ones(1)],
  inverse: () => [ones(1, 1)],
  isInference: () => [ones(2)],
  isSameSize: () => [ones(2), ones(2)],
  linspace: () => [0, 1, 3],
  logspace: () => [0, 1, 3],
  matrixPower: () => [ones(1, 1), 2],
  movedim: () => [ones(2, 2), 0, 1],
  multinomial: () => [ones(2), 1],
  nansum: () => [ones(2)],
  mvlgamma: () => [ones(2), 1],
  nonzero: () => [ones(2)],
  normal: () => [ones(2), ones(2)],
  ones: () => [2],
  onesLike: () => [ones(2)],
  pixelShuffle: () => [ones(1, 4, 1, 1), 2],
  pixelUnshuffle: () => [ones(1, 1, 2, 2), 2],
  rand: () => [2],
  randint: () => [3, [2]],
  randintLike: () => [ones(2), 3],
  randLike: () => [ones(2)],
  randn: () => [2],
  randnLike: () => [ones(2)],
  randperm: () => [3],
  roll: () => [ones(2), 1],
  scatterAdd: () => [ones(2), 0, f.LongTensor([0]), ones(1)],
  setDefaultDtype: () => ['float32'],
  setNumThreads: () => [f.getNumThreads()],
  slogdet: () => [ones(1, 1)],
  takeAlongDim: () => [ones(2), f.LongTensor([0]), 0],
  tensor: () => [[1, 2]],
  tile: () => [ones(2), 2],
  trunc: () => [ones(2)],
  unbind: () => [ones(2)],
  zeros: () => [2],
  zerosLike: () => [ones(2)],
  'Tensor.add_': () => [ones(2), 1],
  'Tensor.bernoulli_': () => [ones(2)],
  'Tensor.clamp_': () => [ones(2), 0, 1],
  'Tensor.copy_': () => [ones(2), ones(2)],
  'Tensor.cpu': () => [ones(2)],
  'Tensor.div_': () => [ones(2), 2],
  'Tensor.fill_': () => [ones(2), 2],
  'Tensor.index': () => [ones(2), 0],
  'Tensor.indexCopy_': () => [ones(2), 0, f.LongTensor([0]), ones(1)],
  'Tensor.indexFill_': () => [ones(2), 0, f.LongTensor([0]), 2],
  'Tensor.indexPut_': () => [ones(2), [0], 2],
  'Tensor.maskedFill_': () => [ones(2), tensor([true, false]), 2],
  'Tensor.maskedScatter_': () => [ones(2), tensor([true, false]), ones(2)],
  'Tensor.mul_': () => [ones(2), 2],
  'Tensor.newEmpty': () => [ones(2), 2],
  'Tensor.nextafter_': () => [ones(2), ones(2)],
  'Tensor.normal_': () => [ones(2)],
  'Tensor.polygamma': () => [ones(2), 1],
  'Tensor.pow_': () => [ones(2), 2],
  'Tensor.random_': () => [ones(2)],
  'Tensor.reshapeAs': () => [ones(2), ones(2, 1)],
  'Tensor.retainGrad': () => [ones(2, { requiresGrad: true })],
  'Tensor.scatter_': () => [ones(2), 0, f.LongTensor([0]), ones(1)],
  'Tensor.sub_': () => [ones(2), 1],
  'Tensor.sumToSize': () => [ones(2), 1],
  'Tensor.to': () => [ones(2), 'int32'],
  'Tensor.where': () => [ones(2), tensor([true, false]), 2],
  'Tensor.uniform_': () => [ones(2)],
  'Tensor.zero_': () => [ones(2)],
};

/** Methods that take nothing but self. */
const ALONE = [
  ...[
    'abs_',
    'absolute_',
    'arccos_',
    'arccosh_',
    'arcsin_',
    'arcsinh_',
    'arctan_',
    'arctanh_',
    'bool',
    'ceil_',
    'cos_',
  ],
  ...[
    'detach',
    'detach_',
    'dispose',
    'erf_',
    'exp_',
    'expm1_',
    'float',
    'floor_',
    'int',
    'log1p_',
    'log_',
    'long',
    'neg_',
  ],
  ...['negative_', 'numel', 'reciprocal_', 'relu_', 'rsqrt_', 'sigmoid_', 'sign_', 'sin_', 'sqrt_', 'square_', 'tanh_'],
  ...['toTypedArray', 'tolist', 'trunc_'],
];
for (const name of ALONE) OWN[`Tensor.${name}`] = () => [ones(2)];
OWN['Tensor.item'] = () => [ones(1)];
OWN['Tensor.arctan2_'] = () => [ones(2), ones(2)];
OWN['Tensor.clip_'] = () => [ones(2), 0, 1];

/** Of a function of one tensor with one element. */
function derivatives(): Record<string, () => unknown[]> {
  const names = ['hessian', 'hvp', 'jacobian', 'jvp', 'vhp', 'vjp'];
  const args = () => [(x: f.Tensor) => x.pow(3).sum(), ones(1)];
  return Object.fromEntries(names.map((name) => [`autograd.functional.${name}`, args]));
}

function inits(): Record<string, () => unknown[]> {
  const names = ['uniform_', 'normal_', 'ones_', 'zeros_', 'eye_', 'orthogonal_'];
  const scaled = ['xavierUniform_', 'xavierNormal_', 'kaimingUniform_', 'kaimingNormal_'];
  return {
    ...Object.fromEntries([...names, ...scaled].map((name) => [`nn.init.${name}`, () => [ones(2, 2)]])),
    'nn.init.truncNormal_': () => [ones(2, 2), 0, 1, -2, 2],
    'nn.init.calculateGain': () => ['relu'],
    'nn.init.constant_': () => [ones(2, 2), 1],
    'nn.init.dirac_': () => [ones(2, 2, 2)],
    'nn.init.sparse_': () => [ones(2, 2), 0.5],
  };
}

function parameters(): nn.Parameter[] {
  const list = new nn.Linear(2, 2).parameters();
  for (const p of list) p.sum().backward();
  return list;
}

function onParameters(): Record<string, () => unknown[]> {
  return {
    'nn.utils.clipGradNorm': () => [parameters(), 1],
    'nn.utils.clipGradNorm_': () => [parameters(), 1],
    'nn.utils.clipGradsWithNorm_': () => [parameters(), 1, tensor(1)],
    'nn.utils.clipGradValue_': () => [parameters(), 1],
    'nn.utils.getTotalNorm': () => [[ones(2)]],
    'nn.utils.parametersToVector': () => [parameters()],
    'nn.utils.vectorToParameters': () => [ones(6), parameters()],
  };
}

function ofBoxes(): Record<string, () => unknown[]> {
  const boxes = () => tensor([[0, 0, 1, 1]]);
  const pairs = ['boxIou', 'completeBoxIou', 'distanceBoxIou', 'generalizedBoxIou'];
  const losses = ['completeBoxIouLoss', 'distanceBoxIouLoss', 'generalizedBoxIouLoss', 'sigmoidFocalLoss'];
  return {
    ...Object.fromEntries([...pairs, ...losses].map((name) => [`vision.ops.${name}`, () => [boxes(), boxes()]])),
    'vision.ops.boxArea': () => [boxes()],
    'vision.ops.boxConvert': () => [boxes(), 'xyxy', 'xywh'],
    'vision.ops.nms': () => [boxes(), ones(1), 0.5],
  };
}
