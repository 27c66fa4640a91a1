import * as f from 'flambeau';
import { optim } from 'flambeau';
import { readGolden } from './fixtures';

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

/** Looks at the state that was saved where a case resumes, and at the scheduler that loaded it. */
export type AtResume = (saved: Dict, next: Scheduler) => void;

/** A case run to its end: learning rates (and momenta) before each step and after the last. */
export function replaySchedule(c: Case, source: Source = 'own', atResume: AtResume = () => {}) {
  let optimizer = makeOptimizer(c.lr, c.optimizer);
  let scheduler = make(c, optimizer);
  const seen = [lrsOf(optimizer)];
  const momenta = [momentaOf(optimizer)];
  for (let step = 0; step < c.lrs.length - 1; step++) {
    if (step === c.resume?.step) [optimizer, scheduler] = resume(c, optimizer, scheduler, source, atResume);
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

function resume(
  c: Case,
  from: optim.SGD,
  scheduler: Scheduler,
  source: Source,
  atResume: AtResume,
): [optim.SGD, Scheduler] {
  const { pytorch, optimizer: groups } = c.resume!;
  const own = scheduler.stateDict();
  const saved = { own, json: JSON.parse(JSON.stringify(own)), pytorch: revive(pytorch) as Dict }[source];
  const optimizer = makeOptimizer(c.lr, c.optimizer);
  const next = make(c, optimizer);
  const param_groups = groups as unknown as ReturnType<optim.SGD['stateDict']>['param_groups'];
  optimizer.loadStateDict(source === 'pytorch' ? { state: new Map(), param_groups } : from.stateDict());
  next.loadStateDict(saved);
  atResume(own, next);
  return [optimizer, next];
}
