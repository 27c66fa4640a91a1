import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ValueError } from '../../errors';
import { cacheRoot, firstExisting, PLATFORM, readJson } from './paths';
import { PINS } from './pins';

/** A libtensorflow on disk. */
export interface Library {
  /** The folder of the shared libraries. */
  dir: string;
  /** The shared libraries to link with. */
  files: string[];
  /** The folder of the headers (`tensorflow/c/c_api.h`), needed to compile only. */
  include: string | null;
  /** What tells this library from another one at the same place. */
  identity: string;
}

/** What the installer leaves in a finished folder: the size of each shared library. */
export interface Manifest {
  version: string;
  sizes: Record<string, number>;
}

/** The libraries' names in Python's wheel and in the C archive. */
const NAMES = ['libtensorflow_cc.so.2', 'libtensorflow.so.2'];
export const FRAMEWORK = 'libtensorflow_framework.so.2';

/** The libtensorflow that belongs to us: the one named by FLAMBEAU_LIBTENSORFLOW, now or when installing, else the pinned one. */
export function chosenLibrary(): Library | null {
  const asked = process.env.FLAMBEAU_LIBTENSORFLOW;
  if (asked) return libraryAt(asked);
  const remembered = readJson<{ dir: string }>(choiceFile())?.dir;
  return (remembered === undefined ? null : libraryAt(remembered)) ?? pinnedLibrary();
}

/** Where `FLAMBEAU_LIBTENSORFLOW=DIR flambeau install-native` notes DIR, so that it counts from then on. */
export function choiceFile(): string {
  return join(cacheRoot(), `libtensorflow-${PLATFORM}.json`);
}

/** The folder that the pinned libtensorflow goes to. */
export function pinnedFolder(): string {
  return join(cacheRoot(), `libtensorflow-${PINS[PLATFORM]?.version ?? 'none'}-${PLATFORM}`);
}

function pinnedLibrary(): Library | null {
  return existsSync(join(pinnedFolder(), 'manifest.json')) ? libraryAt(pinnedFolder()) : null;
}

/** The libtensorflow in a folder: an unpacked wheel, Python's site-packages/tensorflow, or TensorFlow's C archive. */
export function libraryAt(folder: string): Library | null {
  for (const dir of [folder, join(folder, 'tensorflow'), join(folder, 'lib')]) {
    const main = firstExisting(NAMES.map((name) => join(dir, name)));
    if (!main || !existsSync(join(dir, FRAMEWORK))) continue;
    const includes = [join(dir, 'include'), join(dirname(dir), 'include')];
    const include = includes.find((path) => existsSync(join(path, 'tensorflow/c/c_api.h'))) ?? null;
    const { size, mtimeMs } = statSync(main);
    const real = realpathSync(dir);
    const files = [join(real, basename(main)), join(real, FRAMEWORK)];
    return { dir: real, files, include, identity: `${real} ${size} ${mtimeMs}` };
  }
  return null;
}

/** The folder that the user named, or a clear no. */
export function libraryNamedByUser(folder: string): Library {
  const where = `FLAMBEAU_LIBTENSORFLOW=${folder}`;
  const library = libraryAt(folder);
  if (!library) throw new ValueError(`${where}: expected ${NAMES.join(' or ')} and ${FRAMEWORK} there`);
  if (!library.include) {
    throw new ValueError(`${where}: the headers are missing (include/tensorflow/c/c_api.h beside the libraries)`);
  }
  return library;
}

/** True if a folder that the installer made still holds what it put there. */
export function isIntact(folder: string): boolean {
  const manifest = readJson<Manifest>(join(folder, 'manifest.json'));
  if (!manifest) return false;
  return Object.entries(manifest.sizes).every(([name, size]) => sizeOf(join(folder, name)) === size);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
}

/** What upstream's own installer leaves in tfjs-node's folder; null where it has not run well. */
export function upstreamLibrary(tfjsNode: string): { binding: string; dir: string; version: string } | null {
  const binding = join(tfjsNode, 'lib/napi-v8/tfjs_binding.node');
  const dir = join(tfjsNode, 'deps/lib');
  const names = ['libtensorflow.so.2', 'libtensorflow.2.dylib', 'tensorflow.dll'];
  if (!existsSync(binding) || !firstExisting(names.map((name) => join(dir, name)))) return null;
  const constants = readFileSync(join(tfjsNode, 'scripts/deps-constants.js'), 'utf8');
  return { binding, dir, version: /LIBTENSORFLOW_VERSION = '([^']+)'/.exec(constants)?.[1] ?? 'unknown' };
}
