import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** An IDX file of bytes; `magic` and the header's sizes can be wrong. */
export function idx(shape: readonly number[], data: Uint8Array, magic = 0x0800 | shape.length): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(magic);
  shape.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, data]);
}

/** `n` images of 3 × 2 pixels with values that differ, and labels 0 … 9. */
export function digits(n: number): { images: Buffer; labels: Buffer } {
  return {
    images: idx(
      [n, 3, 2],
      Uint8Array.from({ length: 6 * n }, (_, i) => (i * 41 + 7) % 256),
    ),
    labels: idx(
      [n],
      Uint8Array.from({ length: n }, (_, i) => (i * 3) % 10),
    ),
  };
}

const made: string[] = [];

/** A new folder with the given files (paths relative to it); gone after the tests. */
export function folder(files: Record<string, Uint8Array> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'flambeau-mnist-'));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, name.endsWith('.gz') ? gzipSync(content) : content);
  }
  return root;
}

export function removeFolders(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}
