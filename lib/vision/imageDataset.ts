import { inspect } from 'node:util';
import { type Collated, defaultCollate } from '../data/collate';
import { checkIndex, Dataset } from '../data/dataset';
import { copyRows, HostCopy } from '../data/tensorDataset';
import { fromTypedArray } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { Image } from './image';
import { describe, isPixelwise } from './transform';

/** The bytes of all images, one after the other, with their shape [images, height, width] or [images, height, width, channels]. */
export type Pixels = Uint8Array & { readonly shape: readonly number[] };

/** What is done to an image and to its label when a sample is read. */
export interface Transforms<X, Y> {
  transform?: ((image: Image) => X) | null;
  targetTransform?: ((label: number) => Y) | null;
}

/** Images held as bytes with a class number each: sample i is `[image, label]`, each through its transform. */
export abstract class ImageDataset<X = Image, Y = number> extends Dataset<[X, Y]> {
  /** All images as they are stored. */
  readonly data: Pixels;
  /** All labels, int32. */
  readonly targets: Tensor;
  readonly transform: ((image: Image) => X) | null;
  readonly targetTransform: ((label: number) => Y) | null;
  private readonly _labels: HostCopy;

  constructor(data: Pixels, targets: Tensor, { transform, targetTransform }: Transforms<X, Y>) {
    super();
    this.data = data;
    this.targets = targets;
    this.transform = transform ?? null;
    this.targetTransform = targetTransform ?? null;
    this._labels = new HostCopy(targets);
  }

  override get length(): number {
    return this.data.shape[0]!;
  }

  override get(index: number): [X, Y] {
    const place = checkIndex(index, this.length);
    const [height, width, channels] = this._size();
    const bytes = copyRows(this.data as Uint8Array, [place], height * width * channels);
    const image = new Image(bytes, height, width, channels);
    return [this.transform ? this.transform(image) : (image as X), this._target(place)];
  }

  /** A whole batch by table, if each byte of an image is transformed for itself. */
  override getBatch(indices: readonly number[]): Collated<[X, Y]> | null {
    if (!isPixelwise(this.transform)) return null;
    const places = indices.map((index) => checkIndex(index, this.length));
    const images = this._lookUp(places, this.transform as unknown as (image: Image) => Tensor);
    const labels = this.targetTransform
      ? defaultCollate(places.map((i) => this._target(i)))
      : this._plainLabels(places);
    return [images, labels] as Collated<[X, Y]>;
  }

  private _size(): [height: number, width: number, channels: number] {
    const [, height, width, channels = 1] = this.data.shape as [number, number, number, number?];
    return [height, width, channels];
  }

  private _target(place: number): Y {
    const label = this._labels.data()[place]!;
    return this.targetTransform ? this.targetTransform(label) : (label as Y);
  }

  private _plainLabels(places: readonly number[]): Tensor {
    return fromTypedArray(copyRows(this._labels.data(), places, 1), [places.length], 'int32');
  }

  private _lookUp(places: readonly number[], transform: (image: Image) => Tensor): Tensor {
    const [height, width, channels] = this._size();
    const pixels = height * width;
    const all = transform(ramp(channels)).toTypedArray() as Float32Array;
    const tables = Array.from({ length: channels }, (_, c) => all.slice(c * 256, (c + 1) * 256));
    const out = new Float32Array(places.length * channels * pixels);
    let to = 0;
    for (const place of places) {
      for (let c = 0; c < channels; c++, to += pixels) {
        lookUp(this.data, place * pixels * channels + c, channels, tables[c]!, out, to, to + pixels);
      }
    }
    return fromTypedArray(out, [places.length, channels, height, width]);
  }

  /** Lines of {@link toString} that are the subclass's own. */
  protected extraRepr(): string[] {
    return [];
  }

  /** torchvision's repr. */
  override toString(): string {
    const transforms = [
      ...hanging('Transform: ', this.transform),
      ...hanging('Target transform: ', this.targetTransform),
    ];
    const body = [`Number of datapoints: ${this.length}`, ...this.extraRepr()];
    const rest = transforms.length > 0 ? ['    StandardTransform', ...transforms] : [];
    return [`Dataset ${this.constructor.name}`, ...body.map((line) => `    ${line}`), ...rest].join('\n');
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The inner loop: `out[to … end]` becomes the entries of `table` for every `step`th byte. */
function lookUp(
  bytes: Uint8Array,
  from: number,
  step: number,
  table: Float32Array,
  out: Float32Array,
  to: number,
  end: number,
): void {
  for (let at = from, i = to; i < end; i++, at += step) out[i] = table[bytes[at]!]!;
}

/** An image that has each byte once in each channel: its transform is the table of all values. */
function ramp(channels: number): Image {
  const bytes = Uint8Array.from({ length: 256 * channels }, (_, i) => Math.floor(i / channels));
  return new Image(bytes, 16, 16, channels);
}

function hanging(head: string, transform: ((input: never) => unknown) | null): string[] {
  if (!transform) return [];
  const [first, ...more] = describe(transform).split('\n');
  return [head + first, ...more.map((line) => ' '.repeat(head.length) + line)];
}
