import * as f from '../../lib';
import { optim } from '../../lib';
import { addGroup, disposeWeights, LRS, lrsOf, makeOptimizer, makeWeight, stepped } from './schedules';

const { lrScheduler } = optim;
const { LRScheduler, LinearLR, ReduceLROnPlateau, StepLR } = lrScheduler;

let warnings: string[];

beforeEach(() => {
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
});

afterEach(() => {
  jest.restoreAllMocks();
  disposeWeights();
});

describe('warnings', () => {
  it('are silent where the optimizer stepped after its first scheduler came', () => {
    const optimizer = makeOptimizer();
    const first = new StepLR(optimizer, 3);
    optimizer.step();
    const second = new LinearLR(optimizer);
    first.step();
    second.step();
    expect(warnings).toEqual([]);
  });

  it('count no step before the scheduler', () => {
    const optimizer = makeOptimizer();
    optimizer.step();
    new StepLR(optimizer, 3).step();
    expect(warnings).toEqual([expect.stringContaining('before `optimizer.step()`')]);
  });

  it('tell where `step` was replaced after the scheduler came', () => {
    const optimizer = makeOptimizer();
    const scheduler = new StepLR(optimizer, 3);
    const step = optimizer.step.bind(optimizer) as () => void;
    Object.assign(optimizer, { step: () => step() });
    stepped(scheduler, 2);
    expect(warnings).toEqual([expect.stringContaining('`optimizer.step()` has been overridden after')]);
    stepped(new StepLR(optimizer, 3), 2);
    expect(warnings).toHaveLength(1);
  });

  it('are silent after resuming', () => {
    const scheduler = new StepLR(makeOptimizer(), 3);
    scheduler.loadStateDict({ last_epoch: 4 });
    scheduler.step();
    expect([scheduler.lastEpoch, warnings]).toEqual([5, []]);
  });

  it('tell getLr from getLastLr', () => {
    const scheduler = new StepLR(makeOptimizer(), 3);
    expect(scheduler.getLr()).toEqual(LRS);
    expect(warnings).toEqual(['To get the last learning rate computed by the scheduler, please use `getLastLr()`.']);
  });

  it('say once that an epoch is deprecated', () => {
    const optimizer = makeOptimizer();
    for (const scheduler of [new StepLR(optimizer, 3), new ReduceLROnPlateau(optimizer)]) {
      optimizer.step();
      warnings = [];
      scheduler.step(4, 4);
      scheduler.step(5, 5);
      expect(warnings).toEqual([
        expect.stringContaining('The epoch parameter in `scheduler.step()` was not necessary'),
      ]);
    }
  });
});

describe('StepLR and LinearLR', () => {
  it('jump to an epoch by the closed form', () => {
    const optimizer = makeOptimizer();
    optimizer.step();
    const linear = new LinearLR(optimizer, 0.5, { totalIters: 4 });
    linear.step(3);
    expect([linear.lastEpoch, linear.getLastLr()]).toEqual([3, [0.08750000000000001, 0.021875000000000002]]);
    linear.step(9);
    expect(linear.getLastLr()).toEqual([0.1, 0.025]);
    const step = new StepLR(makeOptimizer(), 3, 0.5);
    step.step(7);
    expect(step.getLastLr()).toEqual([0.025, 0.00625]);
  });

  it('resume with lastEpoch where the groups have their initialLr', () => {
    const optimizer = makeOptimizer();
    const before = new StepLR(optimizer, 2);
    for (let i = 0; i < 3; i++) before.step();
    const groups = optimizer.paramGroups.map(({ initialLr, lr }) => [initialLr, lr]);
    expect(groups).toEqual([
      [0.1, 0.010000000000000002],
      [0.025, 0.0025000000000000005],
    ]);
    const after = new StepLR(optimizer, 2, { lastEpoch: 2 });
    expect([after.lastEpoch, after.baseLrs, after.getLastLr()]).toEqual([3, LRS, before.getLastLr()]);
  });

  it('chain: each multiplies what the other left', () => {
    const optimizer = makeOptimizer();
    const schedulers = [new LinearLR(optimizer, 0.5, { totalIters: 2 }), new StepLR(optimizer, 1, 0.5)];
    const seen = [lrsOf(optimizer)[0]];
    for (let i = 0; i < 3; i++) {
      optimizer.step();
      for (const scheduler of schedulers) scheduler.step();
      seen.push(lrsOf(optimizer)[0]);
    }
    expect(seen).toEqual([0.05, 0.037500000000000006, 0.025, 0.0125]);
  });

  it('load what PyTorch wrote, also its private and old keys', () => {
    const scheduler = new StepLR(makeOptimizer(), 3);
    scheduler.loadStateDict({
      step_size: 5,
      gamma: 0.5,
      base_lrs: [1, 2],
      last_epoch: 7,
      verbose: false,
      _step_count: 8,
      _last_lr: [0.5, 1],
      _get_lr_called_within_step: false,
    });
    expect(scheduler).toMatchObject({ stepSize: 5, gamma: 0.5, baseLrs: [1, 2], lastEpoch: 7 });
    expect(scheduler.getLastLr()).toEqual([0.5, 1]);
    expect(scheduler).not.toHaveProperty('verbose');
  });

  it('hand their state over by value', () => {
    const scheduler = new StepLR(makeOptimizer(), 3);
    const state = scheduler.stateDict();
    (state.base_lrs as number[])[0] = 9;
    scheduler.getLastLr()[0] = 9;
    expect([scheduler.baseLrs, scheduler.getLastLr()]).toEqual([LRS, LRS]);
    expect(scheduler.stateDict()).toEqual({ step_size: 3, gamma: 0.1, base_lrs: LRS, last_epoch: 0 });
  });
});

describe('ReduceLROnPlateau', () => {
  it('takes a tensor of one element', () => {
    const optimizer = makeOptimizer();
    const scheduler = new ReduceLROnPlateau(optimizer, 'max', { patience: 0, factor: 0.5 });
    f.tidy(() => {
      scheduler.step(f.tensor(0.5));
      scheduler.step(f.tensor([0.5]));
    });
    expect([scheduler.best, scheduler.getLastLr()]).toEqual([0.5, [0.05, 0.0125]]);
  });

  it('gives groups added later its one bound', () => {
    const scheduler = new ReduceLROnPlateau(makeOptimizer(), { patience: 0, minLr: 0.02 });
    addGroup(scheduler.optimizer as optim.SGD);
    scheduler.step(1);
    scheduler.step(1);
    expect(scheduler.getLastLr()).toEqual([0.02, 0.02, 0.05]);
    expect(scheduler.minLrs).toEqual([0.02, 0.02, 0.02]);
  });

  it('refuses a state of an unknown mode', () => {
    const scheduler = new ReduceLROnPlateau(makeOptimizer());
    expect(() => scheduler.loadStateDict({ mode: 'down' })).toThrow('mode down is unknown!');
  });

  it('is an LRScheduler, in cooldown after a reduction', () => {
    const scheduler = new ReduceLROnPlateau(makeOptimizer(), 'min', { patience: 0, cooldown: 1 });
    expect(scheduler).toBeInstanceOf(LRScheduler);
    for (const inCooldown of [false, true, false]) {
      scheduler.step(1);
      expect(scheduler.inCooldown).toBe(inCooldown);
    }
  });
});

describe('several schedulers of one optimizer', () => {
  it('each change what the others left', () => {
    const optimizer = makeOptimizer();
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 });
    const schedulers = [new lrScheduler.ExponentialLR(optimizer, 0.9), new lrScheduler.MultiStepLR(optimizer, [2])];
    for (let epoch = 1; epoch <= 3; epoch++) {
      optimizer.step();
      for (const scheduler of schedulers) scheduler.step();
      plateau.step(1);
    }
    expect(lrsOf(optimizer)[0]).toBeCloseTo(0.1 * 0.9 ** 3 * 0.1 * 0.5 ** 2, 12);
  });

  it('take the first rates from the first of them', () => {
    const optimizer = makeOptimizer();
    new LinearLR(optimizer, 0.5);
    expect(new lrScheduler.CosineAnnealingLR(optimizer, 10).baseLrs).toEqual(LRS);
    const cyclic = new lrScheduler.CyclicLR(optimizer, 0.01, 0.02, 2);
    // As in PyTorch, its own first step still goes by the rates that the groups began with.
    expect([cyclic.baseLrs, cyclic.getLastLr()]).toEqual([[0.01, 0.01], LRS]);
  });

  it('keep their bounds in the groups, with which another optimizer goes on', () => {
    const optimizer = makeOptimizer();
    stepped(new lrScheduler.OneCycleLR(optimizer, 1, 9), 4);
    stepped(new optim.swaUtils.SWALR(optimizer, 0.5), 1);
    const next = new optim.SGD(optimizer.paramGroups);
    expect(next.stateDict().param_groups).toEqual(optimizer.stateDict().param_groups);
    const scheduler = new lrScheduler.OneCycleLR(next, 1, 9, { lastEpoch: 4 });
    expect(scheduler.lastEpoch).toBe(5);
  });

  it('step with a momentum to cycle only where there is one', () => {
    const adam = new optim.Adam([{ params: [makeWeight()], betas: [0.5, 0.7] }]);
    new lrScheduler.OneCycleLR(adam, 1, 10, { cycleMomentum: false });
    expect(adam.paramGroups[0]!.betas).toEqual([0.5, 0.7]);
    new lrScheduler.OneCycleLR(adam, 1, { epochs: 5, stepsPerEpoch: 2, maxMomentum: 0.9 });
    expect(adam.paramGroups[0]!.betas).toEqual([0.9, 0.7]);
  });
});
