import { Generator, manualSeed, rand, type Tensor, zeros } from 'flambeau';
import { expectClose, readGolden, type TensorJson } from '../support/fixtures';

interface Fill {
  fn: string;
  name: string;
  args: number[];
  dtype: string;
  shape: number[];
  out: TensorJson;
  after: TensorJson;
  throws?: string;
  raises?: string;
}

const { cases, seed } = readGolden<Fill, { seed: number }>('random_fills');
type Methods = Record<string, (...args: unknown[]) => Tensor>;
const fill = ({ fn, args, dtype, shape }: Fill, ...more: unknown[]) =>
  (zeros(shape, { dtype }) as unknown as Methods)[fn]!(...args, ...more);

describe('fills are those of PyTorch, and leave the generator where PyTorch does', () => {
  it.each(cases.filter(({ throws }) => !throws).map((golden) => [golden.fn, golden.name, golden] as const))(
    '%s %s',
    (_fn, _name, golden) => {
      manualSeed(seed);
      expectClose(fill(golden), golden.out, {});
      expectClose(rand(1), golden.after, { rtol: 0, atol: 0 });
      manualSeed(0);
      expectClose(fill(golden, { generator: new Generator().manualSeed(seed) }), golden.out, {});
    },
  );
});

describe('what PyTorch refuses is refused in its words', () => {
  it.each(cases.filter(({ throws }) => throws).map((golden) => [golden.fn, golden.name, golden] as const))(
    '%s %s',
    (_fn, _name, golden) => {
      const head = golden.throws!.split(/[ ,']/).slice(0, 4).join(' ').replace(/"/g, '');
      let message = '';
      try {
        fill(golden);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message.replace(/["',]/g, '')).toContain(head.split(' ').slice(0, 3).join(' '));
    },
  );
});
