import type { optim, Tensor } from '../../lib';
import { decode, expectClose, type TensorJson } from '../support/fixtures';

type EntryJson = TensorJson | number | null;
/** An optimizer's state dict as spec/reference writes it. */
export interface StateDictJson {
  state: Record<string, Record<string, EntryJson | EntryJson[]>>;
  param_groups: (Record<string, unknown> & { lr: number })[];
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

/** Keys, their order, and values, to torch.testing's tolerance. */
export function checkStateDict(actual: optim.OptimizerStateDict, expected: StateDictJson): void {
  expect(actual.param_groups).toEqual(expected.param_groups);
  expect(actual.param_groups.map((group) => Object.keys(group))).toEqual(
    expected.param_groups.map((group) => Object.keys(group)),
  );
  expect([...actual.state.keys()].map(String)).toEqual(Object.keys(expected.state));
  for (const [index, entries] of Object.entries(expected.state)) {
    const own = actual.state.get(Number(index))!;
    expect(Object.keys(own)).toEqual(Object.keys(entries));
    for (const [name, json] of Object.entries(entries)) {
      if (typeof json === 'object' && json !== null && !Array.isArray(json)) expectClose(own[name] as Tensor, json);
      else expect(own[name]).toEqual(json);
    }
  }
}
