import { join } from 'node:path';
import util from 'node:util';
import vm from 'node:vm';
import { RuntimeError } from '../errors';
import { forThisRealm } from './binding';
import { locateNative, locateWeak, tfjsNodeRoot } from './locate';

/** Weak references that also minor collections clear. See native/weak.cc. */
export interface WeakTracker {
  track(object: object, tag: number): void;
  /** Writes tags of collected objects to `out`, returns how many; equal to `out.length` means: call again. */
  sweep(out: Int32Array, full: boolean): number;
  size(): number;
}

let ownOps = false;
/** True once a binding is loaded that has the ops of native/kernels.cc, unless FLAMBEAU_OPS=off does without. */
export const hasOwnOps = (): boolean => ownOps;

/**
 * The only place that loads tfjs-node: its kernels and backend class from `dist/`, without the index that insists on a
 * binding inside node_modules. Throws where the addon or the package is missing.
 */
export function loadNative(): never {
  const files = locateNative();
  if (!files) throw new RuntimeError('native libtensorflow is not installed');
  quiet();
  ownOps = files.ownOps && process.env.FLAMBEAU_OPS !== 'off';
  // tfjs-node calls it; it is gone since Node 23, and warns in Node 22. Of the main realm, so that it holds none of the others.
  (util as { isNullOrUndefined?: unknown }).isNullOrUndefined = vm.runInThisContext(
    '(x) => x === null || x === undefined',
  );
  const addon = loadOwnAddon();
  if (!addon) return loadBackend(files.binding);
  // Node's own listener, which sets the handler, came first.
  process.on('newListener', (event) => {
    if (String(event).startsWith('SIG')) addon.guardSignals();
  });
  // libtensorflow's threads begin here, and are never to handle a signal.
  addon.holdSignals(true);
  try {
    return loadBackend(files.binding);
  } finally {
    addon.holdSignals(false);
  }
}

function loadBackend(file: string): never {
  const binding = forThisRealm(require(file));
  const dist = join(tfjsNodeRoot()!, 'dist');
  require(join(dist, 'register_all_kernels'));
  const { NodeJSKernelBackend } = require(join(dist, 'nodejs_kernel_backend'));
  return new NodeJSKernelBackend(binding, 'flambeau') as never;
}

/** Our addon: weak references, and {@link guardSignals}; null where it is not compiled. */
export interface OwnAddon {
  /** A tracker of its own for each copy of this module. */
  createTracker(): WeakTracker;
  /** Handlers that Node has set since then leave libtensorflow's stack alone, too. See native/signals.cc. */
  guardSignals(): void;
  /** Blocks this thread's signals, and those of threads that it starts, or puts back what was. */
  holdSignals(hold: boolean): void;
}

export function loadOwnAddon(): OwnAddon | null {
  const path = process.env.FLAMBEAU_WEAK === 'off' ? null : locateWeak();
  return path ? require(path) : null;
}

/** libtensorflow logs to stderr from the moment it loads, unless the user asked for a level. */
function quiet(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
}
