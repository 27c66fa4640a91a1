import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './errors';
import type { Pin } from './pins';
import { type Outcome, run, tail } from './run';

const CANDIDATES = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/** The first pip that answers, as a command line; null where there is none. */
export async function findPip(): Promise<string[] | null> {
  for (const candidate of CANDIDATES) {
    const [command, ...args] = candidate as [string, ...string[]];
    const { code } = await run(command, [...args, '--version'], { timeout: 60_000 });
    if (code === 0) return candidate;
  }
  return null;
}

/** Downloads the pinned wheel into `folder` and returns its path. pip knows the user's index, mirror, proxy and certificates. */
export async function downloadWheel(pin: Pin, folder: string, report: (line: string) => void): Promise<string> {
  const pip = await findPip();
  if (!pip) {
    const commands = CANDIDATES.map((candidate) => candidate.join(' ')).join(', ');
    throw new Unavailable(
      `no pip to download libtensorflow with (tried ${commands}). Install Python's pip, or use --wheel FILE.`,
    );
  }
  const temporary = join(folder, 'pip');
  mkdirSync(temporary);
  const megabytes = Math.round(pin.bytes / 1e6);
  report(`downloading ${pin.requirement.replace('==', ' ')} with ${pip.join(' ')} (${megabytes} MB)`);
  const progress = process.stderr.isTTY ? null : reportGrowth(folder, megabytes, report);
  try {
    const outcome = await runPip(pip, pin, folder, temporary);
    if (outcome.code !== 0) throw failed(pip, pin, outcome);
  } finally {
    clearInterval(progress ?? undefined);
  }
  return join(folder, pin.file);
}

function runPip(pip: readonly string[], pin: Pin, folder: string, temporary: string): Promise<Outcome> {
  const [command, ...args] = pip as [string, ...string[]];
  const target = ['--platform', pin.tag, '--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const bar = process.stderr.isTTY ? [] : ['--progress-bar', 'off'];
  args.push('download', '--no-deps', '--only-binary=:all:', ...target, ...bar, '-d', folder, pin.requirement);
  return run(command, args, {
    show: process.stderr.isTTY === true,
    // pip's own temporary folder moves to the cache's disk: /tmp may be small, and here we see how far it is.
    env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_REQUIRE_VIRTUALENV: '0' },
  });
}

function failed(pip: readonly string[], pin: Pin, { stdout, stderr, problem }: Outcome): Unavailable {
  const said = tail(problem ?? (stderr.trim() ? stderr : stdout));
  return new Unavailable(
    `${pip.join(' ')} could not download ${pin.requirement} for ${pin.tag}:\n${said}\n` +
      `  Where another machine can, fetch ${pin.file} there and use --wheel FILE.`,
  );
}

/** A line each ten seconds, for logs: a terminal gets pip's own bar. */
function reportGrowth(folder: string, total: number, report: (line: string) => void): NodeJS.Timeout {
  return setInterval(() => report(`  ${Math.round(largestFile(folder) / 1e6)} of ${total} MB`), 10_000);
}

function largestFile(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true }) as string[];
    return Math.max(0, ...files.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0));
  } catch {
    return 0; // pip moved something meanwhile
  }
}
