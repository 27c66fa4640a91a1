import { noMore, readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { div, sub } from '../ops/arithmetic';
import { div_, sub_ } from '../ops/inplace';
import { fromTypedArray, tensor } from '../tensor/creation';
import { pythonTuple } from '../tensor/format';
import { pythonRepr } from '../tensor/pythonNumber';
import { Tensor } from '../tensor/tensor';
import { Image } from './image';
import { className, describe, isExactly, isPixelwise, Transform } from './transform';

/** An {@link Image} of bytes as a float32 tensor [channels, height, width] from 0 to 1. See torchvision.transforms.ToTensor. */
export class ToTensor extends Transform {
  constructor() {
    noMore('new ToTensor()', arguments.length, 0);
    super();
  }

  override get pixelwise(): boolean {
    return isExactly(this, ToTensor);
  }

  override forward(image: Image): Tensor {
    if (!(image instanceof Image)) throw new TypeError(`pic should be an Image. Got ${className(image)}`);
    const { data, height, width, channels } = image;
    const size = height * width;
    const out = new Float32Array(data.length);
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < size; i++) out[c * size + i] = data[i * channels + c]! / 255;
    }
    return fromTypedArray(out, [channels, height, width]);
  }
}

/**
 * `(x − mean) / std` for each channel of a float32 tensor […, channels, height, width]; one value serves all channels. With
 * `inplace` the tensor itself is changed. See torchvision.transforms.Normalize.
 */
export class Normalize extends Transform {
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
  readonly inplace: boolean;

  constructor(
    mean: number | readonly number[],
    std: number | readonly number[],
    ...args: [options?: { inplace?: boolean }] | [inplace: boolean]
  ) {
    super();
    this.mean = mean;
    this.std = std;
    this.inplace = readArgs('Normalize', args, { inplace: false }).inplace;
  }

  override get pixelwise(): boolean {
    return isExactly(this, Normalize);
  }

  override forward(image: Tensor): Tensor {
    checkImage(image);
    const mean = this._perChannel(this.mean, image.shape);
    const std = this._perChannel(this.std, image.shape);
    if (std.toTypedArray().includes(0)) {
      throw new ValueError('std evaluated to zero after conversion to float32, leading to division by zero.');
    }
    return this.inplace ? div_(sub_(image, mean), std) : div(sub(image, mean), std);
  }

  private _perChannel(values: number | readonly number[], shape: readonly number[]): Tensor {
    if (typeof values === 'number') return tensor(values);
    const channels = shape.at(-3)!;
    const { length } = values;
    if (length === 1 || length === channels) return fromTypedArray(Float32Array.from(values), [length, 1, 1]);
    throw new RuntimeError(
      `The size of tensor a (${channels}) must match the size of tensor b (${length}) at non-singleton dimension ` +
        `${shape.length - 3}: Normalize has ${length} values, the image of shape [${shape.join(', ')}] ${channels} channels`,
    );
  }

  override toString(): string {
    return `Normalize(mean=${floats(this.mean)}, std=${floats(this.std)})`;
  }
}

function checkImage(image: unknown): asserts image is Tensor {
  if (!(image instanceof Tensor)) throw new TypeError(`img should be Tensor Image. Got ${className(image)}`);
  if (image.dtype !== 'float32') throw new TypeError(`Input tensor should be a float tensor. Got ${image.dtype}.`);
  if (image.shape.length >= 3) return;
  throw new ValueError(
    `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = [${image.shape.join(', ')}]`,
  );
}

function floats(values: number | readonly number[]): string {
  return typeof values === 'number' ? pythonRepr(values) : pythonTuple(values.map(pythonRepr));
}

// biome-ignore lint/suspicious/noExplicitAny: a chain's inner arguments match by construction
type Step = (input: any) => any;
type First<T extends readonly Step[]> = T extends readonly [infer F extends Step, ...unknown[]]
  ? Parameters<F>[0]
  : unknown;
type Last<T extends readonly Step[]> = T extends readonly [...unknown[], infer L extends Step]
  ? ReturnType<L>
  : unknown;

/** One transform after the other. See torchvision.transforms.Compose. */
export class Compose<const T extends readonly Step[]> extends Transform {
  readonly transforms: T;

  constructor(transforms: T) {
    noMore('new Compose(transforms)', arguments.length, 1);
    super();
    const wrong = transforms.findIndex((transform) => typeof transform !== 'function');
    if (wrong >= 0) throw new TypeError(`Compose: transform ${wrong} is not callable: ${className(transforms[wrong])}`);
    this.transforms = transforms;
  }

  override get pixelwise(): boolean {
    return isExactly(this, Compose) && this.transforms.every(isPixelwise);
  }

  override forward(input: First<T>): Last<T> {
    return this.transforms.reduce<unknown>((value, transform) => transform(value), input) as Last<T>;
  }

  override toString(): string {
    const lines = this.transforms.map((transform) => `\n    ${describe(transform).replaceAll('\n', '\n    ')}`);
    return `Compose(${lines.join('')}\n)`;
  }
}

/** A function of your own as a transform. See torchvision.transforms.Lambda. */
export class Lambda<I, O> extends Transform {
  readonly lambd: (input: I) => O;

  constructor(lambd: (input: I) => O) {
    noMore('new Lambda(lambd)', arguments.length, 1);
    super();
    if (typeof lambd !== 'function') throw new TypeError(`Argument lambd should be callable, got ${className(lambd)}`);
    this.lambd = lambd;
  }

  override forward(input: I): O {
    return this.lambd(input);
  }
}
