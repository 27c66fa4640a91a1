import { type Case, type Dict, replaySchedule, revive, type Source } from '../support/schedules';

export * from '../support/schedules';

/** A case run to its end, with a look at what it resumes from. */
export function run(c: Case, source: Source = 'own') {
  return replaySchedule(c, source, (own, next) => {
    if (source === 'own') expectState(own, c.resume!.stateDict);
    expectRates([next.getLastLr()], [c.resume!.lastLr]);
  });
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
