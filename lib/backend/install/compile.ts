import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Addon } from './addons';
import { Unavailable } from './errors';
import { firstExisting, PACKAGE_ROOT, packageFolder } from './paths';
import { run, tail } from './run';

const CANDIDATES = ['g++', 'c++', 'clang++'];

/** The C++ compiler: what CXX says (which may carry arguments, as in `ccache g++`), else the first one on the PATH. */
export function findCompiler(): string[] | null {
  const asked = process.env.CXX?.trim();
  const words = asked ? asked.split(/\s+/) : CANDIDATES.find(isOnPath)?.split(' ');
  return words && isOnPath(words[0]!) ? words : null;
}

export function requireCompiler(): string[] {
  const compiler = findCompiler();
  if (compiler) return compiler;
  const tried = process.env.CXX ? `CXX=${process.env.CXX}` : CANDIDATES.join(', ');
  throw new Unavailable(`no C++ compiler (tried ${tried}). Install one (on Debian: apt-get install g++), or set CXX.`);
}

function isOnPath(command: string): boolean {
  const folders = command.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(folder ? join(folder, command) : command));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Compiles an addon into `folder`, in one call of the compiler, and returns the file's path. */
export async function compile(addon: Addon, folder: string): Promise<string> {
  const [command, ...words] = requireCompiler() as [string, ...string[]];
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `${addon.name}.node`);
  const args = [...words, `-I${nodeHeaders()}`, ...addon.sources, ...addon.flags, '-o', output];
  const { code, stderr, problem } = await run(command, args);
  if (code !== 0) throw new Unavailable(`${command} could not compile ${addon.name}.node:\n${tail(problem ?? stderr)}`);
  return output;
}

/** N-API's headers: from npm, else those that came with Node. */
function nodeHeaders(): string {
  const npm = packageFolder('node-api-headers', PACKAGE_ROOT);
  const candidates = [...(npm ? [join(npm, 'include')] : []), join(process.execPath, '../../include/node')];
  const found = firstExisting(candidates.map((folder) => join(folder, 'node_api.h')));
  if (found) return join(found, '..');
  throw new Unavailable(
    `Node's headers were not found (in ${candidates.join(', ')}). Run: npm install node-api-headers`,
  );
}
