import * as flambeau from 'flambeau';
import { tensor } from 'flambeau';
import * as rootInPlace from '../../lib/ops/families/rootInPlace';

it.each(Object.entries(rootInPlace))('%s is the method of its first argument', (name, fn) => {
  expect((flambeau as Record<string, unknown>)[name]).toBe(fn);
  expect(name in tensor(1)).toBe(true);
});

it('they write to their argument', () => {
  const x = tensor([-1, 2]);
  expect(flambeau.relu_(x)).toBe(x);
  expect(flambeau.clamp_(x, 0, 1).tolist()).toEqual([0, 1]);
});
