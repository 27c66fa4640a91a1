import { enableGrad, nn, noGrad, optim, stack, Tensor, tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';
import { fromJson, type StateDictJson } from '../support/stateDicts';
import { checkStateDict } from './stateDictJson';

type SAMOptions = { lr: number; rho: number; momentum: number };
type Base = new (params: optim.ParamGroup[], options: { lr: number; momentum: number }) => optim.Optimizer;

/** Line by line as spec/reference/optim_own.py has it. */
class SAM extends optim.Optimizer<SAMOptions> {
  base: optim.Optimizer;

  constructor(params: optim.Params<Partial<SAMOptions>>, Base: Base, { rho = 0.05, lr = 0.1, momentum = 0.9 } = {}) {
    super(params as optim.Params<SAMOptions>, { rho, lr, momentum });
    this.base = new Base(this.paramGroups, { lr, momentum });
    this.paramGroups = this.base.paramGroups as optim.ParamGroup<SAMOptions>[];
  }

  override step<R = undefined>(closure?: () => R): R {
    return noGrad(() => {
      const evaluate = () => enableGrad(closure!);
      const loss = evaluate();
      const params = this.paramGroups.flatMap((group) => group.params);
      const norm = stack(params.map((p) => p.grad!.norm())).norm();
      for (const group of this.paramGroups) {
        for (const p of group.params) {
          const state = this.state.get(p);
          state.old = p.clone();
          state.climbs = (state.climbs ?? 0) + 1;
          p.add_(p.grad!.mul(norm.add(1e-12).reciprocal().mul(group.rho)));
        }
      }
      this.zeroGrad();
      evaluate();
      for (const p of params) p.copy_(this.state.get(p).old);
      this.base.step();
      return loss;
    });
  }
}

interface Case {
  x: TensorJson;
  y: TensorJson;
  first: TensorJson[];
  losses: number[];
  params: TensorJson[];
  state: StateDictJson['state'];
  base: StateDictJson['state'];
  groups: StateDictJson['param_groups'];
}
const [sam] = readGolden<Case>('optim_own').cases as [Case];
const one = () => tensor([1, 2], { requiresGrad: true });

describe('an optimizer of a program’s own', () => {
  it('equals PyTorch’s, with a scheduler and no warning, and is saved with what it keeps', () => {
    const [weight, bias] = sam.first.map((json) => decode(json).requiresGrad_()) as [Tensor, Tensor];
    const groups = [
      { params: [weight], name: 'weight' },
      { params: [bias], rho: 0.2, name: 'bias' },
    ];
    const optimizer = new SAM(groups, optim.SGD);
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const scheduler = new optim.lrScheduler.StepLR(optimizer, 5, 0.5);
    const [x, y] = [decode(sam.x), decode(sam.y)];
    const losses = sam.losses.map(() => {
      const loss: Tensor = optimizer.step(() => {
        optimizer.zeroGrad();
        const result = nn.functional.mseLoss(x.matmul(weight).add(bias).tanh(), y);
        result.backward();
        return result;
      });
      scheduler.step();
      return loss.item();
    });
    losses.forEach((loss, i) => void expect(loss).toBeCloseTo(sam.losses[i]!, 5));
    for (const [i, p] of [weight, bias].entries()) expectClose(p, sam.params[i]!);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    const { state, param_groups } = optimizer.stateDict();
    expect(param_groups).toMatchObject(sam.groups);
    checkStateDict({ state, param_groups: [] }, { state: sam.state, param_groups: [] });
    checkStateDict(
      { state: optimizer.base.stateDict().state, param_groups: [] },
      { state: sam.base, param_groups: [] },
    );
    const other = new SAM([{ params: [one()] }, { params: [one()] }], optim.SGD);
    other.loadStateDict(fromJson({ state: sam.state, param_groups: sam.groups }));
    const [first] = other.paramGroups[0]!.params;
    expect(other.state.get(first!).climbs).toBe(20);
    expectClose(other.state.get(first!).old, sam.state[0]!.old as TensorJson);
  });
});

describe('hooks', () => {
  class Twice extends optim.SGD {
    override step<R>(closure?: () => R): R {
      super.step(closure);
      return super.step(closure);
    }
  }
  class Bare extends optim.Optimizer {}

  it('go once around a step of one’s own', () => {
    const w = one();
    w.grad = tensor([1, 1]);
    const optimizer = new Twice([w], { lr: 1 });
    const calls: unknown[] = [];
    optimizer.registerStepPreHook((_optimizer, args) => void calls.push(args));
    optimizer.registerStepPostHook(() => void calls.push(w.tolist()));
    optimizer.step();
    expect(calls).toEqual([[], [-1, 0]]);
  });

  it('come again after a step that failed; one without a step says so', () => {
    const optimizer = new Bare([one()], {});
    let calls = 0;
    optimizer.registerStepPreHook(() => void calls++);
    for (let i = 0; i < 2; i++) expect(() => optimizer.step()).toThrow('Bare: an optimizer has a step of its own');
    expect(calls).toBe(2);
  });
});

describe('state', () => {
  it('has what PyTorch’s has, by parameter', () => {
    const w = one();
    const optimizer = new optim.Adam([w]);
    expect(optimizer.state.get(w)).toEqual({});
    w.grad = tensor([1, 1]);
    optimizer.step();
    const state = optimizer.state.get(w);
    expect([state.step, Object.keys(state)]).toEqual([1, ['step', 'expAvg', 'expAvgSq']]);
    expect(state.expAvg).toBeInstanceOf(Tensor);
    // Forgotten as programs do it that replace a parameter.
    optimizer.state.delete(w);
    optimizer.step();
    expect(optimizer.state.get(w).step).toBe(1);
  });
});
