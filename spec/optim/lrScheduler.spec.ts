import * as f from '../../lib';
import {
  type Case,
  disposeWeights,
  expectRates,
  expectState,
  golden,
  make,
  makeOptimizer,
  run,
  type Source,
} from './schedules';

const schedules = golden.cases.filter((c) => c.lrs);
const refused = golden.cases.filter((c) => c.throws);
const warned = golden.cases.filter((c) => c.warning);
const named = (rows: Case[]) => rows.map((c) => [c.name, c] as const);

const ERRORS = { KeyError: f.KeyError, ValueError: f.ValueError };
/** Rules that only add and multiply, which C and JavaScript do alike; of some others powers and cosines are an ulp off. */
const EXACT = ['StepLR', 'LinearLR', 'ReduceLROnPlateau', 'MultiplicativeLR', 'ConstantLR'];

/** What is known to differ from PyTorch, and why, by name of the case. */
const DIFFERS: Record<string, string> = {
  'CosineAnnealingWarmRestarts T_0=1 T_mult=3 to 3 epochs from [120, 121, 122]':
    "log(243) / log(3) is 5 in JavaScript, in C a bit less, so PyTorch's step(121) stays at the end of the period before",
};

let warnings: string[];

beforeEach(() => {
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
});

afterEach(() => {
  jest.restoreAllMocks();
  disposeWeights();
});

const warningsOf = (text: string) => warnings.filter((message) => message.includes(text));

describe('learning rates', () => {
  it.failing.each(named(schedules.filter((c) => c.name in DIFFERS)))('%s', (_, c) => expectRates(run(c).seen, c.lrs));
  it.each(named(schedules.filter((c) => !(c.name in DIFFERS))))('%s', (_, c) => {
    const { optimizer, scheduler, seen, momenta } = run(c);
    const exact = EXACT.includes(c.scheduler) && !c.epochs;
    expectRates(seen, c.lrs, exact);
    if (c.momenta) expectRates(momenta, c.momenta);
    expectRates([scheduler.getLastLr()], [c.lastLr], exact);
    expectState(scheduler.stateDict(), c.stateDict);
    expectState({ groups: optimizer.stateDict().param_groups }, { groups: c.paramGroups });
    expect(warningsOf('before `optimizer.step()`')).toHaveLength(c.warnings);
    expect(warnings).toHaveLength(c.warnings + warningsOf('The epoch parameter').length);
  });
});

describe.each<Source>(['json', 'pytorch'])('resumed from a state dict, %s', (source) => {
  // JSON has no infinity to be the worst metric, and no NaN.
  it.each(named(schedules.filter((c) => c.resume)))('%s', (_, c) => expectRates(run(c, source).seen, c.lrs));
});

describe('errors', () => {
  it.each(named(refused))('%s', (_, c) => {
    const optimizer = makeOptimizer(c.lr, c.optimizer);
    let error: unknown;
    try {
      make(c, optimizer);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ERRORS[c.raises!]);
    expect((error as Error).message.split('\n')[0]).toBe(c.throws);
  });
});

describe('the optimizer should step first', () => {
  it.each(named(warned))('%s', (_, c) => {
    const scheduler = make(c, makeOptimizer(c.lr));
    scheduler.step();
    expect(new Set(warnings)).toEqual(new Set([c.warning]));
    warnings = [];
    scheduler.step();
    expect(warnings).toEqual([]);
  });
});
