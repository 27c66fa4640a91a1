import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Library } from './library';
import { cacheRoot, PACKAGE_ROOT, PLATFORM, packageVersion } from './paths';

/** An addon that we compile: its sources, its flags, and the folder in the cache that is named after both. */
export interface Addon {
  name: string;
  sources: string[];
  flags: string[];
  folder: string;
  /** The compiled file, there once the folder is. */
  file: string;
}

const NATIVE = join(PACKAGE_ROOT, 'lib/backend/native');
const MAC = process.platform === 'darwin';
/** N-API 8, so one build serves every Node. A mac linker must be told that Node brings the N-API symbols. */
const BASE = [
  '-O2',
  '-std=c++17',
  '-fPIC',
  '-DNAPI_VERSION=8',
  '-shared',
  ...(MAC ? ['-undefined', 'dynamic_lookup'] : []),
];
/** See native/quiet.cc and, for what is wrapped, native/kernels.cc. */
const LINKED = ['-Wl,-z,initfirst', '-Wl,--wrap=TFE_NewContext,--wrap=TF_NewTensor', '-pthread'];
/** Loops become vector code, also where a root may be of a negative number: nobody asks for errno, nor for traps. */
const VECTORS = ['-O3', '-fno-math-errno', '-fno-trapping-math'];
const OPS = join(NATIVE, 'ops');
const OWN = ['quiet.cc', 'kernels.cc'].map((name) => join(NATIVE, name));

/** Our weak references and what keeps signals off, see native/. They need no libtensorflow. */
export function weakAddon(): Addon {
  return addon('weak.node', [join(NATIVE, 'weak.cc'), join(NATIVE, 'signals.cc')], [], []);
}

/** tfjs-node's own binding and our files for it, linked with `library` where it lies. */
export function bindingAddon(tfjsNode: string, library: Library): Addon {
  const own = join(tfjsNode, 'binding');
  const sources = readdirSync(own)
    .filter((name) => name.endsWith('.cc'))
    .sort()
    .map((name) => join(own, name));
  const include = library.include === null ? [] : [`-I${library.include}`];
  const flags = [`-I${own}`, ...include, ...library.files, `-Wl,-rpath,${library.dir}`, ...LINKED, ...VECTORS];
  const key = [...LINKED, ...VECTORS, packageVersion(tfjsNode), library.identity, ...headers(own), ...headers(OPS)];
  return addon('tfjs_binding.node', [...sources, ...OWN], flags, key);
}

/** The hash covers what goes in, not where it lies: projects share a build, an upgrade makes its own. */
function addon(output: string, sources: string[], flags: string[], key: string[]): Addon {
  const hash = createHash('sha256');
  for (const part of [PLATFORM, ...BASE, ...key]) hash.update(`${part}\0`);
  for (const source of sources) hash.update(readFileSync(source)).update('\0');
  const name = basename(output, '.node');
  const folder = join(cacheRoot(), `${name}-${hash.digest('hex').slice(0, 16)}-${PLATFORM}`);
  return { name, sources, flags: [...BASE, ...flags], folder, file: join(folder, output) };
}

function headers(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.h'));
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}

export function isCompiled(addon: Addon): boolean {
  return existsSync(addon.file);
}
