import {
  autograd,
  deepcopy,
  Generator,
  isolated,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  randn,
  type Tensor,
  tensor,
  zeros,
} from '../../lib';

class Net extends nn.Module {
  first = new nn.Linear(2, 3);
  second = new nn.Sequential(new nn.ReLU(), new nn.Dropout(0.5), new nn.Linear(3, 2));
  tied = this.first.weight;
  config = { sizes: [2, 3], names: new Map([['a', 1]]) };
  parts = new nn.ModuleList([new nn.Tanh()]);
  circle = { net: this };
  count = 0;

  constructor() {
    super();
    this.registerBuffer('mean', zeros(2));
    this.registerBuffer('scratch', ones(1), { persistent: false });
  }

  forward(x: Tensor): Tensor {
    this.count++;
    return this.second(this.first(x));
  }
}

describe('deepcopy', () => {
  it('a leaf keeps requiresGrad and a copy of its gradient', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    w.mul(3).sum().backward();
    const twin = deepcopy(w);
    expect([twin.tolist(), twin.requiresGrad, twin.isLeaf, twin.grad!.tolist()]).toEqual([[1, 2], true, true, [3, 3]]);
    noGrad(() => twin.add_(1));
    twin.grad!.zero_();
    expect([w.tolist(), w.grad!.tolist()]).toEqual([
      [1, 2],
      [3, 3],
    ]);
    twin.mul(2).sum().backward();
    expect([w.grad!.tolist(), twin.grad!.tolist()]).toEqual([
      [3, 3],
      [2, 2],
    ]);
  });

  it('what was computed is refused, in PyTorch’s words', () => {
    const y = ones(2, { requiresGrad: true }).mul(2);
    const message = /Only Tensors created explicitly by the user \(graph leaves\) support the deepcopy protocol/;
    expect(() => deepcopy(y)).toThrow(message);
    const net = Object.assign(new Net(), { last: y });
    expect(() => deepcopy({ net })).toThrow(message);
    expect(deepcopy(y.detach()).tolist()).toEqual([2, 2]);
    expect(() => deepcopy(y.gradFn)).toThrow(/cannot copy a/);
    expect(() => deepcopy([Promise.resolve()])).toThrow('deepcopy: cannot copy a Promise');
  });

  it('a parameter loses its gradient, a hook stays behind', () => {
    const p = new nn.Parameter(ones(2));
    p.sum().backward();
    p.registerHook((g) => g.mul(100));
    const twin = deepcopy(p);
    expect([twin instanceof nn.Parameter, twin.grad, deepcopy(new nn.Parameter(ones(1), false)).requiresGrad]).toEqual([
      true,
      null,
      false,
    ]);
    twin.sum().backward();
    expect(twin.grad!.tolist()).toEqual([1, 1]);
  });

  it('views and storages that were shared are shared', () => {
    const base = zeros(2, 2);
    const [copy, row, same] = deepcopy([base, base.select(0, 0), base.detach()]) as [Tensor, Tensor, Tensor];
    row.add_(1);
    expect([copy.tolist(), same.tolist(), base.tolist()]).toEqual([
      [
        [1, 1],
        [0, 0],
      ],
      [
        [1, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    same.zero_();
    expect(row.tolist()).toEqual([0, 0]);
    expect(deepcopy(base.t().select(0, 1)).tolist()).toEqual([0, 0]);
    const w = ones(2, 2, { requiresGrad: true });
    expect(deepcopy(noGrad(() => w.view(4))).tolist()).toEqual([1, 1, 1, 1]);
  });

  it('a module: parameters, buffers, children, hooks and properties, each its own', () => {
    manualSeed(0);
    const net = new Net();
    const seen: nn.Module[] = [];
    const handle = net.registerForwardHook((module) => void seen.push(module));
    net.eval();
    const twin = deepcopy(net);
    expect(String(twin)).toBe(String(net));
    expect(Object.keys(twin.stateDict())).toEqual(Object.keys(net.stateDict()));
    expect(twin.namedBuffers().map(([name]) => name)).toEqual(['mean', 'scratch']);
    expect([twin.tied === twin.first.weight, twin.circle.net === twin, twin.first.weight === net.first.weight]).toEqual(
      [true, true, false],
    );
    expect([twin.config, twin.config === net.config, twin.training, twin.second.get(1).training]).toEqual([
      net.config,
      false,
      false,
      false,
    ]);
    const x = randn(4, 2);
    expect(twin(x).tolist()).toEqual(net(x).tolist());
    expect([seen[0] === twin, seen[1] === net, twin.count, net.count]).toEqual([true, true, 1, 1]);
    handle.remove();
    twin(x);
    expect(seen).toHaveLength(3);
    noGrad(() => twin.first.weight.zero_());
    expect(net.first.weight.abs().sum().item()).toBeGreaterThan(0);
    expect(twin instanceof Net && new nn.Parameter(ones(1)) instanceof nn.Parameter).toBe(true);
  });

  it.each<[string, () => nn.Module]>([
    ['Sequential', () => new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU())],
    ['ModuleList', () => new nn.ModuleList([new nn.Linear(1, 1)])],
    ['ModuleDict', () => new nn.ModuleDict({ a: new nn.Linear(1, 1) })],
    ['ParameterList', () => new nn.ParameterList([ones(1)])],
    ['CrossEntropyLoss', () => new nn.CrossEntropyLoss(ones(2))],
  ])('a %s', (_, make) => {
    const module = make();
    const twin = deepcopy(module);
    expect([String(twin), twin.parameters().length, twin.children().length, [...twin.namedModules()].length]).toEqual([
      String(module),
      module.parameters().length,
      module.children().length,
      [...module.namedModules()].length,
    ]);
    if (twin instanceof nn.ModuleList) twin.append(new nn.ReLU());
    if (twin instanceof nn.ModuleList) expect([twin.length, (module as nn.ModuleList).length]).toEqual([2, 1]);
  });

  it('a model and its optimizer together go on as the originals do', () => {
    const step = (model: nn.Module, optimizer: optim.Optimizer) => {
      manualSeed(1);
      optimizer.zeroGrad();
      (model(randn(8, 2)) as Tensor).square().mean().backward();
      optimizer.step();
      return model.parameters().map((p) => p.tolist());
    };
    const model = new nn.Linear(2, 2);
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
    const steps: unknown[] = [];
    optimizer.registerStepPostHook(() => void steps.push(0));
    step(model, optimizer);
    const [twin, other] = deepcopy([model, optimizer] as const);
    expect(other.paramGroups[0]!.params[0]).toBe(twin.weight);
    expect(step(twin, other)).toEqual(step(model, optimizer));
    expect(steps).toHaveLength(3);
    const alone = deepcopy(optimizer);
    expect([alone.paramGroups[0]!.params[0] === model.weight, alone.state.size]).toEqual([false, 2]);
  });

  const optimizers = Object.entries(optim).filter(
    // SparseAdam takes no dense gradients.
    ([name, value]) => 'prototype' in value && value.prototype instanceof optim.Optimizer && name !== 'SparseAdam',
  );
  it.each(optimizers as unknown as [string, typeof optim.SGD][])('%s, each, with its own scheduler', (_, Class) => {
    const model = new nn.Linear(3, 2, { bias: false });
    const optimizer: optim.Optimizer = new Class(model.parameters(), { lr: 0.1 });
    const scheduler = new optim.lrScheduler.StepLR(optimizer, 1, 0.5);
    const plateau = new optim.lrScheduler.ReduceLROnPlateau(optimizer, 'min', { patience: 0 });
    const train = (all: readonly [typeof model, typeof optimizer, typeof scheduler, typeof plateau]) => {
      manualSeed(1);
      for (let step = 0; step < 3; step++) {
        const x = randn(4, 3);
        all[1].step(() => {
          all[1].zeroGrad();
          const loss = all[0](x).square().mean();
          loss.backward();
          return loss;
        });
        all[2].step();
        all[3].step(1);
      }
      return [all[0].weight.tolist(), all[1].paramGroups[0]!.lr, all[2].stateDict(), all[3].stateDict()];
    };
    const all = [model, optimizer, scheduler, plateau] as const;
    train(all);
    const twins = deepcopy(all);
    expect(twins[2].optimizer).toBe(twins[1]);
    expect(train(twins)).toEqual(train(all));
  });

  it('the best state dict so far stays what it was', () => {
    const model = new nn.Linear(2, 1);
    const best = deepcopy(model.stateDict());
    const before = model.weight.tolist();
    noGrad(() => model.weight.fill_(7));
    model.loadStateDict(best);
    expect(model.weight.tolist()).toEqual(before);
  });

  it('plain data: nested, shared, in circles, of every kind', () => {
    class Point {
      x = [1];
      get double() {
        return this.x[0]! * 2;
      }
    }
    const shared = { deep: [1, { two: 2 }] };
    const data: Record<string, unknown> = {
      shared,
      again: shared,
      point: new Point(),
      set: new Set([shared]),
      map: new Map([[shared, 'x']]),
      bytes: Buffer.from('ab'),
      floats: Float32Array.of(1),
      when: new Date(5),
      nothing: null,
      fn: Math.sin,
    };
    data.self = data;
    const copy = deepcopy(data) as typeof data & { shared: typeof shared };
    expect(copy.shared).toEqual(shared);
    expect(copy.shared).not.toBe(shared);
    expect([
      copy.again === copy.shared,
      copy.self === copy,
      (copy.set as Set<unknown>).has(copy.shared),
      (copy.map as Map<unknown, unknown>).get(copy.shared),
      (copy.point as Point).double,
      copy.fn,
    ]).toEqual([true, true, true, 'x', 2, Math.sin]);
    expect([copy.floats, Buffer.isBuffer(copy.bytes), copy.when].map(String)).toEqual([
      '1',
      'true',
      String(new Date(5)),
    ]);
    (copy.floats as Float32Array)[0] = 3;
    (copy.bytes as Buffer)[0] = 0;
    expect([(data.floats as Float32Array)[0], String(data.bytes)]).toEqual([1, 'ab']);
    const { values, indices } = deepcopy(tensor([[1, 2]]).max(1));
    expect([values.tolist(), indices.tolist()]).toEqual([[2], [1]]);
    expect(deepcopy([1, 'a', undefined, true, 5n])).toEqual([1, 'a', undefined, true, 5n]);
  });

  it('a generator goes on from the same state, a function of one’s own stays', () => {
    const g = new Generator().manualSeed(3);
    randn(3, { generator: g });
    const twin = deepcopy(g);
    expect(randn(3, { generator: twin }).tolist()).toEqual(randn(3, { generator: g }).tolist());
    class Double extends autograd.Function {}
    expect(deepcopy(Double)).toBe(Double);
    expect(isolated(() => deepcopy(ones(1)).item())).toBe(1);
    const gone = ones(2);
    gone.dispose();
    expect(() => deepcopy(gone)).toThrow(/used after dispose/);
  });
});
