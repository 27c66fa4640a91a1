import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RuntimeError } from '../../errors';
import { messageOf } from './errors';
import { isIntact, type Manifest } from './library';
import { cacheRoot } from './paths';

const TEMPORARY = 'tmp-';

/** The cache's folder, made where it is missing. */
export function ensureCache(): string {
  const root = cacheRoot();
  try {
    mkdirSync(root, { recursive: true });
    rmSync(mkdtempSync(join(root, TEMPORARY)), { recursive: true, force: true });
    return root;
  } catch (error) {
    const advice = 'Set FLAMBEAU_CACHE to a folder that you may write to';
    throw new RuntimeError(`the cache folder ${root} cannot be written to (${messageOf(error)}). ${advice}.`);
  }
}

/** Runs `work` with a new folder inside the cache (so that a rename is enough to publish it), and removes what is left of it. */
export async function withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(ensureCache(), `${TEMPORARY}${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes what killed processes left. Only for who holds the lock. */
export function removeLeftovers(): void {
  const root = ensureCache();
  for (const name of readdirSync(root)) {
    if (name.startsWith(TEMPORARY)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** Gives a filled folder its final name: from then on it counts as finished. Whatever stood there, broken, goes. */
export function publish(filled: string, files: readonly string[], version: string, final: string): void {
  const sizes = Object.fromEntries(files.map((name) => [name, statSync(join(filled, name)).size]));
  writeFileSync(join(filled, 'manifest.json'), JSON.stringify({ version, sizes } satisfies Manifest));
  if (isIntact(final)) return;
  if (existsSync(final)) renameSync(final, `${filled}-broken`);
  try {
    renameSync(filled, final);
  } catch (error) {
    // Another machine with the same home directory came first: its work is as good.
    if (!isIntact(final)) throw error;
  } finally {
    rmSync(`${filled}-broken`, { recursive: true, force: true });
  }
}

/** Refuses before a long download what would end in a full disk. */
export function requireRoom(bytes: number): void {
  const root = ensureCache();
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (n: number) => `${Math.round(n / 1e6)} MB`;
  throw new RuntimeError(
    `the disk of the cache folder ${root} is too full: ${megabytes(bytes)} are needed, ${megabytes(free)} are free. ` +
      'Make room, or set FLAMBEAU_CACHE to a folder elsewhere.',
  );
}
