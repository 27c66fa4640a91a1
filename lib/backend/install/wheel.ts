import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromFd, type ZipFile } from 'yauzl';
import { ValueError } from '../../errors';
import { messageOf } from './errors';
import { FRAMEWORK } from './library';
import type { Pin } from './pins';

/** What must be in the wheel: the libraries to link with, and the header that all others hang off. */
export const REQUIRED = ['libtensorflow_cc.so.2', FRAMEWORK, 'include/tensorflow/c/c_api.h'];

/** Checks the wheel's hash and takes from it what we need, out of the file once opened. */
export async function unpackWheel(wheel: string, pin: Pin, folder: string): Promise<void> {
  const file = await openWheel(wheel);
  try {
    await checkHash(file, wheel, pin);
    const zip = await openZip(file.fd, wheel);
    const taken = await unpack(zip, folder).catch((error) => {
      throw new ValueError(`${wheel}: cannot be unpacked: ${messageOf(error)}`);
    });
    const missing = REQUIRED.filter((name) => !taken.has(name));
    if (missing.length > 0) throw new ValueError(`${wheel}: tensorflow/${missing.join(', tensorflow/')} is not in it`);
  } finally {
    await file.close();
  }
}

async function openWheel(wheel: string): Promise<FileHandle> {
  try {
    return await open(wheel);
  } catch (error) {
    throw new ValueError(`the wheel cannot be read: ${messageOf(error)}`);
  }
}

async function checkHash(file: FileHandle, wheel: string, pin: Pin): Promise<void> {
  const hash = createHash('sha256');
  try {
    await pipeline(file.createReadStream({ start: 0, autoClose: false, highWaterMark: 2 ** 20 }), hash);
  } catch (error) {
    throw new ValueError(`the wheel ${wheel} cannot be read: ${messageOf(error)}`);
  }
  const found = hash.digest('hex');
  if (found === pin.sha256) return;
  throw new ValueError(
    `${wheel} is not the pinned ${pin.file}: its SHA-256 must be ${pin.sha256}, is ${found}. ` +
      'It was damaged or exchanged on the way (or is another version); nothing of it was used.',
  );
}

function openZip(fd: number, wheel: string): Promise<ZipFile> {
  return new Promise((done, fail) => {
    fromFd(fd, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) fail(new ValueError(`${wheel}: cannot be unpacked: ${error.message}`));
      else done(zip);
    });
  });
}

/** Writes the entries that we need, one after the other, and returns their names in `folder`. */
function unpack(zip: ZipFile, folder: string): Promise<Set<string>> {
  const taken = new Set<string>();
  return new Promise((done, fail) => {
    zip.on('error', fail).on('end', () => done(taken));
    zip.on('entry', (entry: Entry) => {
      const name = placeOf(entry.fileName);
      if (name === null) return zip.readEntry();
      taken.add(name);
      writeEntry(zip, entry, inside(folder, name)).then(() => zip.readEntry(), fail);
    });
    zip.readEntry();
  });
}

function writeEntry(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return fail(error);
      const write = async () => {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(stream, createWriteStream(path, { highWaterMark: 2 ** 20 }));
      };
      write().then(done, fail);
    });
  });
}

const HEADERS = ['tensorflow/include/tensorflow/c/', 'tensorflow/include/tsl/', 'tensorflow/include/xla/tsl/'];

/** Where an entry goes, null where we do not need it: the two libraries, and the headers of the C API with what they include. */
export function placeOf(entry: string): string | null {
  if (entry.endsWith('/')) return null;
  const name = entry.slice('tensorflow/'.length);
  if (REQUIRED.some((required) => entry === `tensorflow/${required}`)) return name;
  const string = entry.startsWith('tensorflow/include/') && /\/ctstring(_internal)?\.h$/.test(entry);
  return string || HEADERS.some((prefix) => entry.startsWith(prefix)) ? name : null;
}

/** yauzl refuses names that lead out of the folder; should it ever not, this does. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!path.startsWith(resolve(folder) + sep)) throw new ValueError(`invalid relative path: ${name}`);
  return join(path);
}
