import { setTimeout } from 'node:timers/promises';
import {
  deepcopy,
  KeyError,
  LongTensor,
  manualSeed,
  memory,
  nn,
  noGrad,
  ones,
  optim,
  RuntimeError,
  type Tensor,
  tensor,
  utils,
  zeros,
} from '../../lib';
import { AssertionError } from '../../lib/errors';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, updateBn } = optim.swaUtils;

type State = Record<string, TensorJson>;
interface AverageCase {
  kind: 'average';
  name: string;
  useBuffers: boolean;
  averaged: State[];
  output: TensorJson;
  throws?: string;
}
interface BnCase {
  kind: 'bn';
  name: string;
  momentum: number | null;
  before: State;
  after: State;
}

const golden = readGolden<AverageCase | BnCase, { models: State[]; batches: TensorJson[] }>('swa');
const averages = golden.cases.filter((c) => c.kind === 'average');
const norms = golden.cases.filter((c) => c.kind === 'bn');

class Counted extends nn.Module {
  scale = new nn.Parameter(ones(2));
  declare mean: Tensor;
  declare count: Tensor;

  constructor() {
    super();
    this.registerBuffer('mean', zeros(2));
    this.registerBuffer('count', tensor(0, { dtype: 'int32' }));
    this.registerBuffer('scratch', zeros(1), false);
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.scale).sub(this.mean);
  }
}

const makeModel = () => new nn.Sequential(new nn.Linear(3, 2), new Counted());
const decodeAll = (state: State) => Object.fromEntries(Object.entries(state).map(([key, json]) => [key, decode(json)]));

function expectState(module: nn.Module, expected: State): void {
  const state = module.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(expected));
  for (const [key, json] of Object.entries(expected)) expectClose(state[key]!, json);
}

const WAYS: Record<string, optim.swaUtils.AveragedModelOptions> = {
  'the mean': {},
  'avg_fn ema': { avgFn: getEmaAvgFn(0.9) },
  'avg_fn ema by default': { avgFn: getEmaAvgFn() },
  'avg_fn swa': { avgFn: getSwaAvgFn() },
  "avg_fn of one's own": {
    avgFn: (averaged, current, count) => averaged.mul(0.25).add(current.div(count.add(2))),
  },
  'multi_avg_fn ema': { multiAvgFn: getEmaMultiAvgFn(0.9) },
  'multi_avg_fn ema far': { multiAvgFn: getEmaMultiAvgFn(0.2) },
  'multi_avg_fn swa': { multiAvgFn: getSwaMultiAvgFn() },
};

describe('AveragedModel', () => {
  it.each(averages.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const model = makeModel();
    model.loadStateDict(decodeAll(golden.models[0]!));
    const average = new AveragedModel(model, {
      ...WAYS[c.name.replace(' with buffers', '')]!,
      useBuffers: c.useBuffers,
    });
    expectState(average, c.averaged[0]!);
    const update = (state: State) => {
      model.loadStateDict(decodeAll(state));
      average.updateParameters(model);
    };
    c.averaged.slice(1).forEach((expected, i) => {
      update(golden.models[i + 1]!);
      expectState(average, expected);
    });
    if (c.throws) {
      const [first] = c.throws.split(',');
      expect(() => update(golden.models[2]!)).toThrow(RuntimeError);
      expect(() => update(golden.models[2]!)).toThrow(first);
    } else expectClose(average(ones(1, 3)), c.output);
  });

  it('is a module of its own, whose copy follows nothing but updates', () => {
    const model = new nn.Linear(2, 1);
    const average = new AveragedModel(model);
    const before = average(ones(1, 2)).item();
    noGrad(() => model.weight.add_(1));
    expect(average(ones(1, 2)).item()).toBe(before);
    average.updateParameters(model);
    expect(average(ones(1, 2)).item()).toBe(model(ones(1, 2)).item());
    expect(average.nAveraged.item()).toBe(1);
    expect([average.module.weight.isLeaf, average.module.weight.requiresGrad]).toEqual([true, true]);
    expect(String(average)).toBe(`AveragedModel(\n  (module): ${model}\n)`);
  });

  it('continues from a state dict', () => {
    const [a, b] = [new AveragedModel(makeModel()), new AveragedModel(makeModel())];
    const models = [1, 2, 3].map(makeModel);
    a.updateParameters(models[0]!);
    a.updateParameters(models[1]!);
    b.loadStateDict(a.stateDict());
    for (const average of [a, b]) average.updateParameters(models[2]!);
    for (const [key, value] of Object.entries(a.stateDict())) {
      expectClose(b.stateDict()[key]!, value, { rtol: 0, atol: 0 });
    }
  });

  it('trains along, and leaks nothing', async () => {
    const model = makeModel();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const average = new AveragedModel(model, null, { multiAvgFn: getEmaMultiAvgFn(0.9), useBuffers: true });
    const train = () => {
      optimizer.zeroGrad();
      model(ones(4, 3)).sum().backward();
      optimizer.step();
      average.updateParameters(model);
    };
    train();
    train();
    await setTimeout(0);
    const before = memory().numTensors;
    for (let i = 0; i < 3; i++) train();
    await setTimeout(0);
    expect(memory().numTensors).toBe(before);
    expect(model.parameters().every((p) => p.isLeaf)).toBe(true);
  });

  it.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    [
      'two ways',
      () => new AveragedModel(makeModel(), { avgFn: getSwaAvgFn(), multiAvgFn: getSwaMultiAvgFn() }),
      AssertionError,
      'Only one of avg_fn and multi_avg_fn should be provided',
    ],
    ['another device', () => new AveragedModel(makeModel(), 'cuda'), TypeError, 'got cuda'],
    [
      'a decay below 0',
      () => getEmaAvgFn(-0.1),
      RuntimeError,
      'Invalid decay value -0.1 provided. Please provide a value in [0,1] range.',
    ],
    ['a decay above 1', () => getEmaMultiAvgFn(1.5), RuntimeError, 'Invalid decay value 1.5'],
  ])('refuses %s', (_, refuse, Class, message) => {
    expect(refuse).toThrow(Class);
    expect(refuse).toThrow(message);
  });

  it('the functions take a count as a number, too', () => {
    const [a, b] = [tensor([1, 2]), tensor([4, 8])];
    expectClose(getSwaAvgFn()(a, b, 2), tensor([2, 4]));
    getSwaMultiAvgFn()([a], [b], 2);
    expectClose(a, tensor([2, 4]));
  });
});

describe('the copy of a model', () => {
  it('copies what is nested, once each, with requiresGrad, mode and settings', () => {
    const shared = new nn.Linear(2, 2);
    class Net extends nn.Module {
      layers = new nn.ModuleList([shared, new nn.Dropout(0.3)]);
      again = shared;
      table = new nn.ModuleDict({ a: new Counted() });
      settings = { sizes: [1, 2], weight: zeros(1) };
      forward(x: Tensor): Tensor {
        return this.again(x);
      }
    }
    const net = new Net().eval();
    shared.weight.requiresGrad_(false);
    const copied = deepcopy(net);
    expect(copied).toBeInstanceOf(Net);
    expect(String(copied)).toBe(String(net));
    expect(copied.layers.get(0)).toBe(copied.again);
    expect(copied.again).not.toBe(shared);
    expect([copied.training, copied.again.weight.requiresGrad]).toEqual([false, false]);
    expect(copied.settings.sizes).toEqual([1, 2]);
    expect(copied.settings.weight).not.toBe(net.settings.weight);
    expect(Object.keys(copied.stateDict())).toEqual(Object.keys(net.stateDict()));
    expect(copied.layers.length).toBe(2);
  });
});

/** Batch normalisation as PyTorch's, written by hand. */
class Norm extends nn.Module {
  declare running_mean: Tensor;
  declare running_var: Tensor;
  declare num_batches_tracked: Tensor;
  momentum: number | null;
  weight = new nn.Parameter(ones(3));
  bias = new nn.Parameter(zeros(3));

  constructor(momentum: number | null) {
    super();
    this.registerBuffer('running_mean', zeros(3));
    this.registerBuffer('running_var', ones(3));
    this.registerBuffer('num_batches_tracked', tensor(0, { dtype: 'int32' }));
    this.momentum = momentum;
  }

  resetRunningStats(): void {
    this.running_mean.zero_();
    this.running_var.fill_(1);
    this.num_batches_tracked.zero_();
  }

  forward(x: Tensor): Tensor {
    if (this.training) {
      this.num_batches_tracked.add_(1);
      const weight = this.momentum ?? 1 / this.num_batches_tracked.item();
      this.running_mean.lerp_(x.mean(0), weight);
      this.running_var.lerp_(x.var(0), weight);
    }
    return x;
  }
}

describe('updateBn', () => {
  const batches = golden.batches.map(decode);

  it.each(norms.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const norm = new Norm(c.momentum);
    norm.loadStateDict(decodeAll(c.before));
    norm.eval();
    updateBn(
      batches.map((batch) => [batch, null]),
      norm,
    );
    expectState(norm, c.after);
    expect([norm.training, norm.momentum]).toEqual([false, c.momentum]);
  });

  it('takes tensors, and batches of a DataLoader', () => {
    manualSeed(0);
    const [a, b] = [new Norm(0.1), new Norm(0.3)];
    updateBn(batches, new nn.Sequential(a), 'cpu');
    updateBn(
      new utils.data.DataLoader(new utils.data.TensorDataset(batches[0]!, LongTensor([1, 2, 3, 4]))),
      new nn.Sequential(b),
    );
    expectClose(a.running_mean, norms[0]!.after.running_mean!);
    expect([a.num_batches_tracked.item(), b.num_batches_tracked.item()]).toEqual([3, 4]);
    expectClose(b.running_mean, batches[0]!.mean(0));
  });

  it('leaves momentum and mode as they were where the model throws', () => {
    const norm = new Norm(0.1).eval();
    expect(() => updateBn([null], norm)).toThrow(TypeError);
    expect([norm.training, norm.momentum]).toEqual([false, 0.1]);
  });

  it('does not run a model without running statistics', () => {
    const model = new nn.Linear(2, 2);
    model.registerForwardPreHook(() => {
      throw new KeyError('it ran');
    });
    updateBn([ones(1, 2)], model);
    expect(() => updateBn([ones(1, 2)], model, 'cuda')).toThrow('got cuda');
  });
});
