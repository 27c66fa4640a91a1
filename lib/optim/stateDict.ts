import { RuntimeError, ValueError } from '../errors';
import { withGrad } from '../tensor/context';
import { tensor } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import type { ParamGroup } from './optimizer';

type Entry = Tensor | number | null;
/** What an optimizer keeps of one parameter, by name. */
export type Entries = Record<string, Entry | Entry[]>;

/** What an optimizer keeps of one parameter. */
// biome-ignore lint/suspicious/noExplicitAny: a dict of anything, as in PyTorch
export type State = Record<string, any>;

/** States by parameter. One that is not there yet is made, empty, when it is asked for, as by Python's defaultdict(dict). */
export class States extends Map<Tensor, State> {
  override get(p: Tensor): State {
    let state = super.get(p);
    if (!state) this.set(p, (state = {}));
    return state;
  }
}

/** PyTorch's form: parameters by position; options and slots under their Python names. */
export interface OptimizerStateDict {
  state: Map<number, Entries>;
  param_groups: ({ params: number[] } & Record<string, unknown>)[];
}

/** Only a capital within a word is a new word: `H_diag` stays. */
export const toSnake = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const renamed = <T>(object: Record<string, T>, rename: (name: string) => string): Record<string, T> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [rename(name), value]));

export function saveStateDict(
  groups: readonly ParamGroup[],
  states: States,
  exportState: (state: State, group: ParamGroup) => Entries,
): OptimizerStateDict {
  const indices = indexParams(groups);
  const state: OptimizerStateDict['state'] = new Map();
  for (const group of groups) {
    for (const p of group.params) {
      if (!states.has(p)) continue;
      const entries = exportState(states.get(p), group);
      // As in PyTorch, a parameter whose rule keeps nothing has no entry.
      if (Object.keys(entries).length > 0) state.set(indices.get(p)!, renamed(entries, toSnake));
    }
  }
  const param_groups = groups.map(({ params, ...options }) => ({
    ...renamed(options as Record<string, unknown>, toSnake),
    params: params.map((p) => indices.get(p)!),
  }));
  return { state, param_groups };
}

function indexParams(groups: readonly ParamGroup[]): Map<Tensor, number> {
  const indices = new Map<Tensor, number>();
  for (const { params } of groups) for (const p of params) if (!indices.has(p)) indices.set(p, indices.size);
  return indices;
}

/** How an optimizer reads what was saved. */
interface Reader {
  shapeOf(name: string, p: Tensor): readonly number[] | null;
  importState(entries: Entries, group: ParamGroup, p: Tensor): State;
}

/** Reads and checks everything before the caller changes anything. */
export function loadStateDict(
  groups: readonly ParamGroup[],
  { state, param_groups: saved }: OptimizerStateDict,
  reader: Reader,
): { groups: ParamGroup[]; state: Map<Tensor, State> } {
  checkGroups(groups, state, saved);
  const loaded = saved.map(({ params: _, ...options }, i) => {
    const { params, paramNames } = groups[i]!;
    return { params, ...(paramNames ? { paramNames } : {}), ...(renamed(options, toCamel) as { lr: number }) };
  });
  const restored = new Map<Tensor, State>();
  saved.forEach(({ params }, g) => {
    params.forEach((index, i) => {
      const entries = state.get(index);
      const p = groups[g]!.params[i]!;
      if (entries) restored.set(p, reader.importState(copied(entries, p, reader), loaded[g]!, p));
    });
  });
  return { groups: loaded, state: restored };
}

function checkGroups(groups: readonly ParamGroup[], state: unknown, saved: OptimizerStateDict['param_groups']): void {
  if (!(state instanceof Map) || !Array.isArray(saved)) {
    throw new TypeError('loadStateDict: expects { state: Map, param_groups: array }, as stateDict() gives them');
  }
  if (saved.length !== groups.length)
    throw new ValueError('loaded state dict has a different number of parameter groups');
  if (saved.some(({ params }, i) => params.length !== groups[i]!.params.length)) {
    throw new ValueError(
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
  }
}

function copied(entries: Entries, p: Tensor, { shapeOf }: Reader): Entries {
  const copy = (value: Entry) => (value instanceof Tensor ? withGrad(false, () => value.clone()) : value);
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      const name = toCamel(key);
      // A 0-d tensor is a number of the rule's.
      if (value instanceof Tensor && value.ndim > 0) checkShape(key, value, shapeOf(name, p), p);
      return [name, Array.isArray(value) ? value.map(copy) : copy(value)];
    }),
  );
}

function checkShape(name: string, value: Tensor, shape: readonly number[] | null, p: Tensor): void {
  if (shape === null || String(value.shape) === String(shape)) return;
  throw new RuntimeError(`loadStateDict: '${name}' has shape [${value.shape}], its parameter [${p.shape}]`);
}

/** A number as PyTorch keeps it, the step count for one: a 0-d float tensor. */
export function stepTensor(step: number): Tensor {
  return tensor(step);
}

/** The number that an entry holds; 0 where there is none. */
export function numberOf(entry: Entries[string] | undefined): number {
  return entry instanceof Tensor ? entry.item() : Number(entry ?? 0);
}
