import { tensor } from 'flambeau';
import { type AssertCloseOptions, AssertionError, assertClose, type Comparable } from '../../lib/testing/assertClose';

const ints = (...values: number[]) => tensor(values, { dtype: 'int32' });
const TWO = tensor([1, 2]);
const OFF = tensor([1, 2.5]);

/** The whole message, as torch.testing.assert_close 2.13 words it. */
const failures: [string, Comparable, Comparable, AssertCloseOptions, string][] = [
  [
    'floats',
    tensor([1, 2, 3]),
    tensor([1, 2.5, 3]),
    {},
    'Tensor-likes are not close!\n\nMismatched elements: 1 / 3 (33.3%)\nGreatest absolute difference: 0.5 at index (1,) (up to 1e-05 allowed)\nGreatest relative difference: 0.20000000298023224 at index (1,) (up to 1.3e-06 allowed)',
  ],
  [
    'NaN',
    tensor([
      [1, 2],
      [3, Number.NaN],
    ]),
    tensor([
      [1, 2.5],
      [4, Number.NaN],
    ]),
    {},
    'Tensor-likes are not close!\n\nMismatched elements: 3 / 4 (75.0%)\nGreatest absolute difference: nan at index (1, 1) (up to 1e-05 allowed)\nGreatest relative difference: nan at index (1, 1) (up to 1.3e-06 allowed)',
  ],
  [
    'integers',
    ints(1, 2, 3),
    ints(1, 5, 3),
    {},
    'Tensor-likes are not equal!\n\nMismatched elements: 1 / 3 (33.3%)\nGreatest absolute difference: 3 at index (1,)\nGreatest relative difference: 0.6000000238418579 at index (1,)',
  ],
  [
    'bools',
    tensor([true]),
    tensor([false]),
    {},
    'Tensor-likes are not equal!\n\nMismatched elements: 1 / 1 (100.0%)\nGreatest absolute difference: 1 at index (0,)\nGreatest relative difference: inf at index (0,)',
  ],
  [
    '0-d tensors',
    tensor(1),
    tensor(2),
    {},
    'Scalars are not close!\n\nExpected 2.0 but got 1.0.\nAbsolute difference: 1.0 (up to 1e-05 allowed)\nRelative difference: 0.5 (up to 1.3e-06 allowed)',
  ],
  [
    'tolerances of its own',
    TWO,
    OFF,
    { rtol: 0, atol: 0.1 },
    'Tensor-likes are not close!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: 0.5 at index (1,) (up to 0.1 allowed)\nGreatest relative difference: 0.20000000298023224 at index (1,) (up to 0 allowed)',
  ],
  [
    'no tolerance',
    TWO,
    OFF,
    { rtol: 0, atol: 0 },
    'Tensor-likes are not equal!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: 0.5 at index (1,)\nGreatest relative difference: 0.20000000298023224 at index (1,)',
  ],
  [
    'infinities',
    tensor([Number.POSITIVE_INFINITY, 1]),
    tensor([Number.NEGATIVE_INFINITY, 1]),
    {},
    'Tensor-likes are not close!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: inf at index (0,) (up to 1e-05 allowed)\nGreatest relative difference: nan at index (0,) (up to 1.3e-06 allowed)',
  ],
  ['a message', TWO, OFF, { msg: 'hello' }, 'hello'],
  ['a message from ours', TWO, OFF, { msg: (m) => `hello ${m.slice(0, 12)}` }, 'hello Tensor-likes'],
  [
    'an item of a list',
    [tensor([1]), tensor([2])],
    [tensor([1]), tensor([3])],
    {},
    'Tensor-likes are not close!\n\nMismatched elements: 1 / 1 (100.0%)\nGreatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)\nGreatest relative difference: 0.3333333432674408 at index (0,) (up to 1.3e-06 allowed)\n\nThe failure occurred for item [1]',
  ],
  ['lengths', [TWO, TWO], [TWO], {}, 'The length of the sequences mismatch: 2 != 1'],
  [
    'an item of an object',
    { a: 1 },
    { a: 2 },
    {},
    "Scalars are not equal!\n\nExpected 2 but got 1.\nAbsolute difference: 1\nRelative difference: 0.5\n\nThe failure occurred for item ['a']",
  ],
  [
    'keys',
    { a: TWO },
    { b: TWO },
    {},
    "The keys of the mappings do not match:\nMissing keys in the actual mapping: ['b']\nAdditional keys in the actual mapping: ['a']",
  ],
  [
    'numbers',
    1.5,
    2.5,
    {},
    'Scalars are not close!\n\nExpected 2.5 but got 1.5.\nAbsolute difference: 1.0 (up to 1e-07 allowed)\nRelative difference: 0.4 (up to 1e-07 allowed)',
  ],
  ['booleans', true, false, {}, 'Booleans mismatch: true is not false'],
  ['shapes', tensor([1]), TWO, {}, "The values for attribute 'shape' do not match: [1] != [2]."],
  ['dtypes', tensor([1]), ints(1), {}, "The values for attribute 'dtype' do not match: float32 != int32."],
];

describe('assertClose', () => {
  it.each(failures)('refuses %s', (_, actual, expected, options, message) => {
    let error: unknown;
    try {
      assertClose(actual, expected, options);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AssertionError);
    expect((error as Error).message).toBe(message);
  });

  it('accepts what is close', () => {
    assertClose(TWO, tensor([1.00001, 2]));
    assertClose(1.5, 1.5 + 1e-9);
    assertClose(tensor([1]), ints(1), { checkDtype: false });
    assertClose(tensor([Number.NaN]), tensor([Number.NaN]), { equalNan: true });
    assertClose(tensor([]), tensor([]));
    assertClose({ a: [TWO, true] }, { a: [TWO.clone().requiresGrad_(), true] });
  });

  it('refuses other misuse', () => {
    expect(() => assertClose(TWO, OFF, { rtol: 0 })).toThrow(/must be either specified or omitted, but got no atol/);
    expect(() => assertClose(tensor([1]), 1)).toThrow(/No comparison pair was able to handle .* Tensor and number/);
    expect(() => assertClose(TWO, OFF, { rtoll: 0 } as never)).toThrow(/did you mean 'rtol'/);
  });
});
