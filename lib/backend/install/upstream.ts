import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Unavailable } from './errors';
import { upstreamLibrary } from './library';
import { type Outcome, run, tail } from './run';
import { tryLoading } from './trial';

const LIMIT = 10 * 60_000;

/**
 * tfjs-node's own installer: libtensorflow 2.9.1 and a binding, downloaded unchecked into node_modules. Run as npm would run
 * it, but with a time limit, because it waits for ever on a network that swallows its requests.
 */
export async function installUpstream(tfjsNode: string, limit = LIMIT): Promise<void> {
  const outcome = await runInstaller(tfjsNode, limit);
  const library = upstreamLibrary(tfjsNode);
  if (!library) throw new Unavailable(reasonOf(outcome));
  await tryLoading(library.binding);
}

async function runInstaller(tfjsNode: string, timeout: number): Promise<Outcome> {
  const manifest = join(tfjsNode, 'package.json');
  const before = readFileSync(manifest);
  try {
    const path = [dirname(process.execPath), ...binFolders(tfjsNode), process.env.PATH ?? ''].join(delimiter);
    const env = { ...process.env, PATH: path, npm_lifecycle_event: 'install' };
    return await run(process.execPath, ['scripts/install.js'], { cwd: tfjsNode, timeout, env });
  } finally {
    // It edits its own package.json while it works, and leaves it so if it fails.
    if (!before.equals(readFileSync(manifest))) writeFileSync(manifest, before);
  }
}

/** npm puts these on the PATH: the installer calls node-pre-gyp by name. */
function binFolders(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, 'node_modules/.bin'), ...(parent === folder ? [] : binFolders(parent))];
}

function reasonOf({ code, stdout, stderr, problem }: Outcome): string {
  if (problem) return `scripts/install.js ${problem}`;
  const said = tail(stderr.trim() ? stderr : stdout, 6);
  return code === 0 ? `scripts/install.js left no binding:\n${said}` : `scripts/install.js failed:\n${said}`;
}
