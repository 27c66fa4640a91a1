import {
  accelerator,
  areDeterministicAlgorithmsEnabled,
  asarray,
  asTensor,
  BoolTensor,
  backends,
  cuda,
  defaultGenerator,
  device,
  FloatTensor,
  finfo,
  getDefaultDtype,
  getNumThreads,
  iinfo,
  LongTensor,
  mps,
  nn,
  ones,
  promoteTypes,
  rand,
  seed,
  setDefaultDtype,
  setNumThreads,
  type Tensor,
  tensor,
  useDeterministicAlgorithms,
  xpu,
  zeros,
} from '../../lib';
import { readGolden } from '../support/fixtures';
import { describeGolden } from '../support/golden';

const SIZES = 'names the sizes, as every creation function here';
describeGolden(
  'habits',
  {},
  {
    'Tensor.stride [] 1': 'a 0-d tensor has one imagined dimension here',
    'broadcastShapes [2] [3]': 'in the words of every broadcast',
    'broadcastShapes [2, 2] [3, 2]': 'in the words of every broadcast',
    'Tensor.newZeros [2] -1': SIZES,
    'Tensor.newOnes [2] -1': SIZES,
  },
);

describe('limits', () => {
  const golden = readGolden<unknown, { finfo: object; iinfo: object }>('habits');
  it('finfo', () => expect([finfo('float32'), finfo()]).toEqual([golden.finfo, golden.finfo]));
  it('iinfo', () => expect([iinfo('int32'), iinfo('int64')]).toEqual([golden.iinfo, golden.iinfo]));
});

describe('devices', () => {
  const x = ones(2);
  const layer = new nn.Linear(2, 2);

  it('there is no other to be had', () => {
    expect([accelerator, cuda, mps, xpu].map((kind) => [kind.isAvailable(), kind.deviceCount()])).toEqual(
      Array(4).fill([false, 0]),
    );
    expect(accelerator.currentAccelerator()).toBeNull();
  });

  it('the cpu is accepted wherever a device is given', () => {
    const here = device(cuda.isAvailable() ? 'cuda' : 'cpu');
    expect([here, x.device, device('cpu', 0), device('cpu:0')]).toEqual(['cpu', 'cpu', 'cpu', 'cpu']);
    expect([x.to(here), x.to('cpu:0'), x.cpu(), x.to({ device: here })].every((y) => y === x)).toBe(true);
    expect(
      [
        layer.to(here),
        layer.to({ device: here }),
        layer.cpu(),
        layer.to(x),
        layer.to('cpu', { dtype: 'float32' }),
      ].every((m) => m === layer),
    ).toBe(true);
    expect(zeros(2, { device: here }).device).toBe('cpu');
    expect([x.isCpu, x.isCuda, x.isSparse, x.getDevice()]).toEqual([true, false, false, -1]);
  });

  it.each<[string, () => unknown]>([
    ['device', () => device('cuda')],
    ['device with an index', () => device('cuda:1')],
    ['another index', () => device('cpu', 1)],
    ['no device', () => device('gpu')],
    ['no string', () => device(0 as never)],
    ['to', () => x.to('cuda')],
    ['to by name', () => x.to({ device: 'mps' })],
    ['to cuda:0', () => x.to('cuda:0', { dtype: 'int32' })],
    ['x.cuda()', () => x.cuda()],
    ['creation', () => zeros(2, { device: 'cuda' })],
    ['random', () => rand(2, { device: 'meta' })],
    ['module.to', () => layer.to('cuda')],
    ['module.to by name', () => layer.to({ device: 'cuda:0' })],
    ['module.cuda()', () => layer.cuda()],
  ])('another is refused, and named: %s', (_, misuse) => {
    expect(misuse).toThrow(/device.*(cuda|mps|meta|gpu|1|0)|cpu has the index 0 only/);
  });

  it('cuda and backends answer as on a machine without a GPU', () => {
    const before = defaultGenerator().getState();
    cuda.manualSeed(1);
    cuda.manualSeedAll(1);
    cuda.emptyCache();
    expect(defaultGenerator().getState()).toEqual(before);
    expect([
      cuda.deviceCount(),
      cuda.memoryAllocated(),
      cuda.maxMemoryAllocated(),
      cuda.isInitialized(),
      cuda.getRngStateAll(),
    ]).toEqual([0, 0, 0, false, []]);
    for (const ask of [cuda.synchronize, cuda.currentDevice, cuda.getDeviceName, cuda.setDevice]) {
      expect(ask).toThrow(/cuda\.\w+: Torch not compiled with CUDA enabled/);
    }
    backends.cudnn.deterministic = true;
    backends.cudnn.benchmark = false;
    expect([backends.cudnn.deterministic, backends.mps.isAvailable(), backends.cudnn.isAvailable()]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('dtypes', () => {
  const x = tensor([1.5, -1.5]);

  it('to, in every form', () => {
    const forms = [
      x.to('int32'),
      x.to(ones(1).int()),
      x.to({ dtype: 'int32' }),
      x.to('cpu', { dtype: 'int64' }),
      x.int(),
      x.long(),
      x.type('torch.LongTensor'),
    ];
    expect(forms.map((y) => [y.dtype, y.tolist()])).toEqual(forms.map(() => ['int32', [1, -1]]));
    expect([x.to('float32') === x, x.to('float32', { copy: true }) === x, x.to({ copy: true }) === x]).toEqual([
      true,
      false,
      false,
    ]);
    const w = ones(2, { requiresGrad: true });
    w.to('float32', { copy: true }).sum().backward();
    expect(w.grad!.tolist()).toEqual([1, 1]);
  });

  const refusals = ['double', 'half', 'bfloat16', 'short', 'char', 'byte'] as const;
  it.each(refusals)('%s is refused by name', (name) => {
    expect(() => x[name]()).toThrow(new RegExp(`^${name}: there is no \\w+ here, only float32, int32 and bool`));
  });

  it('modules are float32', () => {
    const layer = new nn.Linear(2, 2);
    expect(
      [layer.float(), layer.type('float32'), layer.type('torch.FloatTensor'), layer.to('float32')].every(
        (m) => m === layer,
      ),
    ).toBe(true);
    for (const misuse of [
      () => layer.half(),
      () => layer.double(),
      () => layer.bfloat16(),
      () => layer.to('int32'),
      () => layer.to({ dtype: 'float64' }),
      () => layer.to(x.int()),
      () => layer.type('torch.IntTensor'),
    ])
      expect(misuse).toThrow(/Module\.\w+: (the parameters|dtype must be)/);
  });

  it('the default dtype is float32', () => {
    setDefaultDtype('float32');
    expect([getDefaultDtype(), promoteTypes('long', 'bool')]).toEqual(['float32', 'int32']);
    expect(() => setDefaultDtype('int32')).toThrow(/only floating-point types are supported as the default type/);
    expect(() => setDefaultDtype('float64')).toThrow(/float64/);
  });

  it('sizes in bytes, and transposes', () => {
    expect([x.itemsize, x.nbytes, x.bool().nbytes, zeros(0).nbytes]).toEqual([4, 8, 2, 0]);
    const m = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([m.H, m.mH].map((y) => y.tolist())).toEqual([m.t().tolist(), m.t().tolist()]);
    expect([ones(2, 3, 4).mH.shape, tensor(1).H.shape]).toEqual([[2, 4, 3], []]);
    expect(() => x.H).toThrow('tensor.H is only supported on matrices (2-D tensors). Got 1-D tensor.');
    expect(() => ones(1, 2, 3).H).toThrow(/consider using tensor\.mH/);
    expect(() => x.mH).toThrow(/matrices or batches of matrices/);
  });
});

describe('making and detaching', () => {
  it('asTensor and asarray give a tensor itself, with its history', () => {
    const w = ones(2, { requiresGrad: true });
    expect([asTensor(w) === w, asarray(w) === w, asarray(w, { copy: true }) === w]).toEqual([true, true, false]);
    asTensor(w.mul(2), { dtype: 'float32' }).sum().backward();
    expect(w.grad!.tolist()).toEqual([2, 2]);
    expect(asarray(w.mul(2), { requiresGrad: false }).isLeaf).toBe(true);
    expect(() => asarray([1], { copy: false })).toThrow(/can't alias data/);
  });

  it('FloatTensor and the like take sizes, too', () => {
    expect([FloatTensor(2, 3).shape, LongTensor(2).shape, BoolTensor().shape, LongTensor(2).dtype]).toEqual([
      [2, 3],
      [2],
      [0],
      'int32',
    ]);
    const x = ones(2);
    FloatTensor(x).zero_();
    expect(x.tolist()).toEqual([0, 0]);
    expect(() => LongTensor(x)).toThrow(/LongTensor: expected a tensor of dtype int32, got float32/);
    expect(() => (FloatTensor as (...args: unknown[]) => unknown)([1], [2])).toThrow(TypeError);
  });

  it('detach_ makes a leaf', () => {
    const w = ones(2, { requiresGrad: true });
    const y = w.mul(2);
    expect([y.detach_() === y, y.isLeaf, y.requiresGrad, y.tolist()]).toEqual([true, true, false, [2, 2]]);
    expect(() => w.view(2).detach_()).toThrow(/Can't detach views in-place/);
  });

  it('newTensor keeps no history and takes requiresGrad', () => {
    const w = ones(2, { requiresGrad: true });
    const made: Tensor[] = [w.newTensor(w), w.newZeros(1), w.newEmpty([2, 2])];
    expect(made.map((y) => y.requiresGrad)).toEqual([false, false, false]);
    expect([w.newOnes(1, { requiresGrad: true }).requiresGrad, made[2]!.shape]).toEqual([true, [2, 2]]);
  });
});

describe('settings', () => {
  it('deterministic algorithms are accepted', () => {
    useDeterministicAlgorithms(true, { warnOnly: true });
    expect(areDeterministicAlgorithmsEnabled()).toBe(true);
    useDeterministicAlgorithms(false);
    expect(areDeterministicAlgorithmsEnabled()).toBe(false);
    expect(() => useDeterministicAlgorithms(1 as never)).toThrow(TypeError);
  });

  it('threads are as many as there are', () => {
    setNumThreads(getNumThreads());
    expect(getNumThreads()).toBeGreaterThan(0);
    expect(() => setNumThreads(getNumThreads() + 1)).toThrow(/TF_NUM_INTRAOP_THREADS=\d/);
    expect(() => setNumThreads(0)).toThrow(/set_num_threads expects a positive integer/);
  });

  it('seed() starts over anywhere', () => {
    const first = seed();
    const drawn = rand(2).tolist();
    expect(seed()).not.toBe(first);
    defaultGenerator().manualSeed(first);
    expect(rand(2).tolist()).toEqual(drawn);
  });
});
