import { join } from 'node:path';
import util from 'node:util';
import { RuntimeError } from '../errors';
import type { NativeBackend } from './engine';
import { locateNative, locateWeak, tfjsNodeRoot } from './locate';

/** Our addon: weak references that also minor collections clear. See native/weak.cc. */
export interface WeakTracker {
  track(object: object, tag: number): void;
  /** Writes tags of collected objects to `out`, returns how many; equal to `out.length` means: call again. */
  sweep(out: Int32Array, full: boolean): number;
  size(): number;
}

/**
 * The only place that loads tfjs-node: its kernels and backend class from `dist/`, without the index that insists on a
 * binding inside node_modules. Throws where the addon or the package is missing.
 */
export function loadNative(): never {
  const files = locateNative();
  if (!files) throw new RuntimeError('native libtensorflow is not installed');
  quiet();
  // tfjs-node calls it; it is gone since Node 23, and warns in Node 22.
  (util as { isNullOrUndefined?: unknown }).isNullOrUndefined = (x: unknown) => x === null || x === undefined;
  const binding: NativeBackend['binding'] = require(files.binding);
  const dist = join(tfjsNodeRoot()!, 'dist');
  require(join(dist, 'register_all_kernels'));
  const { NodeJSKernelBackend } = require(join(dist, 'nodejs_kernel_backend'));
  return new NodeJSKernelBackend(binding, 'flambeau') as never;
}

/** The weak-reference addon, a tracker of our own for each copy of this module; null where it is not compiled. */
export function loadWeakTracker(): WeakTracker | null {
  const path = process.env.FLAMBEAU_WEAK === 'off' ? null : locateWeak();
  if (!path) return null;
  return (require(path) as { createTracker(): WeakTracker }).createTracker();
}

/** libtensorflow logs to stderr from the moment it loads, unless the user asked for a level. */
function quiet(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
}
