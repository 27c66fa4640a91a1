import type { optim, Tensor } from '../../lib';
import { expectClose } from '../support/fixtures';
import type { StateDictJson } from '../support/stateDicts';

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
