import { isPlainObject, noMore } from '../args';
import { RuntimeError } from '../errors';
import { stack } from '../ops/join';
import { fromTypedArray, tensor } from '../tensor/creation';
import { checkInt32 } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';

/** What collating samples of type T gives: tensors for tensors and numbers, and the same nesting around them. */
export type Collated<T> = T extends Tensor | number | boolean | ArrayBufferView
  ? Tensor
  : T extends string
    ? string[]
    : T extends ReadonlyMap<infer K, infer V>
      ? Map<K, Collated<V>>
      : { -readonly [K in keyof T]: Collated<T[K]> };

/**
 * Makes a batch of samples: tensors are stacked; numbers become a tensor, int32 if all of this batch are integers (labels;
 * PyTorch's int64), else float32; booleans a bool tensor; typed arrays count as tensors; strings stay an array; arrays,
 * objects and Maps are collated item by item. Where integers may be meant as floats, return tensors from the dataset. See
 * torch.utils.data.default_collate.
 */
export function defaultCollate<T>(batch: readonly T[]): Collated<T> {
  noMore('defaultCollate(batch)', arguments.length, 1);
  if (!Array.isArray(batch)) throw new TypeError(`defaultCollate: the batch must be an array, got ${name(batch)}`);
  return collate(batch) as Collated<T>;
}

function collate(batch: readonly unknown[]): unknown {
  if (batch.length === 0) throw new RuntimeError('defaultCollate: the batch is empty');
  const kind = KINDS.find(({ fits }) => fits(batch[0]));
  if (!kind) throw unfit(batch[0]);
  const other = batch.findIndex((sample) => !kind.fits(sample));
  if (other > 0) throw new TypeError(`defaultCollate: the samples differ: ${name(batch[0])}, ${name(batch[other])}`);
  return kind.collate(batch as never);
}

interface Kind {
  fits(sample: unknown): boolean;
  collate(batch: readonly never[]): unknown;
}

const KINDS: readonly Kind[] = [
  { fits: (sample) => sample instanceof Tensor, collate: stackTensors },
  { fits: (sample) => typeof sample === 'number', collate: collateNumbers },
  {
    fits: (sample) => typeof sample === 'boolean',
    collate: (batch: readonly boolean[]) => fromTypedArray(Uint8Array.from(batch, Number), [batch.length], 'bool'),
  },
  { fits: (sample) => typeof sample === 'string', collate: (batch: readonly string[]) => [...batch] },
  {
    fits: ArrayBuffer.isView,
    collate: (batch: readonly Float32Array[]) => stackTensors(batch.map((view) => tensor(view))),
  },
  { fits: Array.isArray, collate: collateArrays },
  { fits: isMap, collate: collateMaps },
  { fits: isPlainObject, collate: collateObjects },
];

function isMap(sample: unknown): boolean {
  return Object.prototype.toString.call(sample) === '[object Map]';
}

function name(sample: unknown): string {
  if (typeof sample !== 'object' || sample === null) return sample === null ? 'null' : typeof sample;
  return sample.constructor?.name ?? 'object';
}

function unfit(sample: unknown): TypeError {
  const hint = name(sample) === 'Image' ? ' (give the dataset a transform such as new transforms.ToTensor())' : '';
  return new TypeError(
    `defaultCollate: batch must contain tensors, numbers, booleans, strings, arrays or objects; found ${name(sample)}${hint}`,
  );
}

function collateNumbers(batch: readonly number[]): Tensor {
  if (!batch.every(Number.isInteger)) return fromTypedArray(Float32Array.from(batch), [batch.length]);
  for (const value of batch) checkInt32('defaultCollate', value);
  return fromTypedArray(Int32Array.from(batch), [batch.length]);
}

function collateArrays(batch: readonly unknown[][]): unknown[] {
  const { length } = batch[0]!;
  if (batch.some((sample) => sample.length !== length)) {
    throw new RuntimeError('each element in list of batch should be of equal size');
  }
  return batch[0]!.map((_, i) => collate(batch.map((sample) => sample[i])));
}

function collateObjects(batch: readonly Record<string, unknown>[]): Record<string, unknown> {
  const entries = Object.keys(batch[0]!).map((key) => [key, collate(batch.map((sample) => sample[key]))]);
  return Object.fromEntries(entries);
}

function collateMaps(batch: readonly Map<unknown, unknown>[]): Map<unknown, unknown> {
  return new Map([...batch[0]!.keys()].map((key) => [key, collate(batch.map((sample) => sample.get(key)))]));
}

/** One new tensor out of equal ones: assembled here, unless gradients have to flow through or dtypes differ. */
function stackTensors(batch: readonly Tensor[]): Tensor {
  const [first] = batch as [Tensor];
  batch.forEach((other, i) => {
    if (String(other.shape) === String(first.shape)) return;
    throw new RuntimeError(
      `stack expects each tensor to be equal size, but got [${first.shape.join(', ')}] at entry 0 and ` +
        `[${other.shape.join(', ')}] at entry ${i}`,
    );
  });
  if (batch.some((item) => item.requiresGrad || item.dtype !== first.dtype)) return stack([...batch]);
  const parts = batch.map((item) => item.toTypedArray());
  const out = parts[0]!.constructor as new (length: number) => Float32Array;
  const data = new out(batch.length * parts[0]!.length);
  parts.forEach((part, i) => {
    data.set(part, i * part.length);
  });
  return fromTypedArray(data, [batch.length, ...first.shape], first.dtype);
}
