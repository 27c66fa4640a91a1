import { readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll } from './run';

const HEARTBEAT = 5_000;
/** A holder that shows no life for so long is gone, whatever its pid says (pids are reused, and other hosts have their own). */
const STALE = 60_000;
const POLL = 200;

export interface LockEvents {
  /** Called once if another process holds the lock. */
  onWait(): void;
  /** Called before this process ends at Ctrl-C or a terminate signal while it holds the lock. */
  onKilled(): void;
}

/**
 * Runs `work` while no other process does, with `lockFile` as the sign. A dead holder's lock is taken over. The lock saves
 * work; what keeps the cache right is that finished folders appear by one rename.
 */
export async function withLock<T>(lockFile: string, events: LockEvents, work: () => Promise<T>): Promise<T> {
  for (let waits = 0; !acquire(lockFile); waits++) {
    if (waits === 5) events.onWait();
    await sleep(POLL);
  }
  const heartbeat = setInterval(() => touch(lockFile), HEARTBEAT);
  const end = (signal: NodeJS.Signals) => {
    killAll();
    events.onKilled();
    release(lockFile);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    return await work();
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    clearInterval(heartbeat);
    release(lockFile);
  }
}

const SELF = `${process.pid} ${hostname()}`;

function acquire(lockFile: string): boolean {
  if (create(lockFile)) return true;
  if (!isStale(lockFile)) return false;
  // Only who holds this second lock may remove the first, so that nobody removes the one that a third has just made.
  const steal = `${lockFile}.steal`;
  if (!create(steal)) {
    if (age(steal) > STALE) rmSync(steal, { force: true });
    return false;
  }
  try {
    if (isStale(lockFile)) rmSync(lockFile, { force: true });
    return create(lockFile);
  } finally {
    rmSync(steal, { force: true });
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, SELF, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(lockFile: string): boolean {
  const [pid, host] = read(lockFile).split(' ');
  if (age(lockFile) > STALE) return true;
  return host === hostname() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Milliseconds since the last sign of life; 0 if the file is gone. */
function age(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function touch(file: string): void {
  try {
    const now = new Date();
    if (read(file) === SELF) utimesSync(file, now, now);
  } catch {
    // Another took it over while this machine slept; both can finish.
  }
}

/** Removes the lock if it is still ours. */
function release(lockFile: string): void {
  if (read(lockFile) === SELF) unlinkSync(lockFile);
}
