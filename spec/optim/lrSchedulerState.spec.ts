import { optim } from '../../lib';
import { stateName } from '../../lib/optim/lrScheduler/stateNames';
import { disposeWeights, LRS, lrsOf, makeOptimizer, type Scheduler, stepped } from './schedules';

const { lrScheduler } = optim;
const { LRScheduler, LinearLR, ReduceLROnPlateau, StepLR } = lrScheduler;

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  jest.restoreAllMocks();
  disposeWeights();
});

describe('states', () => {
  it('have what functions carry, which loading puts back', () => {
    const scale = (value: number) => Object.assign((epoch: number): number => scale.of * epoch, { value });
    scale.of = 0.1;
    const plain = (epoch: number) => epoch;
    const from = new lrScheduler.LambdaLR(makeOptimizer(), [scale(10), plain]);
    expect(from.stateDict().lr_lambdas).toEqual([{ value: 10 }, null]);
    const to = new lrScheduler.LambdaLR(makeOptimizer(), [scale(-1), plain]);
    to.loadStateDict(from.stateDict());
    expect(to.lrLambdas[0]).toHaveProperty('value', 10);
    const cyclic = () => new lrScheduler.CyclicLR(makeOptimizer(), 0.1, 1, { scaleFn: scale(3) });
    expect(cyclic().stateDict()._scale_fn_custom).toEqual({ value: 3 });
  });

  it('bring the last rates and the count along, unlisted', () => {
    const optimizer = makeOptimizer();
    const from = new LinearLR(optimizer, 0.5);
    stepped(from, 2);
    const to = new LinearLR(optimizer, 0.1);
    to.loadStateDict(from.stateDict());
    expect(Object.keys(from.stateDict()).filter((key) => key.startsWith('_'))).toEqual([]);
    expect([to.getLastLr(), to._stepCount]).toEqual([from.getLastLr(), 3]);
    expect(to.getLastLr()).not.toEqual(lrsOf(optimizer));
  });

  it.each<[string, (optimizer: optim.SGD, first: boolean) => Scheduler]>([
    ['MultiStepLR', (o, first) => new lrScheduler.MultiStepLR(o, first ? [12, 12, 20] : [1], first ? 0.5 : 0.1)],
    [
      'OneCycleLR',
      (o, first) => new lrScheduler.OneCycleLR(o, 1, 40, first ? { annealStrategy: 'linear' } : { pctStart: 0.6 }),
    ],
    [
      'SWALR',
      (o, first) => new optim.swaUtils.SWALR(o, 0.5, first ? 30 : 3, { annealStrategy: first ? 'linear' : 'cos' }),
    ],
    [
      'SequentialLR',
      (o, first) => new lrScheduler.SequentialLR(o, [new LinearLR(o), new StepLR(o, 4)], [first ? 12 : 3]) as never,
    ],
  ])('bring the settings of %s', (_, make) => {
    const from = make(makeOptimizer(), true);
    stepped(from, 10);
    const to = make(makeOptimizer(), false);
    to.optimizer.loadStateDict(from.optimizer.stateDict());
    to.loadStateDict(JSON.parse(JSON.stringify(from.stateDict())));
    for (let i = 0; i < 15; i++) expect(stepped(to, 1)).toEqual(stepped(from, 1));
  });

  it('in JSON, where there is no infinity, still know that any metric is better', () => {
    const scheduler = new ReduceLROnPlateau(makeOptimizer(), { patience: 0 });
    scheduler.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
    scheduler.step(3);
    expect([scheduler.best, scheduler.numBadEpochs]).toEqual([3, 0]);
  });
});

describe('a subclass', () => {
  class Warmup extends LRScheduler {
    tWarm: number;
    milestones = new Map([[3, 1]]);

    constructor(optimizer: optim.SGD, tWarm: number, lastEpoch = -1) {
      super(optimizer);
      this.tWarm = tWarm;
      this.start(lastEpoch);
    }

    override getLr() {
      return this.baseLrs.map((lr) => lr * Math.min(1, (this.lastEpoch + 1) / this.tWarm));
    }
  }

  it('has its state saved and restored', () => {
    const scheduler = new Warmup(makeOptimizer(), 4);
    expect(scheduler.getLastLr()).toEqual([0.025, 0.00625]);
    scheduler.step();
    const state = scheduler.stateDict();
    expect(state).toEqual({ T_warm: 4, milestones: new Map([[3, 1]]), base_lrs: LRS, last_epoch: 1 });
    expect(state.milestones).not.toBe(scheduler.milestones);
    const other = new Warmup(makeOptimizer(), 2);
    other.loadStateDict(state);
    expect(other).toMatchObject({ tWarm: 4, lastEpoch: 1 });
    // Without a closed form, step(epoch) asks getLr.
    other.step(2);
    expect(other.getLastLr()[0]).toBe(0.1 * 0.75);
  });
});

it.each([
  ['stepSize', 'step_size'],
  ['tMax', 'T_max'],
  ['t0', 'T_0'],
  ['tI', 'T_i'],
  ['tCur', 'T_cur'],
  ['totalIters', 'total_iters'],
  ['useBeta1', 'use_beta1'],
  ['defaultMinLr', 'default_min_lr'],
])('%s is %s in a state dict', (property, name) => expect(stateName(property)).toBe(name));
