import { type ChildProcess, spawn } from 'node:child_process';

export interface Outcome {
  /** The exit code; -1 if the program could not be started, was killed or took too long. */
  code: number;
  stdout: string;
  stderr: string;
  /** Why there is no exit code of its own. */
  problem: string | null;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  timeout?: number;
  /** Hands the program's output to the terminal (on stderr, where all our progress goes) instead of collecting it. */
  show?: boolean;
}

/** A process group of its own can be ended whole: installers start programs that start programs. */
const GROUPS = process.platform !== 'win32';
const running = new Set<ChildProcess>();

/** Runs a program to its end; never throws. Asynchronous, so that the lock's heartbeat goes on. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd, env = process.env, timeout, show = false } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: show ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
      detached: GROUPS,
      env,
      ...(cwd !== undefined && { cwd }),
    });
    running.add(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] = (output[name] + text).slice(-100_000);
      });
    }
    let problem: string | null = null;
    const stopper =
      timeout &&
      setTimeout(() => {
        problem = `took longer than ${timeout / 1000} s`;
        kill(child);
      }, timeout);
    const done = (code: number) => {
      running.delete(child);
      clearTimeout(stopper);
      resolve({ code, ...output, problem });
    };
    child.on('error', (error) => {
      problem = error.message;
      done(-1);
    });
    child.on('close', (code, signal) => {
      if (signal) problem ??= `was ended by ${signal}`;
      done(problem ? -1 : (code ?? -1));
    });
  });
}

/** Ends all that still runs, before we end ourselves. */
export function killAll(): void {
  for (const child of running) kill(child);
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (GROUPS) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It ended by itself meanwhile.
  }
}

/** The last lines of a program's output, indented, for an error message. */
export function tail(text: string, lines = 12): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
}
