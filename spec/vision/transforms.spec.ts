import { inspect } from 'node:util';
import * as f from '../../lib';
import { RuntimeError, ValueError } from '../../lib/errors';
import { elements, golden, type TensorJson } from '../data/fixtures';

const { tensor, vision } = f;
const { Image, transforms } = vision;
const { Compose, Lambda, Normalize, ToTensor } = transforms;

interface Row {
  kind: string;
  name: string;
  height: number;
  width: number;
  channels: number;
  mean: number[];
  std: number[];
  pixels: number[];
  scaled: TensorJson;
  normal: TensorJson;
}
const images = golden<Row>('data_loading').filter(({ kind }) => kind === 'images');
const imageOf = ({ pixels, height, width, channels }: Row) =>
  new Image(Uint8Array.from(pixels), height, width, channels);
const flat = (t: f.Tensor) => Array.from(t.toTypedArray());

describe('torchvision’s numbers, to the last bit', () => {
  it.each(images.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const scaled = new ToTensor()(imageOf(row));
    expect([scaled.shape, scaled.dtype]).toEqual([row.scaled.shape, 'float32']);
    expect(flat(scaled)).toEqual(elements(row.scaled));
    const normal = new Normalize(row.mean, row.std)(scaled);
    expect([normal.shape, flat(normal)]).toEqual([row.normal.shape, elements(row.normal)]);
    expect(flat(scaled)).toEqual(elements(row.scaled));
    expect(flat(new Compose([new ToTensor(), new Normalize(row.mean, row.std)])(imageOf(row)))).toEqual(
      elements(row.normal),
    );
  });

  it('of a whole batch at once', () => {
    const [row] = images.filter(({ channels }) => channels === 3);
    const one = new ToTensor()(imageOf(row!));
    const batch = new Normalize(row!.mean, row!.std)(f.stack([one, one]));
    expect(flat(batch)).toEqual([...elements(row!.normal), ...elements(row!.normal)]);
  });
});

describe('Normalize', () => {
  it('takes single numbers', () => {
    expect(new Normalize(0.5, 0.25)(f.ones(2, 1, 1)).tolist()).toEqual([[[2]], [[2]]]);
  });

  it.each([
    ['by name', { inplace: true }],
    ['by position', true],
  ])('inplace, %s, changes the tensor itself', (_, option) => {
    const image = f.ones(1, 1, 2);
    const out = new Normalize([0.5], [0.5], option as { inplace: boolean })(image);
    expect(out).toBe(image);
    expect(image.tolist()).toEqual([[[1, 1]]]);
  });

  it('is differentiable', () => {
    const image = tensor([[[1]]], { requiresGrad: true });
    new Normalize([0.5], [0.25])(image).sum().backward();
    expect(image.grad!.tolist()).toEqual([[[4]]]);
  });
});

describe('Compose and Lambda', () => {
  it('call one function after the other', () => {
    const double = new Lambda((x: number) => x * 2);
    expect(new Compose([double, (x: number) => x + 1, double])(5)).toBe(22);
    expect(new Compose([])(5)).toBe(5);
  });

  it('are typed from the first argument to the last result', () => {
    const pipeline = new Compose([new ToTensor(), (t: f.Tensor) => t.shape.length]);
    const result: number = pipeline(new Image(new Uint8Array(4), 2, 2));
    // @ts-expect-error a string is no image
    expect(() => pipeline('x')).toThrow('pic should be an Image');
    expect(result).toBe(3);
  });
});

describe('printed as in torchvision', () => {
  const normalize = new Normalize([0.1307], [0.3081]);
  it.each<[string, () => unknown, string]>([
    ['ToTensor', () => new ToTensor(), 'ToTensor()'],
    ['Normalize', () => normalize, 'Normalize(mean=(0.1307,), std=(0.3081,))'],
    [
      'Normalize of three',
      () => new Normalize([0.5, 1, 0], [1e-5, 1, 2]),
      'Normalize(mean=(0.5, 1.0, 0.0), std=(1e-05, 1.0, 2.0))',
    ],
    ['Normalize of numbers', () => new Normalize(0.5, 2), 'Normalize(mean=0.5, std=2.0)'],
    ['Lambda', () => new Lambda(() => 1), 'Lambda()'],
    [
      'Compose',
      () => new Compose([new ToTensor(), new Compose([normalize]), Math.abs]),
      'Compose(\n    ToTensor()\n    Compose(\n        Normalize(mean=(0.1307,), std=(0.3081,))\n    )\n    <function abs>\n)',
    ],
  ])('%s', (_, make, text) => {
    expect(String(make())).toBe(text);
    expect(inspect(make())).toBe(text);
  });
});

describe('refuses', () => {
  const image = f.ones(3, 2, 2);
  it.each<[string, () => unknown, new (message: string) => Error, RegExp]>([
    ['bytes that are no image', () => new ToTensor()([1] as never), TypeError, /pic should be an Image. Got Array/],
    ['a tensor to ToTensor', () => new ToTensor()(image as never), TypeError, /Got Tensor/],
    ['a wrong number of bytes', () => new Image(new Uint8Array(5), 2, 2), ValueError, /5 bytes .* = 2 × 2 × 1/],
    ['half a pixel', () => new Image(new Uint8Array(5), 2.5, 2), ValueError, /2.5 × 2 × 1/],
    [
      'an image to Normalize',
      () => new Normalize(0, 1)(new Image(new Uint8Array(1), 1, 1) as never),
      TypeError,
      /img should be Tensor Image. Got Image/,
    ],
    [
      'integers',
      () => new Normalize(0, 1)(f.ones(1, 1, 1, { dtype: 'int32' })),
      TypeError,
      /should be a float tensor. Got int32/,
    ],
    ['two dimensions', () => new Normalize(0, 1)(f.ones(2, 2)), ValueError, /\(\.\.\., C, H, W\).*= \[2, 2\]/],
    ['std 0', () => new Normalize([0, 0, 0], [1, 0, 1])(image), ValueError, /std evaluated to zero/],
    ['std that float32 has as 0', () => new Normalize(0, 1e-60)(image), ValueError, /std evaluated to zero/],
    [
      'two means for three channels',
      () => new Normalize([0, 0], [1])(image),
      RuntimeError,
      /size of tensor a \(3\) must match .* b \(2\) at non-singleton dimension 0/,
    ],
    [
      'three deviations for one channel',
      () => new Normalize([0], [1, 1, 1])(f.ones(1, 2, 2)),
      RuntimeError,
      /3 values, the image of shape \[1, 2, 2\] 1 channels/,
    ],
    ['an unknown option', () => new Normalize(0, 1, { inPlace: true } as never), TypeError, /did you mean 'inplace'/],
    [
      'a number in Compose',
      () => new Compose([new ToTensor(), 3 as never]),
      TypeError,
      /transform 1 is not callable: number/,
    ],
    ['no function in Lambda', () => new Lambda(3 as never), TypeError, /lambd should be callable, got number/],
  ])('%s', (_, act, type, message) => {
    expect(act).toThrow(type);
    expect(act).toThrow(message);
  });

  it('and leaves the tensor alone where inplace fails', () => {
    expect(() => new Normalize([0.5], [0], { inplace: true })(image)).toThrow(ValueError);
    expect(flat(image)).toEqual(new Array(12).fill(1));
  });
});
