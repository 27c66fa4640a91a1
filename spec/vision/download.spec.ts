import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { RuntimeError } from '../../lib/errors';
import { MNIST, type Resource } from '../../lib/vision/mnist';
import { digits, folder, removeFolders } from './idxFiles';

const { images, labels } = digits(5);
const NAMES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];
const contentOf = (name: string) => (name.includes('images') ? images : labels);
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');

/** MNIST with small files: the SHA-256 of the content is known. */
class Tiny extends MNIST {
  static override readonly resources: readonly Resource[] = NAMES.map((name) => ({
    name,
    md5: 'none',
    sha256: hash('sha256', contentOf(name)),
  }));
}
/** Only the MD5 of the .gz is known. */
class ByMd5 extends MNIST {
  static override readonly resources: readonly Resource[] = NAMES.map((name) => ({
    name,
    md5: hash('md5', gzipSync(contentOf(name))),
  }));
}

const servers: Server[] = [];
const asked: string[] = [];

/** Starts a mirror on this machine and gives its address. */
async function mirror(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist`;
}

const nameOf = (url: string) => path.basename(url, '.gz');
const good: RequestListener = ({ url }, response) => response.end(gzipSync(contentOf(nameOf(url!))));
const raw = (root: string) => path.join(root, 'MNIST/raw');
const filesIn = (root: string) => (existsSync(raw(root)) ? readdirSync(raw(root)).sort() : []);

afterEach(() => {
  asked.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(removeFolders);

describe('download', () => {
  it('fetches, checks, unpacks and reads', async () => {
    const root = folder();
    await Tiny.download(root, { mirrors: [await mirror(good)] });
    expect(asked).toEqual(NAMES.map((name) => `/mnist/${name}.gz`));
    expect(filesIn(root)).toEqual([...NAMES].sort());
    for (const name of NAMES) expect(readFileSync(path.join(raw(root), name))).toEqual(Buffer.from(contentOf(name)));
    expect([new Tiny(root).length, new Tiny(root, false).targets.tolist()]).toEqual([5, [0, 3, 6, 9, 2]]);
  });

  it('accepts a .gz by its MD5', async () => {
    const root = folder();
    await ByMd5.download(root, { mirrors: [await mirror(good)] });
    expect(filesIn(root)).toHaveLength(4);
  });

  it('leaves alone what is there, wherever it is', async () => {
    const root = folder({ 'train-images.idx3-ubyte.gz': images, 'MNIST/raw/train-labels-idx1-ubyte': labels });
    await Tiny.download(root, { mirrors: [await mirror(good)] });
    expect(asked).toEqual(['/mnist/t10k-images-idx3-ubyte.gz', '/mnist/t10k-labels-idx1-ubyte.gz']);
    asked.length = 0;
    await Tiny.download(root, { mirrors: ['http://127.0.0.1:1/'] });
    expect(asked).toEqual([]);
  });

  it('create with download: true does all of it', async () => {
    const root = folder();
    const options = {
      download: true,
      train: false,
      mirrors: [await mirror(good)],
      targetTransform: (label: number) => label + 0.5,
    };
    const dataset = await Tiny.create(root, options);
    expect([dataset instanceof Tiny, dataset.train, dataset.get(1)[1]]).toEqual([true, false, 3.5]);
    await expect(Tiny.create(folder())).rejects.toThrow(/await Tiny.download/);
  });

  it('reports its progress', async () => {
    const seen: [string, number, number | null][] = [];
    const onProgress = ({ file, received, total }: { file: string; received: number; total: number | null }) => {
      seen.push([file, received, total]);
    };
    await Tiny.download(folder(), { mirrors: [await mirror(good)], onProgress });
    const last = (name: string) => seen.findLast(([file]) => file === `${name}.gz`)!.slice(1);
    for (const name of NAMES)
      expect(last(name)).toEqual([gzipSync(contentOf(name)).length, gzipSync(contentOf(name)).length]);
  });

  it('leaves no half-written file where it cannot write, and no timer', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const root = folder({ 'MNIST/raw/train-images-idx3-ubyte/in the way': images });
    await expect(Tiny.download(root, { mirrors: [await mirror(good)] })).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(filesIn(root)).toEqual(['train-images-idx3-ubyte']);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('several at once do not disturb each other', async () => {
    const root = folder();
    const mirrors = [await mirror(good)];
    await Promise.all([1, 2, 3].map(() => Tiny.download(root, { mirrors })));
    expect(filesIn(root)).toEqual([...NAMES].sort());
  });
});

const BAD: [string, RequestListener, RegExp][] = [
  ['an error', (_, response) => response.writeHead(500).end('sorry'), /HTTP 500 Internal Server Error/],
  ['not found', (_, response) => response.writeHead(404).end(), /HTTP 404/],
  ['a page of HTML', (_, response) => response.end('<html>log in</html>'), /damaged gzip file/],
  ['nothing', (_, response) => response.end(), /damaged gzip file/],
  [
    'other content',
    (_, response) => response.end(gzipSync(Buffer.from('x'))),
    /wrong content: 1 bytes with SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, not/,
  ],
  [
    'half of it',
    ({ url }, response) => response.end(gzipSync(contentOf(nameOf(url!))).subarray(0, 30)),
    /damaged gzip file/,
  ],
  [
    'a connection cut in the middle',
    ({ url }, response) => {
      const bytes = gzipSync(contentOf(nameOf(url!)));
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 10), () => response.destroy());
    },
    /terminated|other side closed/,
  ],
  ['a connection refused', (request) => request.destroy(), /fetch failed \(/],
  ['silence', () => {}, /nothing came for 0.4 s/],
  [
    'silence after a good start',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('x');
    },
    /nothing came for 0.4 s/,
  ],
];

describe('a mirror that answers with', () => {
  it.each(BAD)('%s is an error that says so, and leaves nothing behind', async (_, answer, message) => {
    const root = folder();
    const url = await mirror(answer);
    const attempt = Tiny.download(root, { mirrors: [url], timeout: 400 });
    await expect(attempt).rejects.toThrow(RuntimeError);
    await expect(attempt).rejects.toThrow(/Error downloading train-images-idx3-ubyte.gz, no mirror has it/);
    await expect(attempt).rejects.toThrow(`${url}/train-images-idx3-ubyte.gz: `);
    await expect(attempt).rejects.toThrow(message);
    expect(filesIn(root)).toEqual([]);
  });

  it.each(BAD)('%s gives way to the next', async (_, answer) => {
    const root = folder();
    const bad: RequestListener = (request, response) =>
      (request.url!.includes('train-images') ? answer : good)(request, response);
    const mirrors = [await mirror(bad), 'http://127.0.0.1:1/', await mirror(good)];
    await Tiny.download(root, { mirrors, timeout: 400 });
    expect(filesIn(root)).toEqual([...NAMES].sort());
    expect(asked.filter((url) => url.includes('train-images'))).toHaveLength(2);
  });

  it('a slow but steady stream is not given up', async () => {
    const steady: RequestListener = async ({ url }, response) => {
      const bytes = gzipSync(contentOf(nameOf(url!)));
      const pieces = url!.includes('train-images') ? 12 : 1;
      for (let i = 0; i < pieces; i++) {
        response.write(bytes.subarray((i * bytes.length) / pieces, ((i + 1) * bytes.length) / pieces));
        await new Promise((next) => setTimeout(next, 80));
      }
      response.end();
    };
    const root = folder();
    const start = performance.now();
    await Tiny.download(root, { mirrors: [await mirror(steady)], timeout: 600 });
    expect(performance.now() - start).toBeGreaterThan(600);
    expect(filesIn(root)).toHaveLength(4);
  });

  it('a wrong MD5 is refused where no SHA-256 is known', async () => {
    const other: RequestListener = (_, response) => response.end(gzipSync(Buffer.from('x')));
    await expect(ByMd5.download(folder(), { mirrors: [await mirror(other)] })).rejects.toThrow(
      /wrong content: \d+ bytes with MD5 \w+, not \w+/,
    );
  });

  it('names every mirror that failed', async () => {
    const mirrors = [await mirror((_, response) => response.writeHead(500).end()), 'http://127.0.0.1:1'];
    await expect(Tiny.download(folder(), { mirrors })).rejects.toThrow(
      /HTTP 500.*\n.*127\.0\.0\.1:1\/train-images.*fetch failed \(/,
    );
  });

  it('an unknown option is refused', async () => {
    await expect(Tiny.download(folder(), { mirror: [] } as never)).rejects.toThrow(
      /unknown option 'mirror'; did you mean 'mirrors'/,
    );
  });
});
