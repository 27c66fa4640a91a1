import { RuntimeError, ValueError } from '../errors';
import { withGrad } from '../tensor/context';
import { tensor } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import type { ParamGroup, State } from './optimizer';

/** PyTorch's form: parameters by position; options and slots under their Python names. */
export interface OptimizerStateDict {
  state: Map<number, Record<string, Tensor | number | null>>;
  param_groups: ({ params: number[] } & Record<string, unknown>)[];
}

type Entries = Record<string, Tensor | number | null>;

const toSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const renamed = <T>(object: Record<string, T>, rename: (name: string) => string): Record<string, T> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [rename(name), value]));

export function saveStateDict(
  groups: readonly ParamGroup[],
  states: ReadonlyMap<Tensor, State>,
  exportState: (state: State, group: ParamGroup) => Record<string, Tensor | null>,
): OptimizerStateDict {
  const indices = indexParams(groups);
  const state: OptimizerStateDict['state'] = new Map();
  for (const group of groups) {
    for (const p of group.params) {
      const own = states.get(p);
      const entries = own && exportState(own, group);
      // As in PyTorch, a parameter whose rule keeps nothing has no entry.
      if (entries && Object.keys(entries).length > 0) state.set(indices.get(p)!, renamed(entries, toSnake));
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

/** Reads and checks everything before the caller changes anything. */
export function loadStateDict(
  groups: readonly ParamGroup[],
  { state, param_groups: saved }: OptimizerStateDict,
  importState: (entries: Entries, group: ParamGroup) => State,
): { groups: ParamGroup[]; state: Map<Tensor, State> } {
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
  const loaded = saved.map(({ params: _, ...options }, i) => ({
    params: groups[i]!.params,
    ...(renamed(options, toCamel) as { lr: number }),
  }));
  const restored = new Map<Tensor, State>();
  saved.forEach(({ params }, g) => {
    params.forEach((index, i) => {
      const entries = state.get(index);
      const p = groups[g]!.params[i]!;
      if (entries) restored.set(p, importState(copied(entries, p), loaded[g]!));
    });
  });
  return { groups: loaded, state: restored };
}

function copied(entries: Entries, p: Tensor): Entries {
  const copy = withGrad(false, () =>
    Object.entries(entries).map(([name, value]): [string, Tensor | number | null] => {
      if (!(value instanceof Tensor)) return [name, value];
      if (name !== 'step' && String(value.shape) !== String(p.shape)) {
        throw new RuntimeError(`loadStateDict: '${name}' has shape [${value.shape}], its parameter [${p.shape}]`);
      }
      return [name, value.clone()];
    }),
  );
  return renamed(Object.fromEntries(copy), toCamel);
}

/** The step count as PyTorch keeps it. */
export function stepTensor(step: number): Tensor {
  return tensor(step);
}
