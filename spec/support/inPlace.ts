import { setTimeout } from 'node:timers/promises';
import { memory, noGrad } from 'flambeau';
import { readGolden } from './fixtures';
import { checkCase, type GoldenCase } from './golden';

/** The cases of a family of in-place methods: golden cases require grad where they can, which a leaf that is written to may not. */
export function describeInPlace(family: string): void {
  describe('in place', () => {
    const { cases } = readGolden<GoldenCase>(family);
    for (const golden of cases) it(`${golden.fn} ${golden.name}`, () => noGrad(() => checkCase(golden)));

    it('leaks nothing', async () => {
      await setTimeout(0);
      const before = memory().numTensors;
      for (const golden of cases) noGrad(() => checkCase(golden));
      await setTimeout(20);
      expect(memory().numTensors).toBeLessThanOrEqual(before);
    });
  });
}
