import * as f from '../../lib';
import { nn, optim, type Tensor } from '../../lib';

type Name = Exclude<keyof typeof optim, 'Optimizer' | 'SparseAdam' | 'lrScheduler' | `register${string}`>;

/** Each optimizer with options for the quadratic and for the valley. */
const TABLE: [Name, object, object][] = [
  ['SGD', { lr: 0.02, momentum: 0.9 }, { lr: 1e-3, momentum: 0.9 }],
  ['Adam', { lr: 0.05 }, { lr: 0.05 }],
  ['AdamW', { lr: 0.05, weightDecay: 1e-4 }, { lr: 0.05, weightDecay: 1e-4 }],
  ['Adamax', { lr: 0.05 }, { lr: 0.05 }],
  ['NAdam', { lr: 0.05 }, { lr: 0.05 }],
  ['RAdam', { lr: 0.05 }, { lr: 2e-3, betas: [0.9, 0.9] }],
  ['RMSprop', { lr: 0.02 }, { lr: 5e-3 }],
  ['Rprop', { lr: 0.01 }, { lr: 0.01 }],
  ['Adagrad', { lr: 0.5 }, { lr: 0.5 }],
  ['Adadelta', { lr: 5 }, { lr: 1 }],
  ['ASGD', { lr: 0.05 }, { lr: 2e-3 }],
  ['Adafactor', { lr: 0.05 }, { lr: 0.05 }],
  ['Lion', { lr: 0.02 }, { lr: 5e-3 }],
  ['LBFGS', { lineSearchFn: 'strong_wolfe' }, { lineSearchFn: 'strong_wolfe' }],
];
// Muon's step has one size in all directions whatever the gradient, so its rate has to fall.
const MUON: (typeof TABLE)[number] = ['Muon', { lr: 0.05, weightDecay: 0 }, {}];
const EVERY = [...TABLE, MUON];

function make(name: Name, params: unknown, options?: unknown): optim.Optimizer {
  return new (optim[name] as new (params: unknown, options?: unknown) => optim.Optimizer)(params, options);
}
const steps = (name: Name, many: number) => (name === 'LBFGS' ? 20 : many);

function minimize(optimizer: optim.Optimizer, loss: () => Tensor, count: number): number {
  const start = optimizer.paramGroups[0]!.lr;
  for (let step = 0; step < count; step++) {
    if (optimizer instanceof optim.Muon) optimizer.paramGroups[0]!.lr = start * (1 - step / count);
    optimizer.step(() => {
      optimizer.zeroGrad();
      const value = loss();
      value.backward();
      return value;
    });
  }
  return loss().item();
}

describe('every optimizer minimizes', () => {
  it.each(EVERY)('%s: a quadratic', (name, options) => {
    const p = f.tensor(
      [
        [1.5, -2],
        [0.5, 1],
      ],
      { requiresGrad: true },
    );
    const scale = f.tensor([
      [1, 3],
      [5, 2],
    ]);
    const loss = () => p.sub(1).square().mul(scale).sum();
    const before = loss().item();
    expect(minimize(make(name, [p], options), loss, steps(name, 400))).toBeLessThan(before / 100);
  });

  it.each(TABLE)('%s: the Rosenbrock valley', (name, _, options) => {
    const p = f.tensor([-0.5, 1.2], { requiresGrad: true });
    const loss = () => {
      const [x, y] = [p.index(0), p.index(1)];
      return y.sub(x.square()).square().mul(100).add(x.neg().add(1).square()).sum();
    };
    expect(loss().item()).toBeGreaterThan(90);
    expect(minimize(make(name, [p], options), loss, steps(name, 1500))).toBeLessThan(1);
  });
});

/** Parameters and gradients of 50 steps. */
const SHAPES = [[3], [4, 2]];
const draw = () => SHAPES.map((shape) => f.randn(shape));
const numbers = (params: Tensor[]) => params.flatMap((p) => Array.from(p.toTypedArray()));

describe('state', () => {
  const variants: [Name, object][] = [
    ...TABLE.filter(([name]) => name !== 'LBFGS').map(([name, options]): [Name, object] => [name, options]),
    ['Adam', { lr: 0.05, amsgrad: true, weightDecay: 0.1 }],
    ['RMSprop', { lr: 0.05, momentum: 0.5, centered: true }],
    ['ASGD', { lr: 0.05, t0: 10 }],
  ];

  // Averages that libtensorflow keeps scaled are off by an ulp after the way out and back.
  const scaled = ['Adam', 'AdamW', 'NAdam', 'RAdam', 'Adadelta'];

  it.each(variants)('%s: 25 steps, saved, loaded, and 25 more are 50: %j', (name, options) => {
    f.manualSeed(3);
    const start = draw();
    const grads = Array.from({ length: 50 }, draw);
    const train = (split: boolean) => {
      const params = start.map((p) => p.clone().requiresGrad_());
      let optimizer = make(name, params, options);
      grads.forEach((step, i) => {
        if (split && i === 25) {
          const saved = optimizer.stateDict();
          optimizer = make(name, params, { lr: 9 });
          optimizer.loadStateDict(saved);
        }
        params.forEach((p, k) => {
          p.grad = step[k]!;
        });
        optimizer.step();
      });
      return numbers(params);
    };
    const [whole, halves] = [train(false), train(true)];
    if (!scaled.includes(name)) return expect(halves).toEqual(whole);
    halves.forEach((x, i) => {
      // An ulp of an average moves a step by half of that, and 25 steps by no more than one ulp of what they sum up to.
      expect(Math.abs(x - whole[i]!)).toBeLessThanOrEqual(2 ** -23 * Math.max(1, Math.abs(whole[i]!)));
    });
  });

  it.each([...variants, MUON.slice(0, 2) as [Name, object]])(
    '%s: nothing leaks, a gradient tensor may be used again: %j',
    (name, options) => {
      const params = [f.randn(4, 2), f.randn(2, 3)].map((p) => p.requiresGrad_());
      const optimizer = make(name, params, options);
      for (const p of params) p.grad = f.randn(p.shape);
      const before = params.map((p) => p.grad!.tolist());
      for (let i = 0; i < 12; i++) optimizer.step();
      const live = f.memory().numTensors;
      for (let i = 0; i < 20; i++) optimizer.step();
      expect(f.memory().numTensors).toBeLessThanOrEqual(live);
      expect(params.map((p) => p.grad!.tolist())).toEqual(before);
    },
  );

  it.each(EVERY)('%s: state inside of tidy stays: %j', (name, options) => {
    const p = f.tensor([[1, 2]], { requiresGrad: true });
    const optimizer = make(name, [p], options);
    const step = () =>
      f.tidy(() => {
        optimizer.step(() => {
          optimizer.zeroGrad();
          const loss = p.square().sum();
          loss.backward();
          return loss;
        });
      });
    step();
    step();
    expect(p.square().sum().item()).toBeLessThan(5);
    expect(() => optimizer.stateDict().state.get(0)).not.toThrow();
  });
});

it.each(EVERY)('%s: a parameter that is a view trains its base, and begins with what that has', (name) => {
  const base = f.randn(2, 2, 3);
  const view = base.select(0, 1).requiresGrad_();
  const alone = base.select(0, 1).clone().requiresGrad_();
  const gradient = f.randn(2, 3);
  for (const [p, changed] of [
    [view, base],
    [alone, alone],
  ] as const) {
    const optimizer = make(name, [p], { lr: 0.1 });
    for (let step = 0; step < 3; step++) {
      optimizer.step(() => {
        p.grad = gradient.clone();
        return 1;
      });
      f.noGrad(() => changed.mul_(0.5));
    }
  }
  expect(view.tolist()).toEqual(alone.tolist());
  expect(base.select(0, 1).tolist()).toEqual(alone.tolist());
});

it.each(TABLE)('%s: a gradient that is a view shows what its base has by then', (name, options) => {
  const base = f.randn(2, 2, 3);
  const [viewed, copied] = [f.ones(2, 3, { requiresGrad: true }), f.ones(2, 3, { requiresGrad: true })];
  for (const [p, isView] of [
    [viewed, true],
    [copied, false],
  ] as const) {
    const optimizer = make(name, [p], options);
    for (let step = 0; step < 3; step++) {
      const gradient = base.select(0, 1);
      p.grad = isView ? gradient : gradient.mul(-2);
      f.noGrad(() => base.mul_(-2));
      optimizer.step(() => 1);
      f.noGrad(() => base.mul_(-0.5));
    }
  }
  expect(viewed.tolist()).toEqual(copied.tolist());
});

describe('options', () => {
  const one = () => [f.zeros(2, 2, { requiresGrad: true })];

  it.each(EVERY)('%s: one way to compute, so others are accepted only where they give the same', (name) => {
    const defaults = make(name, one()).defaults as Record<string, unknown>;
    if ('foreach' in defaults) expect(make(name, one(), { foreach: true }).defaults).toMatchObject({ foreach: true });
    if ('fused' in defaults) expect(make(name, one(), { fused: true }).defaults).toMatchObject({ fused: true });
    const refusal = (option: string) =>
      option in defaults ? new RegExp(`${name}: ${option}: true is not supported: `) : /has no meaning here/;
    expect(() => make(name, one(), { differentiable: true })).toThrow(refusal('differentiable'));
    expect(() => make(name, one(), { capturable: true })).toThrow(refusal('capturable'));
  });

  it.each(EVERY)('%s: an unknown option is refused, an lr tensor taken by its value', (name) => {
    expect(() => make(name, one(), { learningRate: 1 })).toThrow(`${name}: unknown option 'learningRate'`);
    expect(make(name, one(), { lr: f.tensor(0.5) }).paramGroups[0]!.lr).toBe(0.5);
    if (name !== 'LBFGS') expect(make(name, [{ params: one(), lr: f.tensor([0.25]) }]).paramGroups[0]!.lr).toBe(0.25);
  });

  it('SparseAdam refuses dense gradients, Muon all that is no matrix', () => {
    const p = one()[0]!;
    const sparse = new optim.SparseAdam([p]);
    sparse.step();
    p.grad = f.ones(2, 2);
    expect(() => sparse.step()).toThrow('SparseAdam does not support dense gradients, please consider Adam instead');
    const muon = new optim.Muon([p]);
    const vector = f.zeros(3, { requiresGrad: true });
    const message = 'Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([3])';
    expect(() => muon.addParamGroup({ params: [vector] })).toThrow(message);
    expect(muon.paramGroups).toHaveLength(1);
    expect(() => new optim.Muon([p], { nsSteps: 100 }).step()).toThrow('Number of steps must be less than 100');
  });

  it('named parameters keep their names, in state dicts too; all have one or none', () => {
    const model = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(model.namedParameters(), { lr: 0.1 });
    expect(optimizer.paramGroups[0]!.paramNames).toEqual(['weight', 'bias']);
    expect(optimizer.stateDict().param_groups[0]!.param_names).toEqual(['weight', 'bias']);
    const [p, q] = [one()[0]!, one()[0]!];
    expect(() => new optim.SGD([['weight', p], q] as never)).toThrow(
      'all optimizer params should be with/without names. Some param names are missing',
    );
    expect(() => new optim.SGD([{ params: [p] }, { params: [['weight', q]] as [string, Tensor][] }])).toThrow(
      'all optimizer param groups should be with/without names. cannot add param group with names to the optimizer',
    );
    const other = new optim.SGD([['a', p]] as [string, Tensor][]);
    other.loadStateDict(new optim.SGD([q]).stateDict());
    expect(other.paramGroups[0]!.paramNames).toEqual(['a']);
  });
});

describe('hooks', () => {
  const made = () => {
    const p = f.ones(1, { requiresGrad: true });
    p.grad = f.ones(1);
    return { p, optimizer: new optim.SGD([p], { lr: 0.5 }) };
  };

  it('see every step, the global ones outermost', () => {
    const { optimizer } = made();
    const calls: string[] = [];
    const handles = [
      optim.registerOptimizerStepPreHook(() => void calls.push('global pre')),
      optim.registerOptimizerStepPostHook(() => void calls.push('global post')),
      optimizer.registerStepPreHook(() => void calls.push('pre')),
      optimizer.registerStepPostHook(
        (self, args, kwargs) => void calls.push(`post ${self === optimizer} ${args.length} ${Object.keys(kwargs)}`),
      ),
    ];
    optimizer.step(() => 1);
    expect(calls).toEqual(['global pre', 'pre', 'post true 1 ', 'global post']);
    for (const handle of handles) handle.remove();
    optimizer.step();
    expect(calls).toHaveLength(4);
  });

  it('may change what step is called with', () => {
    const { optimizer } = made();
    optimizer.registerStepPreHook(() => [[() => 7], {}]);
    expect(optimizer.step(() => 1)).toBe(7);
    optimizer.registerStepPreHook(() => 5);
    expect(() => optimizer.step()).toThrow('must return None or a tuple of (new_args, new_kwargs), but got 5');
  });

  it('see state dicts on their way out and in, and may change them', () => {
    const { optimizer } = made();
    const calls: string[] = [];
    optimizer.registerStateDictPreHook(() => void calls.push('pre save'));
    optimizer.registerStateDictPreHook(() => void calls.push('first'), { prepend: true });
    optimizer.registerStateDictPostHook((_self, saved) => ({
      ...saved,
      param_groups: saved.param_groups.map((g) => ({ ...g, lr: 3 })),
    }));
    optimizer.registerLoadStateDictPreHook((_self, given) => {
      calls.push(`load ${given.param_groups[0]!.lr}`);
      given.param_groups = given.param_groups.map((g) => ({ ...g, momentum: 0.25 }));
    });
    optimizer.registerLoadStateDictPostHook((self) => void calls.push(`loaded ${self.paramGroups[0]!.lr}`));
    const saved = optimizer.stateDict();
    optimizer.loadStateDict(saved);
    expect(calls).toEqual(['first', 'pre save', 'load 3', 'loaded 3']);
    expect([optimizer.paramGroups[0]!.momentum, saved.param_groups[0]!.momentum]).toEqual([0.25, 0]);
  });
});
