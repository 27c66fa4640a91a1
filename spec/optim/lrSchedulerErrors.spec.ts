import { optim } from '../../lib';
import { addGroup, disposeWeights, lrsOf, makeOptimizer, type Scheduler, stepped } from './schedules';

const { lrScheduler } = optim;
const { ChainedScheduler, LRScheduler, LinearLR, ReduceLROnPlateau, StepLR } = lrScheduler;

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  jest.restoreAllMocks();
  disposeWeights();
});

describe('errors', () => {
  const plateau = () => new ReduceLROnPlateau(makeOptimizer(), 'min', { patience: 0, minLr: [0.1, 0.1] });
  class Unstarted extends LRScheduler {
    override getLr() {
      return [];
    }
  }
  class Short extends Unstarted {
    constructor(optimizer: optim.SGD) {
      super(optimizer);
      this.start(-1);
    }
  }
  it.each<[string, () => unknown, string]>([
    ['no optimizer', () => new StepLR({} as never, 3), 'Object is not an Optimizer'],
    ['null', () => new LinearLR(null as never), 'null is not an Optimizer'],
    ['a step size of 0', () => new StepLR(makeOptimizer(), 0), 'stepSize must be a number other than 0, got 0'],
    ['no step size', () => new StepLR(makeOptimizer(), { stepSize: 3 } as never), 'stepSize must be a number'],
    [
      'an option by position',
      () => new (StepLR as never as new (...a: unknown[]) => unknown)(makeOptimizer(), 3, 0.1, 5),
      '(…, gamma, { lastEpoch })',
    ],
    ['a misspelt option', () => new LinearLR(makeOptimizer(), { endfactor: 1 } as never), "did you mean 'endFactor'"],
    ['no metric', () => plateau().step(undefined as never), 'takes the metric'],
    ['a constructor without start', () => new Unstarted(makeOptimizer()).step(), 'must end with this.start(lastEpoch)'],
    ['too few rates', () => new Short(makeOptimizer()), 'Short: there are 0 learning rates for 2 parameter groups'],
    [
      'a closed form of no length',
      () => new LinearLR(makeOptimizer(), { totalIters: 0 }).step(1),
      'needs totalIters other than 0',
    ],
    [
      'no function',
      () => new lrScheduler.LambdaLR(makeOptimizer(), 0.5 as never),
      'lr_lambda should be a function, but got number',
    ],
    [
      'no gamma',
      () => new lrScheduler.ExponentialLR(makeOptimizer(), { gamma: 0.9 } as never),
      'gamma must be a number',
    ],
    [
      'no length',
      () => new lrScheduler.CosineAnnealingLR(makeOptimizer(), 0),
      'tMax must be a number other than 0, got 0',
    ],
    [
      'a rate of no number',
      () => new lrScheduler.CyclicLR(makeOptimizer(), '1' as never, 1),
      'base_lr must be a number',
    ],
    [
      'a lowest rate of no number',
      () => new lrScheduler.CosineAnnealingWarmRestarts(makeOptimizer(), 2, { etaMin: '1' as never }),
      "etaMin should be a number value, but got etaMin='1'",
    ],
    [
      'a gamma of null',
      () => new StepLR(makeOptimizer(), 3, null as never),
      'StepLR: gamma must be a number, got null',
    ],
    [
      'a patience in words',
      () => new ReduceLROnPlateau(makeOptimizer(), { patience: '3' as never }),
      "ReduceLROnPlateau: patience should be a number value, but got patience='3'",
    ],
    [
      'no steps up',
      () => new lrScheduler.CyclicLR(makeOptimizer(), 0.1, 1, { stepSizeUp: 0 }),
      'CyclicLR: stepSizeUp must be a number other than 0, got 0',
    ],
    [
      'steps that cancel',
      () => new lrScheduler.CyclicLR(makeOptimizer(), 0.1, 1, { stepSizeUp: 2, stepSizeDown: -2 }),
      'CyclicLR: stepSizeUp + stepSizeDown must be a number other than 0, got 0',
    ],
    [
      'a negative power of 0',
      () => stepped(new lrScheduler.PolynomialLR(makeOptimizer(), 3, { power: -1 }), 3),
      'PolynomialLR: at epoch 3, 0 cannot be raised to a negative power, -1',
    ],
    [
      'a division by 0',
      () => new lrScheduler.OneCycleLR(makeOptimizer(), 1, { totalSteps: 9, divFactor: 0 }),
      'OneCycleLR: divFactor must be a number other than 0, got 0',
    ],
    [
      'a negative epoch',
      () => new lrScheduler.CosineAnnealingWarmRestarts(makeOptimizer(), 2).step(-1),
      'Expected non-negative epoch, but got -1',
    ],
    [
      'a factor that nothing undoes',
      () => stepped(new lrScheduler.ConstantLR(makeOptimizer(), 0), 5),
      'cannot be undone',
    ],
    [
      'a polynomial of no length',
      () => new lrScheduler.PolynomialLR(makeOptimizer(), 0).step(1),
      'needs totalIters other than 0',
    ],
    [
      'more steps than the cycle has',
      () => stepped(new lrScheduler.OneCycleLR(makeOptimizer(), 1, 3), 4),
      'Tried to step 4 times. The specified number of total steps is 3',
    ],
    [
      'a phase of no steps',
      () => new lrScheduler.OneCycleLR(makeOptimizer(), 1, 4, { pctStart: 0.25 }),
      'the phase that ends at step 0 has no steps',
    ],
    [
      'a group without bounds',
      () => {
        const optimizer = makeOptimizer();
        new StepLR(optimizer, 3);
        new lrScheduler.OneCycleLR(optimizer, 1, 9, { lastEpoch: 3 });
      },
      "'max_lr'",
    ],
    [
      'schedulers of two optimizers',
      () => new ChainedScheduler([new StepLR(makeOptimizer(), 3), new StepLR(makeOptimizer(), 3)]),
      'expects all schedulers to belong to the same optimizer, but got scheduler StepLR at index 1 has SGD (',
    ],
    [
      'another optimizer',
      () => new lrScheduler.SequentialLR(makeOptimizer(), [new StepLR(makeOptimizer(), 3)], []),
      'which is different from SGD.',
    ],
    ['no scheduler', () => new ChainedScheduler([{} as never]), 'undefined is not an Optimizer'],
    [
      'no scheduler behind one',
      () => new ChainedScheduler([new StepLR(makeOptimizer(), 3), {} as never]),
      'ChainedScheduler at index 1 should have `optimizer` as its attribute.',
    ],
    ['rates of many', () => new ChainedScheduler([new StepLR(makeOptimizer(), 3)]).getLr(), 'getLr: not implemented'],
    [
      'a state of more schedulers',
      () => {
        const [a, b, c] = [1, 2, 3].map(() => new StepLR(makeOptimizer(), 3));
        new ChainedScheduler([a!]).loadStateDict({ _schedulers: [b!.stateDict(), c!.stateDict()] });
      },
      'the state is of 2 schedulers or functions, here are 1',
    ],
    ['no state', () => new StepLR(makeOptimizer(), 3).loadStateDict(null as never), 'expects an object, got null'],
  ])('%s', (_, refuse, message) => expect(refuse).toThrow(message));

  it('a group added later, with bounds for each of the others', () => {
    const scheduler = plateau();
    addGroup(scheduler.optimizer as optim.SGD);
    scheduler.step(1);
    const message =
      'The number of param groups in the `optimizer` (3) differs from when `ReduceLROnPlateau` was initialized (2)';
    expect(() => scheduler.step(1)).toThrow(message);
    scheduler.minLrs = [0.001, 0.1, 0.01];
    scheduler.step(1);
    expect(lrsOf(scheduler.optimizer as optim.SGD)).toEqual([0.010000000000000002, 0.025, 0.05]);
  });

  it.each<[string, (optimizer: optim.SGD) => Scheduler, string]>([
    ['LambdaLR', (o) => new lrScheduler.LambdaLR(o, () => 1), 'there are 2 learning rates for 3 parameter groups'],
    ['MultiplicativeLR', (o) => new lrScheduler.MultiplicativeLR(o, () => 1), 'there are 2 learning rates for 3'],
    ['CosineAnnealingLR', (o) => new lrScheduler.CosineAnnealingLR(o, 1), 'there are 2 learning rates for 3'],
    ['CyclicLR', (o) => new lrScheduler.CyclicLR(o, 0.1, 1), 'there are 2 learning rates for 3'],
    ['OneCycleLR', (o) => new lrScheduler.OneCycleLR(o, 1, 9), "'max_lr'"],
    ['SWALR', (o) => new optim.swaUtils.SWALR(o, 1), "'swa_lr'"],
  ])('a group added later, of which %s knows nothing', (_, make, message) => {
    const optimizer = makeOptimizer();
    const scheduler = make(optimizer);
    stepped(scheduler, 1);
    addGroup(optimizer);
    expect(() => stepped(scheduler, 1)).toThrow(message);
    expect(optimizer.paramGroups[2]).toMatchObject({ lr: 0.5, momentum: 0 });
  });
});
