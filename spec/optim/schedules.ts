import * as f from '../../lib';
import { optim } from '../../lib';
import { readGolden } from '../support/fixtures';

export type Scheduler = optim.lrScheduler.LRScheduler<unknown[]>;
export type Dict = Record<string, unknown>;
/** What a scheduler is built from. */
export interface Recipe {
  scheduler: string;
  options: Dict;
}
/** A schedule as spec/reference/schedulers.py writes it. */
export interface Case extends Recipe {
  name: string;
  lr: number[];
  optimizer: 'SGD' | 'Adam';
  metric?: string;
  byHand?: Record<string, number[]>;
  epochs?: (number | null)[];
  resume?: { step: number; stateDict: Dict; pytorch: Dict; optimizer: Dict[]; lastLr: number[] };
  restart?: { step: number; lastEpoch: number };
  lrs: number[][];
  momenta?: number[][];
  lastLr: number[];
  stateDict: Dict;
  paramGroups: Dict[];
  /** How often PyTorch says that the optimizer should step first. */
  warnings: number;
  throws?: string;
  raises?: 'KeyError' | 'ValueError';
  warning?: string;
}

const NONFINITE: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** JSON with its non-finite numbers, which are written as strings. */
export function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (typeof json === 'string') return NONFINITE[json] ?? json;
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, revive(value)]));
}

export const golden = readGolden<Case, { metrics: Dict }>('schedulers');
const metrics = revive(golden.metrics) as Record<string, number[]>;
export const LRS = [0.1, 0.025];

/** Those of spec/reference/schedulers.py. */
const FUNCTIONS: Record<string, (x: number) => number> = {
  decay: (epoch) => 0.95 ** epoch,
  inverse: (epoch) => 1 / (1 + epoch),
  stairs: (epoch) => 0.5 ** Math.floor(epoch / 30),
  factor: (epoch) => 0.97 + 0.001 * (epoch % 5),
  'nine tenths': () => 0.9,
};

const weights: f.Tensor[] = [];

export function disposeWeights(): void {
  for (const weight of weights.splice(0)) weight.dispose();
}

export function makeWeight(): f.Tensor {
  weights.push(f.zeros(1));
  return weights.at(-1)!;
}

/** Adagrad stands for an optimizer without momentum. */
class Momentumless extends optim.SGD {
  override readonly defaults: never = { lr: 1 } as never;
}

export function makeOptimizer(lrs: readonly number[] = LRS, rule = 'SGD'): optim.SGD {
  const groups = lrs.map((lr) => ({ params: [makeWeight()], lr }));
  if (rule === 'Adam') return new optim.Adam(groups, 1) as never;
  return new (rule === 'SGD' ? optim.SGD : Momentumless)(groups, 1);
}

/** Many calls of a scheduler's step, each after the optimizer's; returns the learning rates. */
export function stepped(scheduler: Pick<Scheduler, 'optimizer' | 'step' | 'getLastLr'>, times: number): number[] {
  for (let i = 0; i < times; i++) {
    scheduler.optimizer.step();
    scheduler.step();
  }
  return scheduler.getLastLr();
}

export function addGroup(optimizer: optim.SGD): void {
  optimizer.addParamGroup({ params: [makeWeight()], lr: 0.5 });
}

type Rates = Pick<optim.SGD, 'paramGroups'>;
export const lrsOf = ({ paramGroups }: Rates) => paramGroups.map(({ lr }) => lr);
const momentaOf = ({ paramGroups }: Rates) =>
  paramGroups.map((group) => ('betas' in group ? (group.betas as number[])[0] : group.momentum));

/** The required arguments, which are positional. */
const REQUIRED: Record<string, string[]> = {
  StepLR: ['stepSize'],
  LambdaLR: ['lrLambda'],
  MultiplicativeLR: ['lrLambda'],
  MultiStepLR: ['milestones'],
  ExponentialLR: ['gamma'],
  CosineAnnealingLR: ['tMax'],
  CosineAnnealingWarmRestarts: ['t0'],
  CyclicLR: ['baseLr', 'maxLr'],
  OneCycleLR: ['maxLr'],
  SWALR: ['swaLr'],
  SequentialLR: ['schedulers', 'milestones'],
  ChainedScheduler: ['schedulers'],
};

function readOption(name: string, value: unknown, optimizer: optim.SGD): unknown {
  if (name === 'schedulers') return (value as Recipe[]).map((recipe) => make(recipe, optimizer));
  if (name !== 'lrLambda' && name !== 'scaleFn') return value;
  return Array.isArray(value) ? value.map((item) => FUNCTIONS[item]) : FUNCTIONS[value as string];
}

/** The scheduler of a recipe, called in the form that a port of its Python has. */
export function make({ scheduler, options }: Recipe, optimizer: optim.SGD, more: Dict = {}): Scheduler {
  const Class = ({ ...optim.lrScheduler, SWALR: optim.swaUtils.SWALR } as Dict)[scheduler] as new (
    ...args: unknown[]
  ) => Scheduler;
  const read = Object.entries({ ...options, ...more }).map(([name, value]) => [
    name,
    readOption(name, value, optimizer),
  ]);
  const all = Object.fromEntries(read) as Dict;
  const required = REQUIRED[scheduler] ?? [];
  const optional = Object.fromEntries(Object.entries(all).filter(([name]) => !required.includes(name)));
  const first = scheduler === 'ChainedScheduler' ? [] : [optimizer];
  return new Class(...first, ...required.map((name) => all[name]), optional);
}

/** What a run in `mode` loads where the case resumes: our own state, through JSON, or PyTorch's whole state dict. */
export type Source = 'own' | 'json' | 'pytorch';

/** A case run to its end: learning rates (and momenta) before each step and after the last. */
export function run(c: Case, source: Source = 'own') {
  let optimizer = makeOptimizer(c.lr, c.optimizer);
  let scheduler = make(c, optimizer);
  const seen = [lrsOf(optimizer)];
  const momenta = [momentaOf(optimizer)];
  for (let step = 0; step < c.lrs.length - 1; step++) {
    if (step === c.resume?.step) [optimizer, scheduler] = resume(c, optimizer, scheduler, source);
    if (step === c.restart?.step) {
      const groups = optimizer.stateDict();
      optimizer = makeOptimizer(c.lr, c.optimizer);
      optimizer.loadStateDict(groups);
      scheduler = make(c, optimizer, { lastEpoch: c.restart.lastEpoch });
    }
    c.byHand?.[step]?.forEach((lr, i) => {
      optimizer.paramGroups[i]!.lr = lr;
    });
    optimizer.step();
    const epoch = c.epochs?.[step] ?? null;
    scheduler.step(...(c.metric ? [metrics[c.metric]![step]!] : epoch === null ? [] : [epoch]));
    seen.push(lrsOf(optimizer));
    momenta.push(momentaOf(optimizer));
  }
  return { optimizer, scheduler, seen, momenta };
}

function resume(c: Case, from: optim.SGD, scheduler: Scheduler, source: Source): [optim.SGD, Scheduler] {
  const { stateDict, pytorch, optimizer: groups, lastLr } = c.resume!;
  const own = scheduler.stateDict();
  const saved = { own, json: JSON.parse(JSON.stringify(own)), pytorch: revive(pytorch) as Dict }[source];
  if (source === 'own') expectState(own, stateDict);
  const optimizer = makeOptimizer(c.lr, c.optimizer);
  const next = make(c, optimizer);
  const param_groups = groups as unknown as ReturnType<optim.SGD['stateDict']>['param_groups'];
  optimizer.loadStateDict(source === 'pytorch' ? { state: new Map(), param_groups } : from.stateDict());
  next.loadStateDict(saved);
  expectRates([next.getLastLr()], [lastLr]);
  return [optimizer, next];
}

/** The digits that JavaScript's pow and cos share with C's. */
const RTOL = 1e-12;

/** Numbers, in arrays and objects, within {@link RTOL}; anything else equal. */
function near(expected: unknown): unknown {
  if (typeof expected === 'number' && Number.isFinite(expected)) return nearNumber(expected);
  if (Array.isArray(expected)) return expected.map(near);
  if (typeof expected !== 'object' || expected === null || expected instanceof Map) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, near(value)]));
}

/** In the form of Jest's asymmetric matchers. */
const nearNumber = (expected: number) => ({
  asymmetricMatch: (actual: unknown) =>
    typeof actual === 'number' && Math.abs(actual - expected) <= RTOL * Math.abs(expected),
  toString: () => 'near',
  toAsymmetricMatcher: () => `within ${RTOL} of ${expected}`,
});

/** Learning rates or momenta, one row for each step; to the last bit if `exact`. */
export function expectRates(actual: unknown[][], expected: number[][], exact = false): void {
  expect(actual).toEqual(exact ? expected : near(expected));
}

/** A state dict: PyTorch's keys and values. */
export function expectState(actual: Dict, expected: Dict): void {
  expect(actual).toEqual(near(withMaps(revive(expected))));
}

/** Dicts with integer keys are Maps here, and only milestones are such dicts. */
function withMaps(state: unknown): unknown {
  if (Array.isArray(state)) return state.map(withMaps);
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => {
      if (key !== 'milestones') return [key, withMaps(value)];
      return [key, new Map(Object.entries(value as Dict).map(([epoch, times]) => [Number(epoch), times]))];
    }),
  );
}
