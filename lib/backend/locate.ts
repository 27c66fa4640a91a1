import { join } from 'node:path';
import { type Addon, bindingAddon, isCompiled, weakAddon } from './install/addons';
import { chosenLibrary, type Manifest, upstreamLibrary } from './install/library';
import { readJson, tfjsNodeRoot } from './install/paths';

/** The native files that are installed. */
export interface NativeFiles {
  /** tfjs-node's addon. */
  binding: string;
  /** True where the binding has our own ops in it (native/kernels.cc). */
  ownOps: boolean;
  /** Our weak-reference addon; null where it is not compiled. */
  weak: string | null;
  /** The folder of libtensorflow. */
  libtensorflow: string;
  /** The version of libtensorflow. */
  version: string;
}

/**
 * Finds what `flambeau install-native` left in the cache, or what tfjs-node's own installer left in node_modules; null where
 * there is neither. Only looks: it starts no process and loads nothing.
 */
export function locateNative(): NativeFiles | null {
  const tfjsNode = tfjsNodeRoot();
  if (!tfjsNode) return null;
  return ours(tfjsNode) ?? upstream(tfjsNode);
}

/** Our weak-reference addon, which needs only a compiler; null where it is not compiled. */
export function locateWeak(): string | null {
  const addon = attempt(weakAddon);
  return addon && isCompiled(addon) ? addon.file : null;
}

function ours(tfjsNode: string): NativeFiles | null {
  const library = chosenLibrary();
  const binding = library && attempt(() => bindingAddon(tfjsNode, library));
  if (!library || !binding || !isCompiled(binding)) return null;
  return {
    binding: binding.file,
    ownOps: true,
    weak: locateWeak(),
    libtensorflow: library.dir,
    version: versionOf(binding),
  };
}

function upstream(tfjsNode: string): NativeFiles | null {
  // Who names a libtensorflow does not want another one.
  if (process.env.FLAMBEAU_LIBTENSORFLOW) return null;
  const found = upstreamLibrary(tfjsNode);
  return (
    found && {
      binding: found.binding,
      ownOps: false,
      weak: locateWeak(),
      libtensorflow: found.dir,
      version: found.version,
    }
  );
}

/** The library's own word, noted when the binding was first loaded. */
function versionOf(addon: Addon): string {
  return readJson<Manifest>(join(addon.folder, 'manifest.json'))?.version ?? 'unknown';
}

/** Sources that cannot be read mean: not installed. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

export { cacheRoot, tfjsNodeRoot } from './install/paths';
