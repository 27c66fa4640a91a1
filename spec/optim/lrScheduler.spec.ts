import * as f from '../../lib';
import { optim } from '../../lib';
import { stateName } from '../../lib/optim/lrScheduler/stateNames';
import { readGolden } from '../support/fixtures';

const { LRScheduler, LinearLR, ReduceLROnPlateau, StepLR } = optim.lrScheduler;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Options = Record<string, unknown>;
type Dict = Record<string, unknown>;
interface Case {
  scheduler: 'StepLR' | 'LinearLR' | 'ReduceLROnPlateau';
  name: string;
  lr: number[];
  options: Options;
  metric?: string;
  byHand?: Record<string, number[]>;
  resume?: { step: number; stateDict: Dict; optimizer: { param_groups: Dict[] }; lastLr: number[] };
  lrs: number[][];
  lastLr: number[];
  stateDict: Dict;
  paramGroups: Dict[];
  throws?: string;
  raises?: 'KeyError' | 'ValueError';
  warning?: string;
}

const golden = readGolden<Case, { metrics: Record<string, Json[]> }>('schedulers');
const schedules = golden.cases.filter((c) => c.lrs);
const refused = golden.cases.filter((c) => c.throws);
const warned = golden.cases.filter((c) => c.warning);
const named = (rows: Case[]) => rows.map((c) => [c.name, c] as const);

const NONFINITE: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** JSON with its non-finite numbers, which are written as strings. */
function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (typeof json === 'string') return NONFINITE[json] ?? json;
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, revive(value)]));
}

const metrics = revive(golden.metrics) as Record<string, number[]>;
const LRS = [0.1, 0.025];
const ERRORS = { KeyError: f.KeyError, ValueError: f.ValueError };

const weights: f.Tensor[] = [];
let warnings: string[];

beforeEach(() => {
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const weight of weights.splice(0)) weight.dispose();
});

function makeOptimizer(lrs = LRS): optim.SGD {
  const own = lrs.map(() => f.zeros(1));
  weights.push(...own);
  return new optim.SGD(
    own.map((w, i) => ({ params: [w], lr: lrs[i]! })),
    1,
  );
}

const lrsOf = (optimizer: optim.SGD) => optimizer.paramGroups.map(({ lr }) => lr);

/** The scheduler of a case, called in the form that a port of its Python has. */
function make({ scheduler, options }: Case, optimizer: optim.SGD): optim.lrScheduler.LRScheduler<unknown[]> {
  const { stepSize, ...rest } = options;
  if (scheduler === 'StepLR') return new StepLR(optimizer, stepSize as number, rest) as never;
  return new { LinearLR, ReduceLROnPlateau }[scheduler](optimizer, options) as never;
}

/** A case run to its end: the learning rates before each step and after the last. */
function run(c: Case) {
  let optimizer = makeOptimizer(c.lr);
  let scheduler = make(c, optimizer);
  const seen = [lrsOf(optimizer)];
  for (let step = 0; step < c.lrs.length - 1; step++) {
    if (step === c.resume?.step) {
      expect(scheduler.stateDict()).toEqual(revive(c.resume.stateDict));
      const saved = [optimizer.stateDict(), scheduler.stateDict()] as const;
      optimizer = makeOptimizer(c.lr);
      scheduler = make(c, optimizer);
      optimizer.loadStateDict(saved[0]);
      scheduler.loadStateDict(saved[1]);
      expect(scheduler.getLastLr()).toEqual(c.resume.lastLr);
    }
    c.byHand?.[step]?.forEach((lr, i) => {
      optimizer.paramGroups[i]!.lr = lr;
    });
    optimizer.step();
    scheduler.step(...(c.metric ? [metrics[c.metric]![step]!] : []));
    seen.push(lrsOf(optimizer));
  }
  return { optimizer, scheduler, seen };
}

describe('learning rates, to the last bit', () => {
  it.each(named(schedules))('%s', (_, c) => {
    const { optimizer, scheduler, seen } = run(c);
    expect(seen).toEqual(c.lrs);
    expect(scheduler.getLastLr()).toEqual(c.lastLr);
    expect(scheduler.stateDict()).toEqual(revive(c.stateDict));
    expect(Object.keys(scheduler.stateDict())).toEqual(Object.keys(c.stateDict));
    expect(optimizer.stateDict().param_groups).toEqual(c.paramGroups);
    expect(warnings).toEqual([]);
  });
});

describe('errors', () => {
  it.each(named(refused))('%s', (_, c) => {
    const optimizer = makeOptimizer(c.lr);
    let error: unknown;
    try {
      make(c, optimizer);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ERRORS[c.raises!]);
    expect((error as Error).message.split('\n')[0]).toBe(c.throws);
  });

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
});

function addGroup(optimizer: optim.SGD): void {
  const weight = f.zeros(1);
  weights.push(weight);
  optimizer.addParamGroup({ params: [weight], lr: 0.5 });
}

describe('warnings', () => {
  it.each(named(warned))('%s', (_, c) => {
    const optimizer = makeOptimizer(c.lr);
    const scheduler = make(c, optimizer);
    scheduler.step();
    expect(warnings).toEqual([c.warning]);
    scheduler.step();
    expect(warnings).toHaveLength(1);
  });

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
