import * as f from '../../lib';
import { optim, type Tensor } from '../../lib';
import { expectClose, readGolden } from '../support/fixtures';
import type { StateDictJson } from '../support/stateDicts';
import { checkStateDict } from './stateDictJson';

type Optimizers = 'SGD' | 'Adam';
interface Case {
  optimizer: Optimizers;
  name: string;
  options: Record<string, unknown>;
  out?: object;
  stateDict: StateDictJson;
  wrong?: string;
  throws?: string;
  warning?: string;
}

const golden = readGolden<Case>('optim');
const fresh = golden.cases.filter(({ out }) => out && Object.keys(out).length === 0);

describe('state dicts', () => {
  it.each(fresh.map((c): [string, Case] => [c.name, c]))('%s', (_name, c) => {
    const params = c.stateDict.param_groups[0]!.params.map(() => f.zeros(1, { requiresGrad: true }));
    checkStateDict(new optim[c.optimizer](params).stateDict(), c.stateDict);
  });

  it('share storage with the optimizer, and are copied when they are loaded', () => {
    const p = f.zeros(2, { requiresGrad: true });
    const optimizer = new optim.SGD([p], { lr: 0.1, momentum: 0.9 });
    p.grad = f.ones(2);
    optimizer.step();
    const saved = optimizer.stateDict();
    optimizer.step();
    const buffer = saved.state.get(0)!.momentum_buffer as Tensor;
    expect(buffer.tolist()).toEqual(f.tensor([1.9, 1.9]).tolist());
    const other = new optim.SGD([f.zeros(2, { requiresGrad: true })], { lr: 0.1, momentum: 0.9 });
    other.loadStateDict(saved);
    buffer.zero_();
    expect((other.stateDict().state.get(0)!.momentum_buffer as Tensor).sum().item()).toBeCloseTo(3.8);
  });

  it('that do not fit are refused, and change nothing', () => {
    const p = f.zeros(2, { requiresGrad: true });
    const optimizer = new optim.Adam([p], { lr: 0.5 });
    const saved = optimizer.stateDict();
    const twice = { ...saved, param_groups: [...saved.param_groups, ...saved.param_groups] };
    expect(() => optimizer.loadStateDict(twice)).toThrow(
      'loaded state dict has a different number of parameter groups',
    );
    const wrongShape = {
      state: new Map([[0, { step: f.tensor(1), exp_avg: f.zeros(3), exp_avg_sq: f.zeros(3) }]]),
      param_groups: saved.param_groups.map((group) => ({ ...group, lr: 7 })),
    };
    expect(() => optimizer.loadStateDict(wrongShape)).toThrow(/'exp_avg' has shape \[3\], its parameter \[2\]/);
    expect([optimizer.paramGroups[0]!.lr, optimizer.state.size]).toEqual([0.5, 0]);
  });
});

describe('errors and warnings', () => {
  const one = () => [f.zeros(2, { requiresGrad: true })];
  const p = f.zeros(2, { requiresGrad: true });
  const wrong: Record<string, () => unknown> = {
    'no parameters': () => [],
    'the same parameter in two groups': () => [{ params: [p] }, { params: [p] }],
    'a tensor instead of a list': () => p,
    'not a tensor': () => [p, 3],
    'a tensor that is not a leaf': () => [p.mul(2)],
    'a group without params': () => [{ lr: 0.1 }],
    'a parameter among groups': () => [{ params: [p] }, one()[0]],
    'a group without parameters': () => [{ params: [] }],
    'the same parameter twice in a group': () => [{ params: [p, p] }],
    'the same parameter twice': () => [p, p],
  };
  const rows = golden.cases.filter(
    (c) => (c.throws ?? c.warning) !== undefined && !c.wrong?.startsWith('load_state_dict'),
  );
  /** Python's texts for types and numbers, in ours. */
  const ours = (message: string) =>
    message
      .replace("<class 'torch.Tensor'>", 'Tensor')
      .replace('is int', 'is number')
      .replace(/(\d)\.0$/, '$1')
      .replace('1e-08', '1e-8');

  it.each(rows.map((c): [string, Case] => [c.name, c]))('%s', (_name, c) => {
    const construct = () =>
      new optim[c.optimizer]((c.wrong ? wrong[c.wrong]!() : one()) as never, (c.options ?? {}) as never);
    if (c.throws !== undefined) return expect(construct).toThrow(ours(c.throws));
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    construct();
    expect(warn.mock.calls.flat()).toEqual([c.warning]);
    warn.mockRestore();
  });

  it('unknown options name the near one', () => {
    expect(() => new optim.SGD(one(), { lr: 0.1, weight_decay: 0.1 } as never)).toThrow(
      /unknown option 'weight_decay'; did you mean 'weightDecay'/,
    );
    expect(() => new optim.Adam(one(), 0.1, 0.9 as never)).toThrow(/takes these as options by name/);
    expect(() => new optim.Adam(one(), { capturable: true })).toThrow(/not supported/);
  });

  it('a group has its own keys, but no misspelt option', () => {
    const optimizer = new optim.Adam([
      { params: one(), name: 'head' },
      { params: one(), idx: 2, tag: null },
    ]);
    optimizer.paramGroups[1]!.name = 'rest';
    expect(optimizer.paramGroups.map(({ name }) => name)).toEqual(['head', 'rest']);
    for (const wrong of ['weight_decay', 'weightdecay', 'beta1', 'lrs']) {
      const construct = () => new optim.Adam([{ params: one(), [wrong]: 0.1 }]);
      expect(construct).toThrow(new RegExp(`Adam: unknown option '${wrong}'; did you mean '`));
    }
  });

  it.each<[unknown, string]>([
    ['0.1', 'string'],
    [null, 'null'],
    [[0.1], 'Array'],
  ])('a learning rate of %j is refused', (lr, kind) => {
    const message = new RegExp(`lr (must be a number, got ${kind}|should be a number value, but got lr='0.1')`);
    expect(() => new optim.SGD(one(), { lr } as never)).toThrow(message);
    const optimizer = new optim.SGD(one());
    expect(() => optimizer.addParamGroup({ params: one(), lr } as never)).toThrow(message);
    Object.assign(optimizer.paramGroups[0]!, { lr });
    expect(() => optimizer.step()).toThrow(message);
  });

  it('a group with a wrong option is refused too', () => {
    const optimizer = new optim.SGD(one(), { lr: 0.1 });
    expect(() => optimizer.addParamGroup({ params: one(), lr: -1 })).toThrow('Invalid learning rate: -1');
    expect(optimizer.paramGroups).toHaveLength(1);
  });
});

describe('step', () => {
  it('calls the closure with recording on, and the hooks around', () => {
    const w = f.tensor([3], { requiresGrad: true });
    const optimizer = new optim.SGD([w], 0.1);
    const calls: string[] = [];
    optimizer.registerStepPreHook(() => void calls.push('pre'));
    const handle = optimizer.registerStepPostHook(() => void calls.push('post'));
    const loss = f.noGrad(() =>
      optimizer.step(() => {
        calls.push('closure');
        optimizer.zeroGrad();
        const l = w.mul(w).sum();
        l.backward();
        return l;
      }),
    );
    handle.remove();
    optimizer.step();
    expect([loss.item(), calls]).toEqual([9, ['pre', 'closure', 'post', 'pre']]);
    expect(w.item()).toBeCloseTo(3 - 0.6 - 0.6, 5);
  });

  it.each(['SGD', 'LBFGS'] as const)('%s refuses a closure that is async, before anything moves', async (name) => {
    const w = f.ones(1, { requiresGrad: true });
    w.grad = f.ones(1);
    const optimizer = new optim[name]([w], 1);
    let done = Promise.resolve(0);
    const closure = () => (done = (async () => 1)());
    expect(() => optimizer.step(closure)).toThrow(`${name}.step: the closure must not be async, it gave a Promise`);
    expect([await done, w.item()]).toEqual([1, 1]);
  });

  it('moves a tensor that is no leaf if it retains its gradient', () => {
    const w = f.ones(1, { requiresGrad: true }).mul(2);
    expect(() => new optim.SGD([w])).toThrow("can't optimize a non-leaf Tensor");
    w.retainGrad();
    const optimizer = new optim.SGD([w], 0.5);
    w.sum().backward();
    optimizer.step();
    expect(w.item()).toBe(1.5);
  });

  it('skips parameters without a gradient whole', () => {
    const [a, b] = [f.ones(1, { requiresGrad: true }), f.ones(1, { requiresGrad: true })];
    const optimizer = new optim.Adam([a, b], { lr: 0.1, weightDecay: 0.5 });
    a.grad = f.ones(1);
    optimizer.step();
    expect([b.item(), [...optimizer.stateDict().state.keys()]]).toEqual([1, [0]]);
  });

  it('trains any leaf, a module or not, and what was read before keeps its value', () => {
    const w = f.tensor([1, 2], { requiresGrad: true });
    const before = w.clone();
    const shared = w.detach();
    const optimizer = new optim.SGD([w], 1);
    w.grad = f.tensor([1, 1]);
    optimizer.step();
    expect([before.tolist(), shared.tolist(), w.tolist()]).toEqual([
      [1, 2],
      [0, 1],
      [0, 1],
    ]);
  });

  it('takes a tensor that is put into a group by its value', () => {
    const w = f.ones(1, { requiresGrad: true });
    const optimizer = new optim.SGD([w]);
    Object.assign(optimizer.paramGroups[0]!, { lr: f.tensor(0.25) });
    w.grad = f.ones(1);
    optimizer.step();
    expect([w.item(), optimizer.paramGroups[0]!.lr]).toEqual([0.75, 0.25]);
  });

  it('steps one after the other where parameters share memory, or one is the gradient of another', () => {
    const [a, b] = [f.tensor([1, 2], { requiresGrad: true }), f.tensor([5, 5], { requiresGrad: true })];
    const same = a.detach().requiresGrad_();
    const optimizer = new optim.SGD([a, same, b], { lr: 0.5, momentum: 0.5 });
    a.grad = f.tensor([1, 1]);
    same.grad = f.tensor([2, 2]);
    b.grad = a.detach();
    optimizer.step();
    expect([a.tolist(), b.tolist()]).toEqual([
      [-0.5, 0.5],
      [5.25, 4.75],
    ]);
  });

  it('a step that fails leaves every parameter and every count as they were', () => {
    const [w, gone] = [f.ones(2, { requiresGrad: true }), f.ones(2, { requiresGrad: true })];
    const optimizer = new optim.Adam([w, gone]);
    for (const p of [w, gone]) p.grad = f.ones(2);
    optimizer.step();
    gone.dispose();
    expect(() => optimizer.step()).toThrow(/used after dispose/);
    expect([...optimizer.state.values()].map(({ step }) => step)).toEqual([1, 1]);
    expectClose(w, f.tensor([0.999, 0.999]));
  });

  it('zeroGrad drops or zeroes', () => {
    const w = f.ones(2, { requiresGrad: true });
    const optimizer = new optim.SGD([w]);
    w.sum().backward();
    const g = w.grad!;
    optimizer.zeroGrad({ setToNone: false });
    expect([w.grad === g, g.tolist()]).toEqual([true, [0, 0]]);
    optimizer.zeroGrad();
    expect(w.grad).toBeNull();
  });
});
