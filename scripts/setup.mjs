// `npm run setup`: what `npm start` and `npm test` need first. Builds dist/ and the examples, puts native libtensorflow in
// place. All of it is skipped when it is done, so it can be called each time.

import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fingerprint, notes, ROOT, run } from './lib.mjs';

const CLI = join(ROOT, 'dist/cli/index.js');
const DAY = 24 * 3600 * 1000;

build('dist', 'tsconfig.build.json', ['lib', 'package.json', 'tsconfig.json', 'tsconfig.build.json']);
chmodSync(CLI, 0o755);
if (readdirSync(join(ROOT, 'examples')).some((name) => name.endsWith('.ts'))) {
  build('dist-examples', 'tsconfig.examples.json', [
    'examples',
    'dist/index.d.ts',
    'tsconfig.json',
    'tsconfig.examples.json',
  ]);
}
installNative();

/** Compiles a project anew if anything that it reads has changed, from nothing, so that no file of a deleted source stays. */
function build(output, project, inputs) {
  const note = notes(output);
  const now = fingerprint(inputs);
  if (note.read() === now && isThere(output)) return;
  console.error(`flambeau: building ${output}`);
  note.clear();
  rmSync(join(ROOT, output), { recursive: true, force: true });
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, project)], {
    stdio: ['ignore', 2, 2],
  });
  note.write(now);
}

function isThere(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;
}

/** A failure is a warning, remembered for a day unless the tools or our sources change: each try may take minutes on a closed network. */
function installNative() {
  const note = notes('native-failed');
  const required = process.env.FLAMBEAU_REQUIRE_NATIVE === '1';
  const before = JSON.parse(note.read() ?? '{}');
  const tools = describeTools();
  const recent = before.tools === tools && Date.now() - before.time < DAY;
  if (recent && !required) return warn('native libtensorflow could not be installed a while ago');
  const { status } = spawnSync(process.execPath, [CLI, 'install-native'], { stdio: ['ignore', 'ignore', 2] });
  if (status === 0) return note.clear();
  if (required) {
    console.error('flambeau: FLAMBEAU_REQUIRE_NATIVE=1, and native libtensorflow could not be installed');
    process.exit(1);
  }
  note.write(JSON.stringify({ tools, time: Date.now() }));
  warn('native libtensorflow could not be installed');
}

function warn(what) {
  console.error(
    `flambeau: warning: ${what}; going on with the slow cpu backend. To try again: npx flambeau install-native`,
  );
}

/** What decides whether an installation can work. */
function describeTools() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = ['python3', 'python', 'pip3', 'pip', 'g++', 'c++', 'clang++'].map((name) =>
    folders.find((folder) => isFile(join(folder, name))),
  );
  const { CXX, FLAMBEAU_CACHE, FLAMBEAU_LIBTENSORFLOW } = process.env;
  const sources = fingerprint(['lib/backend/native', 'lib/backend/install']);
  return JSON.stringify([found, CXX, FLAMBEAU_CACHE, FLAMBEAU_LIBTENSORFLOW, process.version, sources]);
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
