import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as f from 'flambeau';
import { nn, ones, optim, Tensor, tensor, zeros } from 'flambeau';
import { decode, readGolden, type TensorJson } from '../support/fixtures';
import type { GoldenCase } from '../support/golden';

type Call = (...args: unknown[]) => unknown;

/** A public function with arguments that it takes: what the walks over the surface start from. */
export interface Example {
  name: string;
  call: Call;
  /** Made anew for each call, for some are changed in place. */
  args: () => unknown[];
}

/** Functions whose fixtures do not hold arguments, or that have none. For a method the first is self. */
const OWN: Record<string, () => unknown[]> = {
  'linalg.eigh': () => [ones(2, 2)],
  'linalg.matmul': () => [ones(2, 2), ones(2, 2)],
  'linalg.svd': () => [ones(2, 2)],
  'nn.functional.oneHot': () => [f.LongTensor([0, 1])],
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
  nonzero: () => [ones(2)],
  normal: () => [ones(2), ones(2)],
  ones: () => [2],
  onesLike: () => [ones(2)],
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
  'Tensor.normal_': () => [ones(2)],
  'Tensor.polygamma': () => [ones(2), 1],
  'Tensor.pow_': () => [ones(2), 2],
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

const NAMESPACES: Record<string, object> = { '': f, linalg: f.linalg, 'nn.functional': nn.functional };

/** What takes a function, or nothing, or is refused whatever it is given. */
export const ELSEWHERE = new Set([
  ...['areDeterministicAlgorithmsEnabled', 'chainMatmul', 'deepcopy', 'defaultGenerator', 'enableGrad', 'fromTfjs'],
  ...['getBackend', 'getDefaultDtype', 'getFloat32MatmulPrecision', 'getNumThreads', 'getRngState', 'inferenceMode'],
  ...['initialSeed', 'isAnomalyCheckNanEnabled', 'isAnomalyEnabled', 'isGradEnabled', 'isInferenceModeEnabled'],
  ...['isolated', 'libtensorflowVersion', 'manualSeed', 'memory', 'noGrad', 'seed', 'setFloat32MatmulPrecision'],
  ...['setGradEnabled', 'setRngState', 'slice', 'tidy', 'useDeterministicAlgorithms', 'broadcastTensors'],
  ...['Tensor.backward', 'Tensor.registerHook', 'Tensor.requiresGrad_', 'Tensor.toString', 'Tensor.bfloat16'],
  ...['Tensor.byte', 'Tensor.char', 'Tensor.cuda', 'Tensor.double', 'Tensor.half', 'Tensor.short'],
]);

const isClass = (value: unknown) => /^class\b/.test(String(value));

/** Every public function and method of Tensor, by name. */
export function publicFunctions(): Map<string, Call> {
  const found = new Map<string, Call>();
  for (const [ns, owner] of Object.entries(NAMESPACES)) {
    for (const [name, value] of Object.entries(owner)) {
      if (typeof value === 'function' && !isClass(value)) found.set(ns ? `${ns}.${name}` : name, value as Call);
    }
  }
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))) {
    if (typeof value !== 'function' || name === 'constructor' || name.startsWith('_')) continue;
    found.set(`Tensor.${name}`, (self, ...args) => (value as Call).apply(self, args));
  }
  return found;
}

const isTensor = (json: unknown): json is TensorJson =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (isTensor(json)) return decode(json);
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' ? Number(json) : json;
}

/** One accepted call of each function in the fixtures, without options if there is one. */
function fromFixtures(): Map<string, () => unknown[]> {
  const found = new Map<string, { options: number; args: () => unknown[] }>();
  for (const file of readdirSync(path.join(__dirname, '../golden'))) {
    for (const { fn, ns, args, options, throws } of readGolden<GoldenCase>(path.parse(file).name).cases ?? []) {
      if (ns === undefined || throws !== undefined) continue;
      const name = ns ? `${ns}.${fn}` : fn;
      const count = Object.keys(options).length;
      if (count >= (found.get(name)?.options ?? Number.POSITIVE_INFINITY)) continue;
      const named = Object.entries(options).map(([key, value]) => [key, revive(value)]);
      found.set(name, {
        options: count,
        args: () => [...args.map(revive), ...(count ? [Object.fromEntries(named)] : [])],
      });
    }
  }
  return new Map([...found].map(([name, { args }]) => [name, args]));
}

/** An example of each public function; those without one are listed by name. */
export function examples(): { list: Example[]; missing: string[] } {
  const fixtures = fromFixtures();
  const list: Example[] = [];
  const missing: string[] = [];
  for (const [name, call] of publicFunctions()) {
    if (ELSEWHERE.has(name)) continue;
    // A method and the function of its name take the same arguments.
    const root = name.replace(/^Tensor\./, '');
    const args = OWN[name] ?? fixtures.get(name) ?? OWN[root] ?? fixtures.get(root) ?? fixtures.get(`Tensor.${name}`);
    if (args) list.push({ name, call, args });
    else missing.push(name);
  }
  return { list, missing };
}

const model = () => new nn.Linear(2, 2).parameters();

/** How each class is made, whose constructor checks its arguments. */
export const CLASSES: [name: string, make: (...more: unknown[]) => unknown][] = [
  ['Linear', (...more) => new (nn.Linear as never as new (...args: unknown[]) => unknown)(2, 2, true, ...more)],
  ...(
    [
      ['Dropout', nn.Dropout, [0.5]],
      ['Flatten', nn.Flatten, [1, -1]],
      ['Unflatten', nn.Unflatten, [1, [2, 2]]],
      ['ReLU', nn.ReLU, [false]],
      ['Sigmoid', nn.Sigmoid, []],
      ['Tanh', nn.Tanh, []],
      ['Softmax', nn.Softmax, [1]],
      ['LogSoftmax', nn.LogSoftmax, [1]],
      ['CrossEntropyLoss', nn.CrossEntropyLoss, [null]],
      ['NLLLoss', nn.NLLLoss, [null]],
      ['MSELoss', nn.MSELoss, ['mean']],
      ['Parameter', nn.Parameter, [zeros(1), true]],
    ] as [string, new (...args: never[]) => unknown, unknown[]][]
  ).map(([name, Class, args]): [string, (...more: unknown[]) => unknown] => [
    name,
    (...more) => new Class(...([...args, ...more] as never[])),
  ]),
  ['SGD', (...more) => new (optim.SGD as never as new (...args: unknown[]) => unknown)(model(), ...more)],
  ['Adam', (...more) => new (optim.Adam as never as new (...args: unknown[]) => unknown)(model(), ...more)],
];
