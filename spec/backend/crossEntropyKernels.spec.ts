import { fromArray, runMulti, type Value } from '../../lib/backend/engine';
import { referenceOf } from '../../lib/backend/kernel';
import { expectNumbersClose } from '../support/fixtures';
import '../../lib';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const CLASSES = 11;
const ROWS = [
  Array.from({ length: CLASSES }, (_, j) => j - 4.5),
  Array.from({ length: CLASSES }, (_, j) => 1e4 * Math.sin(j)),
  Array.from({ length: CLASSES }, (_, j) => (j === 3 ? -inf : 0.1 * j)),
  Array.from({ length: CLASSES }, (_, j) => (j === 5 ? nan : j)),
  Array.from({ length: CLASSES }, () => -80),
];
const LABELS = [0, 10, 4, -100, 7];
const floats = (values: number[], shape: number[]): Value => fromArray(Float32Array.from(values), shape, 'float32');
const none = () => floats([], [0]);
const weights = () =>
  floats(
    Array.from({ length: CLASSES }, (_, j) => (j % 4) / 2),
    [CLASSES],
  );

interface Given {
  soft: boolean;
  weighted: boolean;
  smoothing: number;
}
const GIVEN: Given[] = [true, false].flatMap((soft) =>
  [true, false].flatMap((weighted) => [0, 0.25, 1].map((smoothing) => ({ soft, weighted, smoothing }))),
);

function inputsOf({ soft, weighted }: Given): Record<string, Value> {
  const size = [ROWS.length, CLASSES];
  const q = ROWS.flatMap((row, i) => row.map((_, j) => ((i + j) % 5) / 4));
  return {
    logits: floats(ROWS.flat(), size),
    q: soft ? floats(q, size) : none(),
    labels: fromArray(Int32Array.from(soft ? [] : LABELS), [soft ? 0 : LABELS.length], 'int32'),
    weight: weighted ? weights() : none(),
  };
}

describe.each(['none', 'sum', 'mean'])('SoftCrossEntropy %s, native and reference', (reduction) => {
  it.each(GIVEN)('%j', (given) => {
    const inputs = inputsOf(given);
    const attrs = { reduction, ignoreIndex: -100, smoothing: given.smoothing };
    const expected = referenceOf('SoftCrossEntropy')(inputs, attrs) as Value[];
    const actual = runMulti('SoftCrossEntropy', inputs, attrs);
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    actual.forEach((out, i) => {
      expectNumbersClose(out.dataSync(), expected[i]!.dataSync(), { rtol: 2e-6, atol: 1e-6 });
    });
    for (const made of [...Object.values(inputs), ...actual, ...expected]) made.dispose();
  });
});

it('names a label that is no class', () => {
  const inputs = { ...inputsOf({ soft: false, weighted: false, smoothing: 0.1 }) };
  const attrs = { reduction: 'mean', ignoreIndex: 0, smoothing: 0.1 };
  expect(() => runMulti('SoftCrossEntropy', inputs, attrs)).toThrow('Target -100 is out of bounds');
  for (const made of Object.values(inputs)) made.dispose();
});
