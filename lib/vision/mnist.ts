// biome-ignore-all lint/complexity/noThisInStatic: a subclass has files, mirrors and classes of its own
import { join } from 'node:path';
import { readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import { checksum, type DownloadOptions, fetchFirst, writeWhole } from './download';
import { findIdx, gunzip, type IdxFile, idxPlaces, readIdx } from './idx';
import type { Image } from './image';
import { ImageDataset, type Pixels, type Transforms } from './imageDataset';

export interface MNISTOptions<X = Image, Y = number> extends Transforms<X, Y> {
  /** The 60 000 training images (default), or the 10 000 test images. */
  train?: boolean;
  /** True is accepted where the files are there; a constructor cannot wait, so else `await MNIST.create(…)`. */
  download?: boolean;
}

/** A file of the dataset: its name without .gz, the MD5 of the .gz, and the SHA-256 of its content where it is known. */
export interface Resource {
  readonly name: string;
  readonly md5: string;
  readonly sha256?: string;
}

const OPTIONS = {
  train: true,
  transform: null as ((image: Image) => never) | null,
  targetTransform: null as ((label: number) => never) | null,
  download: false,
};
const DOWNLOAD = { mirrors: null, onProgress: null, timeout: 30_000 };

/**
 * The MNIST handwritten digits, from IDX files in `root/MNIST/raw` (torchvision's place) or in `root`, gzipped or not. Sample
 * i is `[image, label]`. Missing, short and damaged files are errors. See torchvision.datasets.MNIST.
 */
export class MNIST<X = Image, Y = number> extends ImageDataset<X, Y> {
  static readonly mirrors: readonly string[] = [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ];
  static readonly resources: readonly Resource[] = [
    {
      name: 'train-images-idx3-ubyte',
      md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    {
      name: 'train-labels-idx1-ubyte',
      md5: 'd53e105ee54ea40749a09fcbcd1e9432',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    {
      name: 't10k-images-idx3-ubyte',
      md5: '9fb629c4189551a2d022fa330f9573f3',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      md5: 'ec29112dd5afa0611ce80d1b7f02629c',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  ];
  /** The folder below `root` that torchvision gives this dataset. */
  static readonly folder: string = 'MNIST';
  static readonly classes: readonly string[] = [
    '0 - zero',
    '1 - one',
    '2 - two',
    '3 - three',
    '4 - four',
    '5 - five',
    '6 - six',
    '7 - seven',
    '8 - eight',
    '9 - nine',
  ];

  readonly root: string;
  readonly train: boolean;

  constructor(root: string, options?: MNISTOptions<X, Y>);
  constructor(root: string, train: boolean, options?: MNISTOptions<X, Y>);
  constructor(root: string, ...args: unknown[]) {
    const options = readArgs(new.target.name, args, OPTIONS);
    const [images, labels] = new.target.load(root, options.train);
    const data: Pixels = Object.assign(images.data, { shape: images.shape });
    super(data, fromTypedArray(Int32Array.from(labels.data), labels.shape), options);
    this.root = root;
    this.train = options.train;
  }

  /** What the labels mean. */
  get classes(): readonly string[] {
    return this._type.classes;
  }

  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  private get _type(): typeof MNIST {
    return this.constructor as typeof MNIST;
  }

  protected override extraRepr(): string[] {
    return [`Root location: ${this.root}`, `Split: ${this.train ? 'Train' : 'Test'}`];
  }

  /** As the constructor; with `download: true` it first fetches what is missing. */
  static async create<X = Image, Y = number>(
    root: string,
    options: MNISTOptions<X, Y> & DownloadOptions = {},
  ): Promise<MNIST<X, Y>> {
    const { mirrors, onProgress, timeout, ...rest } = readArgs(`${this.name}.create`, [options], {
      ...OPTIONS,
      ...DOWNLOAD,
    });
    if (rest.download) await this.download(root, { mirrors, onProgress, timeout });
    return new this(root, rest as MNISTOptions<X, Y>);
  }

  /** Fetches the files that are not there into `root/MNIST/raw`, from the first mirror with the right content. */
  static async download(root: string, options: DownloadOptions = {}): Promise<void> {
    const { mirrors, ...rest } = readArgs(`${this.name}.download`, [options], DOWNLOAD as Required<DownloadOptions>);
    for (const resource of this.resources) {
      if (findIdx(this.folders(root), resource.name)) continue;
      const accept = (bytes: Buffer) => verified(bytes, resource);
      const content = await fetchFirst(`${resource.name}.gz`, mirrors ?? this.mirrors, accept, rest);
      await writeWhole(join(this.folders(root)[0]!, resource.name), content);
    }
  }

  private static folders(root: string): [raw: string, plain: string] {
    return [join(root, this.folder, 'raw'), root];
  }

  private static load(root: string, train: boolean): [images: IdxFile, labels: IdxFile] {
    if (typeof root !== 'string') throw new TypeError(`${this.name}: root must be a path, got ${typeof root}`);
    const part = train ? 'train' : 't10k';
    const images = readIdx(this.find(root, `${part}-images-idx3-ubyte`), 3);
    const labels = readIdx(this.find(root, `${part}-labels-idx1-ubyte`), 1);
    if (images.shape[0] !== labels.shape[0]) {
      throw new ValueError(
        `${this.name}: ${images.shape[0]} images but ${labels.shape[0]} labels, in ${images.path} and ${labels.path}`,
      );
    }
    const wrong = labels.data.findIndex((label) => label >= this.classes.length);
    if (wrong < 0) return [images, labels];
    const { path, data } = labels;
    throw new ValueError(
      `${this.name}: label ${data[wrong]} at index ${wrong}, there are ${this.classes.length} classes (${path})`,
    );
  }

  private static find(root: string, name: string): string {
    const path = findIdx(this.folders(root), name);
    if (path) return path;
    const places = idxPlaces(this.folders(root), name).map((place) => `\n  ${place}`);
    throw new RuntimeError(
      `${this.name}: dataset not found. Call: await ${this.name}.download(${JSON.stringify(root)})\n` +
        `or put the file in one of these places:${places.join('')}`,
    );
  }
}

/** The content of a .gz: good if that has the known SHA-256 or, whatever it was packed with, the .gz the known MD5. */
function verified(bytes: Buffer, { md5, sha256, name }: Resource): Buffer {
  const isOriginal = checksum('md5', bytes) === md5;
  if (!isOriginal && sha256 === undefined) {
    throw new RuntimeError(`wrong content: ${bytes.length} bytes with MD5 ${checksum('md5', bytes)}, not ${md5}`);
  }
  const content = gunzip(bytes, `${name}.gz`);
  const found = checksum('sha256', content);
  if (isOriginal || found === sha256) return content;
  throw new RuntimeError(`wrong content: ${content.length} bytes with SHA-256 ${found}, not ${sha256}`);
}

/** Zalando's images of clothes, in MNIST's format, below `root/FashionMNIST/raw`. See torchvision.datasets.FashionMNIST. */
export class FashionMNIST<X = Image, Y = number> extends MNIST<X, Y> {
  static override readonly folder: string = 'FashionMNIST';
  static override readonly mirrors: readonly string[] = ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'];
  static override readonly resources: readonly Resource[] = [
    { name: 'train-images-idx3-ubyte', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
    { name: 'train-labels-idx1-ubyte', md5: '25c81989df183df01b3e8a0aad5dffbe' },
    { name: 't10k-images-idx3-ubyte', md5: 'bef4ecab320f06d8554ea6380940ec79' },
    { name: 't10k-labels-idx1-ubyte', md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
  ];
  static override readonly classes: readonly string[] = [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ];
}
