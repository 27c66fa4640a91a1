#!/usr/bin/env node
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PACKAGE_ROOT, packageVersion } from '../backend/install/paths';
import { runDoctor } from './doctor';
import { runInstallNative } from './installNative';

const USAGE = `Usage: flambeau <command>

  install-native [--wheel FILE]  put native libtensorflow in place (about 274 MB to download, 0.9 GB on disk)
  doctor                         say what is installed and what runs, and how to mend what does not

  --help, --version

Environment:
  FLAMBEAU_CACHE=DIR             where all is put; by default ~/.cache/flambeau
  FLAMBEAU_LIBTENSORFLOW=DIR     use the libtensorflow in this folder (with its headers) instead
  FLAMBEAU_BACKEND=cpu           run without libtensorflow
  CXX=COMMAND                    the C++ compiler
  TF_CPP_MIN_LOG_LEVEL=0         show libtensorflow's own log
`;

/** Whoever asks wrongly gets the usage and exit code 2. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) return say(USAGE);
  if (values.version) return say(`${packageVersion(PACKAGE_ROOT)}\n`);
  const [command, ...rest] = positionals;
  if (command === undefined) throw new UsageError('a command is missing');
  if (rest.length > 0) throw new UsageError(`unexpected argument '${rest[0]}'`);
  if (command === 'install-native') return runInstallNative(values.wheel);
  if (values.wheel !== undefined) throw new UsageError('--wheel belongs to install-native');
  if (command === 'doctor') return runDoctor(join(__dirname, '..'));
  throw new UsageError(`unknown command '${command}'`);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' }, wheel: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError;
    console.error(`flambeau: ${error instanceof Error ? error.message : String(error)}`);
    if (usage) console.error(`\n${USAGE}`);
    process.exitCode = usage ? 2 : 1;
  },
);
