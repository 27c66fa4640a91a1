import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RuntimeError } from '../errors';

/** No IDX file that we read is larger, unpacked. */
const LARGEST = 2 ** 28;
const UNSIGNED_BYTE = 0x08;

export interface IdxFile {
  readonly path: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Every place where the IDX file `name` (such as 'train-images-idx3-ubyte') is looked for in `folders`. */
export function idxPlaces(folders: readonly string[], name: string): string[] {
  const names = [name, name.replace('-idx', '.idx')];
  return folders.flatMap((folder) => names.flatMap((each) => [join(folder, each), join(folder, `${each}.gz`)]));
}

/** The first of {@link idxPlaces} where there is a file. */
export function findIdx(folders: readonly string[], name: string): string | null {
  return idxPlaces(folders, name).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** Reads an IDX file of bytes with `ndim` dimensions, gzipped or not, and checks its header and its length. */
export function readIdx(path: string, ndim: number): IdxFile {
  const file = readFileSync(path);
  const bytes = path.endsWith('.gz') ? gunzip(file, path) : file;
  return { path, ...parseIdx(bytes, ndim, path) };
}

/** Unpacks gzip, or says which file is damaged. */
export function gunzip(bytes: Uint8Array, from: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch (cause) {
    throw new RuntimeError(`${from}: damaged gzip file (${(cause as Error).message})`, { cause });
  }
}

function parseIdx(bytes: Uint8Array, ndim: number, path: string): Omit<IdxFile, 'path'> {
  const header = 4 + 4 * ndim;
  if (bytes.length < header) {
    throw new RuntimeError(
      `${path}: too short for an IDX file, ${bytes.length} bytes where the header alone has ${header}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const magic = view.getUint32(0);
  const expected = (UNSIGNED_BYTE << 8) | ndim;
  if (magic !== expected) {
    throw new RuntimeError(
      `${path}: not an IDX file of bytes in ${ndim} dimensions: it starts with ${hex(magic)}, not ${hex(expected)}`,
    );
  }
  const shape = Array.from({ length: ndim }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== header + size) {
    const [rest, word] = [bytes.length - header, bytes.length < header + size ? 'cut short' : 'has bytes at its end'];
    throw new RuntimeError(
      `${basename(path)} ${word}: ${rest} bytes after the header, which says ${shape.join(' × ')} = ${size} (${path})`,
    );
  }
  return { shape, data: new Uint8Array(bytes.subarray(header)) };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
