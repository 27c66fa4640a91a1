import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where the machine's architecture matters, so that a home directory may be shared. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/** The folder of our package.json: three above this file, in lib/ as in dist/. */
export const PACKAGE_ROOT = resolve(__dirname, '../../..');

/** The per-user folder that holds all that is installed: FLAMBEAU_CACHE, else XDG_CACHE_HOME/flambeau, else ~/.cache/flambeau. */
export function cacheRoot(): string {
  const { FLAMBEAU_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  return own ? resolve(own) : join(xdg?.startsWith('/') ? xdg : join(homedir(), '.cache'), 'flambeau');
}

/** The folder of `@tensorflow/tfjs-node`, seen from our package or from the program's folder; null where it is not installed. */
export function tfjsNodeRoot(): string | null {
  return packageFolder('@tensorflow/tfjs-node', PACKAGE_ROOT) ?? packageFolder('@tensorflow/tfjs-node', process.cwd());
}

/** The folder of an npm package, resolved as a file in `from` would; null where it is not installed. */
export function packageFolder(name: string, from: string): string | null {
  try {
    return dirname(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

export function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** The version that a package's folder names. */
export function packageVersion(folder: string): string {
  return readJson<{ version: string }>(join(folder, 'package.json'))?.version ?? 'unknown';
}

/** The first of these that exists. */
export function firstExisting(candidates: readonly string[]): string | null {
  return candidates.find((path) => existsSync(path)) ?? null;
}
