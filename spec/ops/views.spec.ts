import { arange, type Tensor } from 'flambeau';
import { expectClose, readGolden, type TensorJson } from '../support/fixtures';

interface ViewCase {
  name: string;
  /** Methods with their arguments, one after the other; of several results the first. */
  chain: [method: string, ...args: unknown[]][];
  throws?: string;
  shape: number[];
  strides: number[];
  contiguous: boolean;
  /** What is in the base after 100 was added in place to the last of the chain. */
  base?: TensorJson;
  inPlaceThrows?: string;
}

type Methods = Record<string, (...args: unknown[]) => Tensor | Tensor[]>;

function follow(base: Tensor, chain: ViewCase['chain']): Tensor {
  return chain.reduce((x, [method, ...args]) => {
    const out = (x as unknown as Methods)[method]!(...args);
    return Array.isArray(out) ? out[0]! : out;
  }, base);
}

describe('what is a view and what a copy', () => {
  const { cases } = readGolden<ViewCase>('views');
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    const base = arange(24).float().reshape(2, 3, 4).clone();
    if (golden.throws !== undefined) {
      expect(() => follow(base, golden.chain)).toThrow();
      return;
    }
    const x = follow(base, golden.chain);
    expect({ shape: x.shape, strides: x.stride(), contiguous: x.isContiguous() }).toEqual({
      shape: golden.shape,
      strides: golden.strides,
      contiguous: golden.contiguous,
    });
    if (golden.inPlaceThrows !== undefined) expect(() => x.add_(100)).toThrow(/single memory location/);
    else {
      x.add_(100);
      expectClose(base, golden.base!);
    }
  });
});
