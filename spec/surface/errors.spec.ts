import { linalg, nn, ones, type Tensor, tensor, zeros } from 'flambeau';
import { leftOver } from '../support/leaks';
import { CLASSES, NOT_MADE } from './classes';
import { ELSEWHERE, type Example, examples, publicClasses, publicFunctions } from './examples';

const { list, missing } = examples();
const rows = list.map((example): [string, Example] => [example.name, example]);

/** What a call throws, or undefined. */
function refusal(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What a program should never read: the engine's words for our mistakes. */
const INTERNAL =
  /Cannot (read|convert|destructure|mix|set)|is not (a function|iterable|defined)|Maximum call|Invalid (array|typed)|\bundefined\b|Reduce of empty/;

function disposed(): Tensor {
  const gone = ones(2);
  gone.dispose();
  return gone;
}

/** Methods that look at shape and dtype alone, or give self back. */
const NEEDS_NO_CONTENT = new Set(
  [
    ...['contiguous', 'cpu', 'detach', 'detach_', 'dim', 'dispose', 'elementSize', 'float', 'getDevice', 'isComplex'],
    ...[
      'isContiguous',
      'isFloatingPoint',
      'isInference',
      'isSameSize',
      'isSigned',
      'ndimension',
      'nelement',
      'newEmpty',
    ],
    ...[
      'newFull',
      'newOnes',
      'newTensor',
      'newZeros',
      'numel',
      'positive',
      'retainGrad',
      'size',
      'stride',
      'type',
      'typeAs',
    ],
  ].map((name) => `Tensor.${name}`),
);

/** What is wrong in most places. */
const WRONG: Record<string, () => unknown> = {
  null: () => null,
  'a string': () => 'text',
  'a foreign tensor': () => ({ shape: [2], dtype: 'float32', dataSync: () => [1, 2] }),
  'a large number': () => 1000,
  'a negative number': () => -1000,
  NaN: () => Number.NaN,
  'a fraction': () => 0.5,
  'a boolean': () => true,
  'a disposed tensor': disposed,
  'an empty tensor': () => zeros(0),
  'a scalar': () => tensor(1),
  'a matrix of integers': () =>
    tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: 'int32' },
    ),
  'a bool tensor': () => tensor([true, false]),
  'a tensor of many dimensions': () => ones(1, 1, 1, 1, 1, 1, 1),
  'a list of odd things': () => [1, 'a', null],
  'a function': () => () => 1,
};

const AS_OPTIONS = [
  ...['null', 'a string', 'NaN', 'a fraction', 'a negative number', 'a boolean', 'a function'],
  ...['a foreign tensor', 'a list of odd things', 'a disposed tensor'],
];

/** A function of the user's, called as it is. */
const UNREAD = new Set(['distanceFunction']);

/** The options of a function, from what it says of one that it does not know. */
function optionsOf(call: () => unknown): string[] {
  const [, form] = /The form is .*\(…, (.*)\)$/.exec(String(refusal(call))) ?? [];
  return (form?.match(/\w+/g) ?? []).filter((name) => !UNREAD.has(name));
}

describe('the surface', () => {
  it('every public function has an example', () => expect(missing).toEqual([]));

  it('every public class has an example', () => {
    const made = new Set([...CLASSES.map(([name]) => name), ...NOT_MADE]);
    expect([...publicClasses().keys()].filter((name) => !made.has(name))).toEqual([]);
  });

  it('every exception is there', () => {
    const names = new Set([...publicFunctions().keys(), ...publicClasses().keys()]);
    expect([...ELSEWHERE, ...NOT_MADE].filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('arguments', () => {
  it.each(rows)('%s: surplus ones are refused', (name, { call, args }) => {
    const error = refusal(() => call(...args(), 'surplus', 'surplus', 'surplus'));
    // What stands there is an index.
    expect((error as Error).name).toBe(name === 'Tensor.index' ? 'IndexError' : 'TypeError');
    expect((error as Error).message).not.toMatch(INTERNAL);
  });

  it.each(rows)('%s: missing ones are missed in words', (name, { call, args }) => {
    const given = args();
    const self = name.startsWith('Tensor.') ? 1 : 0;
    const silent = given.flatMap((_, count) => {
      if (count < self) return [];
      let result: unknown;
      const error = refusal(() => {
        result = call(...args().slice(0, count));
      });
      // Of what is missing an error may say that it is undefined, and a result may not be made.
      const odd = INTERNAL.test(String(error).replaceAll('undefined', '')) || String(result).includes('nan');
      return odd ? [`${count}: ${String(error ?? result)}`] : [];
    });
    expect(silent).toEqual([]);
  });

  it.each(rows)('%s: an unknown option is refused', (_, { call, args }) => {
    const given = args();
    const last = given.at(-1);
    const options = typeof last === 'object' && last?.constructor === Object ? given.pop() : {};
    const error = refusal(() => call(...given, { ...(options as object), noSuchOption: 1 }));
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).not.toMatch(INTERNAL);
    expect((error as Error).message).toMatch(/noSuchOption|takes|must be|object/);
  });

  it.each(CLASSES)('new %s', (_, make) => {
    expect(make).not.toThrow();
    expect(() => make('surplus', 'surplus')).toThrow(TypeError);
    expect(() => make({ noSuchOption: 1 })).toThrow(/noSuchOption|takes|is not a tensor|Module or null required/);
  });

  it.each([...publicClasses()])('%s without new says so', (_, Class) => {
    expect(Class as () => unknown).toThrow(/'new'/);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a near option',
      () => ones(2, 2).sum({ keepDims: true } as never),
      /unknown option 'keepDims'; did you mean 'keepdim'\?/,
    ],
    ['a Python name', () => new nn.CrossEntropyLoss({ ignore_index: 1 } as never), /did you mean 'ignoreIndex'\?/],
    ['the form', () => ones(2, 2).sum(0, true as never), /sum\(…, dim, \{ keepdim, dtype \}\)/],
    [
      'the form of what has no options',
      () => (ones(2) as never as { exp(x: number): unknown }).exp(1),
      /^exp\(input\): takes 1 argument, got 2$/,
    ],
    [
      'what is no distance',
      () => {
        const x = ones(2, 3);
        return nn.functional.tripletMarginWithDistanceLoss(x, x, x, { distanceFunction: 3 as never });
      },
      /distanceFunction should be a function, got 3/,
    ],
    ['a near option of linalg', () => linalg.norm(ones(2), { keepDim: true } as never), /did you mean 'keepdim'\?/],
  ])('an error shows %s', (_, misuse, message) => expect(misuse).toThrow(message));
});

describe('wrong values', () => {
  beforeAll(() => jest.spyOn(console, 'warn').mockImplementation());
  afterAll(() => jest.restoreAllMocks());

  /** Replaces each argument by each wrong value; gives the complaints that no program should read. */
  function complaints({ name, call, args }: Example): string[] {
    return args().flatMap((_, i) =>
      Object.entries(WRONG).flatMap(([what, make]) => {
        if (i === 0 && name.startsWith('Tensor.')) return [];
        const given = args();
        given[i] = make();
        const error = refusal(() => call(...given));
        if (error === undefined || (error instanceof Error && error.message !== '' && !INTERNAL.test(error.message)))
          return [];
        return [`argument ${i}, ${what}: ${String(error)}`];
      }),
    );
  }

  it.each(rows)('%s', (_, example) => expect(complaints(example)).toEqual([]));

  it.each(rows)('%s, as options', (_, { call, args }) => {
    const given = args().filter((arg, i) => i < args().length - 1 || arg?.constructor !== Object);
    const odd = optionsOf(() => call(...given, { noSuchOption: 1 })).flatMap((name) =>
      AS_OPTIONS.flatMap((what) => {
        const error = refusal(() => call(...args().slice(0, given.length), { [name]: WRONG[what]!() }));
        return error === undefined || (error instanceof Error && !INTERNAL.test(error.message))
          ? []
          : [`${name}, ${what}: ${String(error)}`];
      }),
    );
    expect(odd).toEqual([]);
  });

  it('a disposed tensor says that it is, as self of every method', () => {
    const silent = rows.filter(([name, { call, args }]) => {
      if (!name.startsWith('Tensor.') || NEEDS_NO_CONTENT.has(name)) return false;
      const [self, ...rest] = args();
      (self as Tensor).dispose();
      return !/used after dispose\(\)/.test(String(refusal(() => call(self, ...rest))));
    });
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const walk = () => {
      for (const example of list) complaints(example);
    };
    expect(await leftOver(walk)).toBe(0);
  }, 120_000);
});
