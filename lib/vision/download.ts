import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RuntimeError } from '../errors';

/** How far a download is. `total` is null where the server does not say. */
export interface Progress {
  readonly file: string;
  readonly received: number;
  readonly total: number | null;
}

export interface DownloadOptions {
  /** Addresses of folders, tried in order. */
  mirrors?: readonly string[] | null;
  /** Called as the bytes come in. */
  onProgress?: ((progress: Progress) => void) | null;
  /** Give a mirror up when nothing has come for so many milliseconds; default 30 000. */
  timeout?: number;
}

/** A larger answer is not the file we ask for. */
const LARGEST = 2 ** 27;

/**
 * The first good answer among `mirrors` for `file`: `accept` turns the bytes into what is kept, or throws. If no mirror has
 * one, the error says what was wrong with each.
 */
export async function fetchFirst(
  file: string,
  mirrors: readonly string[],
  accept: (bytes: Buffer) => Buffer,
  { onProgress, timeout = 30_000 }: DownloadOptions,
): Promise<Buffer> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/*$/, '/')}${file}`;
    try {
      return accept(await fetchBytes(url, timeout, (received, total) => onProgress?.({ file, received, total })));
    } catch (error) {
      failures.push(`\n  ${url}: ${reason(error)}`);
    }
  }
  throw new RuntimeError(`Error downloading ${file}, no mirror has it:${failures.join('')}`);
}

async function fetchBytes(
  url: string,
  timeout: number,
  onBytes: (received: number, total: number | null) => void,
): Promise<Buffer> {
  const stall = stallTimer(timeout);
  try {
    const response = await fetch(url, { signal: stall.signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new RuntimeError(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    const total = Number(response.headers.get('content-length')) || null;
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      stall.restart();
      chunks.push(chunk);
      received += chunk.length;
      if (received > LARGEST) throw new RuntimeError(`the answer is longer than ${LARGEST} bytes`);
      onBytes(received, total);
    }
    return Buffer.concat(chunks);
  } finally {
    stall.stop();
  }
}

/** Aborts its signal when it was not restarted for `timeout` milliseconds. */
function stallTimer(timeout: number) {
  const abort = new AbortController();
  const expire = () => abort.abort(new RuntimeError(`nothing came for ${timeout / 1000} s`));
  const timer = setTimeout(expire, timeout);
  return { signal: abort.signal, restart: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

/** The message, with what fetch hides in `cause`. */
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  const hidden = error instanceof RuntimeError ? undefined : cause?.message || cause?.code;
  return hidden ? `${message} (${hidden})` : message;
}

/** Writes `bytes` so that `path` is either there as a whole or not at all, also with other processes at the same work. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The checksum in hexadecimal. */
export function checksum(algorithm: 'md5' | 'sha256', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
