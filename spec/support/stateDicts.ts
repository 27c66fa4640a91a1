import type { optim } from 'flambeau';
import { decode, type TensorJson } from './fixtures';

type EntryJson = TensorJson | number | null;
/** An optimizer's state dict as spec/reference writes it. */
export interface StateDictJson {
  state: Record<string, Record<string, EntryJson | EntryJson[]>>;
  param_groups: (Record<string, unknown> & { lr: number; params: number[] })[];
}

export function fromJson({ state, param_groups }: StateDictJson): optim.OptimizerStateDict {
  const entry = (json: EntryJson) => (typeof json === 'object' && json !== null ? decode(json) : json);
  const read = (json: EntryJson | EntryJson[]) => (Array.isArray(json) ? json.map(entry) : entry(json));
  const entries = Object.entries(state).map(([index, slots]): [number, Record<string, ReturnType<typeof read>>] => [
    Number(index),
    Object.fromEntries(Object.entries(slots).map(([name, json]) => [name, read(json)])),
  ]);
  return { state: new Map(entries), param_groups: param_groups as never };
}
