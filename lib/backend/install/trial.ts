import { Unavailable } from './errors';
import { type Outcome, run, tail } from './run';

const LOAD = `
const util = require('node:util');
util.isNullOrUndefined ??= (x) => x === null || x === undefined;
const addon = require(process.argv[1]);
process.stdout.write('<' + (addon.TF_Version ?? '') + '>');
`;

/**
 * Loads an addon in a process of its own, which it may take down (a library for another processor does), and returns the
 * version of libtensorflow that it names, if any.
 */
export async function tryLoading(file: string): Promise<string> {
  const outcome = await run(process.execPath, ['-e', LOAD, file], { timeout: 120_000 });
  const version = outcome.code === 0 ? /<(.*)>/.exec(outcome.stdout)?.[1] : undefined;
  if (version === undefined) throw new Unavailable(`${file} does not load:\n${reasonOf(outcome)}`);
  return version;
}

function reasonOf({ stderr, problem }: Outcome): string {
  const signal = problem?.includes('SIGILL')
    ? ' (this processor lacks instructions that libtensorflow was built for)'
    : '';
  const error = stderr.split('\n').filter((line) => /Error|error|fatal|cannot|GLIBC/.test(line));
  return [problem && `    the process ${problem}${signal}`, tail(error.length > 0 ? error.join('\n') : stderr)]
    .filter(Boolean)
    .join('\n');
}
