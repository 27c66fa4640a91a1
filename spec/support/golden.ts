import { setTimeout } from 'node:timers/promises';
import { memory } from 'flambeau';
import { readGolden } from './fixtures';
import { argumentsOf, call, expectSame, type GoldenCase, nameOf, replay, reviveOptions } from './replay';

export type { GoldenCase };

/** What is known to differ from PyTorch, and why: by function and name of the case. */
export type Differences = Record<string, string>;

/** What is known to be said in other words than PyTorch's, and why. */
export type OwnWords = Record<string, string>;

/**
 * One test for each case of a family, and one for each function that its cases leak nothing. A case in `differs` must fail,
 * or its entry is out of date; a refusal in `ownWords` need not share its words with PyTorch's.
 */
export function describeGolden(family: string, differs: Differences = {}, ownWords: OwnWords = {}): void {
  const { cases } = readGolden<GoldenCase>(family);
  const keys = cases.map((golden) => `${nameOf(golden)} ${golden.name}`);
  for (const fn of new Set(cases.map(nameOf))) {
    const own = cases.filter((golden) => nameOf(golden) === fn);
    describe(fn, () => {
      for (const golden of own) {
        const key = `${fn} ${golden.name}`;
        const reason = differs[key];
        if (reason) it.failing(`${golden.name} [${reason}]`, () => checkCase(golden));
        else it(golden.name, () => checkCase(golden, ownWords[key] !== undefined));
      }
      it('leaks nothing', async () => expect(await leaking(own)).toEqual([]));
    });
  }
  it('lists no difference that is none', () => {
    expect(Object.keys({ ...differs, ...ownWords }).filter((key) => !keys.includes(key))).toEqual([]);
  });
}

/** The names of the cases that leave something behind. A full collection is slow, so they are asked one by one only if some do. */
async function leaking(cases: readonly GoldenCase[]): Promise<string[]> {
  if (!(await leaks(cases))) return [];
  const names: string[] = [];
  for (const golden of cases) if (await leaks([golden])) names.push(golden.name);
  return names;
}

async function leaks(cases: readonly GoldenCase[]): Promise<boolean> {
  await setTimeout(0);
  const before = memory().numTensors;
  cases.forEach(attempt);
  // What is being compiled may hold an object for a moment: a leak is what stays.
  for (let tries = 0; memory().numTensors > before; tries++) {
    if (tries === 3) return true;
    await setTimeout(20);
  }
  return false;
}

/** Whether the values are right is not asked here. */
function attempt(golden: GoldenCase): void {
  try {
    checkCase(golden);
  } catch {}
}

/** Compares a call with what PyTorch says of it; a refusal also in its words, unless it has its own. */
export function checkCase(golden: GoldenCase, ownWords = false): void {
  if (golden.throws !== undefined) checkRefusal(golden, ownWords);
  else for (const compared of replay(golden)) expectSame(compared);
}

function checkRefusal(golden: GoldenCase, ownWords: boolean): void {
  const args = argumentsOf(golden);
  let refusal: unknown = null;
  try {
    call(golden, args, reviveOptions(golden.options));
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Error);
  const { name, message } = refusal as Error;
  expect(message).not.toBe('');
  // What is not implemented in PyTorch is refused for good here.
  expect(name).toBe(golden.raises === 'NotImplementedError' ? 'RuntimeError' : golden.raises);
  // What Python's parser of arguments says, speaks of Python's signatures.
  const ofParser = golden.throws!.includes('invalid combination of arguments');
  if (!ownWords && !ofParser && sharedWords(golden.throws!, message) < 0.5) expect(message).toBe(golden.throws);
}

/** The part of the words and numbers in `expected` that are in `actual`, too. */
function sharedWords(expected: string, actual: string): number {
  const words = (text: string) =>
    text
      .replaceAll('_', '')
      .toLowerCase()
      .match(/[a-z]{3,}|-?\d+/g) ?? [];
  const said = new Set(words(actual));
  const wanted = words(expected);
  return wanted.filter((word) => said.has(word)).length / Math.max(1, wanted.length);
}
