import { optim, type Tensor, tensor } from 'flambeau';
import { decode, numbersOf, readGolden, type TensorJson } from './fixtures';
import { fromJson, type StateDictJson } from './stateDicts';

type Options = Record<string, unknown>;
type Group = { params: number[] } & Options;

/** A run of an optimizer as spec/reference/optim.py and optim_rules.py write it. */
export interface Trajectory {
  optimizer: Exclude<keyof typeof optim, 'Optimizer' | 'lrScheduler' | `register${string}`>;
  name: string;
  options: Options;
  groups?: Group[];
  /** Parameters without a gradient, by step. */
  missing?: Record<string, number[]>;
  changes?: Record<string, Options>;
  addGroup?: Record<string, Group>;
  /** Factors of the gradients, one step's after the other's. */
  sizes?: number[];
  init?: TensorJson[];
  grads?: TensorJson[][];
  resume?: { step: number; params: TensorJson[]; stateDict: StateDictJson };
  /** The parameters after some steps, behind one another; in PyTorch's float32. */
  out: Record<string, TensorJson>;
  /** After the last step in float64, and how far from that PyTorch's float32 is. */
  out64?: TensorJson;
  drift?: number;
}

/** A family of cases, and the data that they share. */
export interface Family<Case extends Trajectory> {
  cases: Case[];
  init: TensorJson[];
  grads: TensorJson[][];
  missing?: Record<string, number[]>;
  matrices?: TensorJson[];
  matrixGrads?: TensorJson[][];
}

export function readFamily<Case extends Trajectory>(name: string): Family<Case> {
  return readGolden<Case, Omit<Family<Case>, 'cases'>>(name);
}

/** The elements of all tensors, behind one another. */
export const numbersIn = (params: readonly Tensor[]) => params.flatMap((p) => Array.from(p.toTypedArray()));

/** Options with `{ tensor: x }` made a tensor. */
function optionsOf(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(optionsOf);
  if (typeof json !== 'object' || json === null) return json;
  if ('tensor' in json) return tensor(json.tensor as number);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, optionsOf(value)]));
}

type Recipe = Pick<Trajectory, 'optimizer' | 'options' | 'groups'>;

export function makeOptimizer(c: Recipe, params: Tensor[], options: unknown = optionsOf(c.options)) {
  const groups = c.groups?.map((group) => ({ ...group, params: group.params.map((i) => params[i]!) }));
  const Class = optim[c.optimizer] as new (params: unknown, options: unknown) => optim.Optimizer;
  return new Class(groups ?? params, options);
}

/** The parameters and the optimizer at the start of a case, or where it resumes: from PyTorch's state, with other options. */
function startOf(c: Trajectory, family: Family<Trajectory>): [Tensor[], optim.Optimizer] {
  const shared = c.optimizer === 'Muon' ? family.matrices! : family.init;
  const params = (c.resume?.params ?? c.init ?? shared).map((json) => decode(json).requiresGrad_());
  if (!c.resume) return [params, makeOptimizer(c, params)];
  const optimizer = makeOptimizer(c, params, { lr: 9 });
  optimizer.loadStateDict(fromJson(c.resume.stateDict));
  return [params, optimizer];
}

/** Takes all steps of a case; `after` is called with each step's number. */
export function replayTrajectory(
  c: Trajectory,
  family: Family<Trajectory>,
  after: (step: number, params: Tensor[]) => void = () => {},
): { params: Tensor[]; optimizer: optim.Optimizer } {
  const [params, optimizer] = startOf(c, family);
  const isMuon = c.optimizer === 'Muon';
  const grads = c.grads ?? (isMuon ? family.matrixGrads! : family.grads);
  const missing = c.missing ?? (isMuon ? {} : family.missing);
  for (let step = (c.resume?.step ?? 0) + 1; step <= grads.length; step++) {
    const added = c.addGroup?.[step - 1];
    if (added) optimizer.addParamGroup({ ...added, params: added.params.map((i) => params[i]!) } as never);
    const size = c.sizes?.[step % c.sizes.length] ?? 1;
    params.forEach((p, i) => {
      p.grad = missing?.[step]?.includes(i) ? null : decode(grads[step - 1]![i]!).mul(size);
    });
    for (const group of optimizer.paramGroups) Object.assign(group, c.changes?.[step]);
    optimizer.step();
    after(step, params);
  }
  return { params, optimizer };
}

/** The largest distance of the parameters from PyTorch's float64. */
export function distanceFrom64({ out64 }: Trajectory, params: readonly Tensor[]): number {
  const exact = numbersOf(out64!);
  return Math.max(...numbersIn(params).map((x, i) => Math.abs(x - exact[i]!)));
}
