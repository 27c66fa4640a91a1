// What the scripts share. They need nothing but Node, npm and, for the native library, pip and a C++ compiler.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The per-user cache, as lib/backend/install/paths.ts has it. */
export function cacheRoot() {
  const { FLAMBEAU_CACHE, XDG_CACHE_HOME } = process.env;
  return (
    FLAMBEAU_CACHE || join(XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'flambeau')
  );
}

/** Runs a program with its output shown; throws if it fails. */
export function run(command, args, options = {}) {
  const { status, error, signal } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? signal ?? `exit code ${status}`}`);
}

/** Runs a program and returns what it printed; throws with all of that if it fails. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, ...options });
  const { status, error, signal, stdout, stderr } = result;
  if (status === 0) return result;
  const reason = error?.message ?? signal ?? `exit code ${status}`;
  throw new Error(`${command} ${args.join(' ')}: ${reason}\n${stdout ?? ''}${stderr ?? ''}`);
}

/** Runs `npm` in a folder, quietly. Settings that an outer `npm run` exported must not reach it: it is another project. */
export function npm(args, cwd) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_ignore_scripts|package_|lifecycle_)/.test(name)),
  );
  return capture('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env }).stdout;
}

/** Calls `work` with a new folder outside the repository, and removes it. */
export async function withTemporary(work) {
  const folder = mkdtempSync(join(tmpdir(), 'flambeau-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packs this repository as npm would publish it, and returns the tarball's path. dist/ must be built. */
export function pack(folder) {
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], ROOT));
  return join(folder, filename);
}

/** Names, sizes and times of all files below these paths: differs when anything was changed. */
export function fingerprint(paths) {
  const lines = paths.flatMap((path) => list(join(ROOT, path)));
  return lines
    .sort()
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .join('\n');
}

function list(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** A small file of notes between runs, in node_modules so that `npm ci` forgets them. */
export function notes(name) {
  const file = join(ROOT, 'node_modules', `.flambeau-${name}`);
  return {
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    write: (text) => writeFileSync(file, text),
    clear: () => rmSync(file, { force: true }),
  };
}

/** One named check: prints how it ended, and lets the script fail at its end. */
export async function check(name, work) {
  const started = performance.now();
  try {
    const detail = await work();
    console.log(`ok    ${name} (${seconds(started)} s)${detail ? `: ${detail}` : ''}`);
  } catch (error) {
    const lines = String(error?.message ?? error).split('\n');
    const shown = lines.length > 40 ? [...lines.slice(0, 20), '…', ...lines.slice(-20)] : lines;
    console.log(`FAIL  ${name} (${seconds(started)} s)\n${shown.map((line) => `      ${line}`).join('\n')}`);
    process.exitCode = 1;
  }
}

function seconds(since) {
  return ((performance.now() - since) / 1000).toFixed(1);
}
