import { rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RuntimeError, ValueError } from '../../errors';
import { locateNative, type NativeFiles } from '../locate';
import { type Addon, bindingAddon, weakAddon } from './addons';
import { ensureCache, publish, removeLeftovers, requireRoom, withTemporary } from './cache';
import { compile, requireCompiler } from './compile';
import { messageOf, Unavailable } from './errors';
import { choiceFile, isIntact, type Library, libraryAt, libraryNamedByUser, pinnedFolder } from './library';
import { withLock } from './lock';
import { PLATFORM, readJson, tfjsNodeRoot } from './paths';
import { type Pin, pinForThisMachine } from './pins';
import { downloadWheel } from './pip';
import { tryLoading } from './trial';
import { installUpstream } from './upstream';
import { REQUIRED, unpackWheel } from './wheel';

export interface InstallOptions {
  /** A wheel on disk, instead of a download. */
  wheel?: string;
  /** What to install; null where there is no wheel for this machine. */
  pin?: Pin | null;
  /** Gets a line each time something begins. */
  report?: (line: string) => void;
  /** What to try when our own recipe cannot work. */
  fallback?: (tfjsNode: string) => Promise<void>;
}

export interface Installation extends NativeFiles {
  /** False if all was there already. */
  changed: boolean;
}

/** Puts native libtensorflow and the addons in place. Does nothing where they are; two processes at once do it once. */
export async function installNative(options: InstallOptions = {}): Promise<Installation> {
  const { report = () => {} } = options;
  const before = finished(options);
  if (before) return { ...before, changed: false };
  const lockFile = join(ensureCache(), 'install.lock');
  const events = { onWait: () => report('waiting for another installation to finish'), onKilled: removeLeftovers };
  return withLock(lockFile, events, async () => {
    const meanwhile = finished(options);
    if (meanwhile) return { ...meanwhile, changed: false };
    removeLeftovers();
    return { ...(await install(options, report)), changed: true };
  });
}

async function install(options: InstallOptions, report: (line: string) => void): Promise<NativeFiles> {
  const weak = build(weakAddon()).then(() => null, messageOf);
  const tfjsNode = tfjsNodeRoot();
  try {
    if (!tfjsNode) {
      throw new RuntimeError(
        '@tensorflow/tfjs-node is missing. Run: npm install --ignore-scripts @tensorflow/tfjs-node',
      );
    }
    await installOurs(tfjsNode, options, report).catch((error) => fallBack(tfjsNode, options, report, error));
  } finally {
    await weak;
  }
  const problem = await weak;
  if (problem) report(`without our weak-reference addon memory is freed later: ${problem}`);
  const files = locateNative();
  if (!files) throw new RuntimeError('the installation ended without an error, but what it made cannot be found again');
  return files;
}

/** Our own recipe: the library from the wheel (or from where the user has it), and tfjs-node's binding compiled for it. */
async function installOurs(tfjsNode: string, options: InstallOptions, report: (line: string) => void): Promise<void> {
  requireCompiler(); // before a long download
  const asked = process.env.FLAMBEAU_LIBTENSORFLOW;
  const library = await obtainLibrary(asked, options, report);
  const addon = bindingAddon(tfjsNode, library);
  if (!isIntact(addon.folder)) report('compiling the binding (about 10 s)');
  await build(addon);
  if (asked) writeFileSync(choiceFile(), JSON.stringify({ dir: resolve(asked) }));
}

async function obtainLibrary(
  asked: string | undefined,
  options: InstallOptions,
  report: (line: string) => void,
): Promise<Library> {
  if (asked && options.wheel) throw new ValueError('--wheel and FLAMBEAU_LIBTENSORFLOW exclude each other: give one');
  if (asked) return libraryNamedByUser(asked);
  const remembered = readJson<{ dir: string }>(choiceFile())?.dir;
  if (remembered && !options.wheel && libraryAt(remembered)?.include) return libraryNamedByUser(remembered);
  if (!isIntact(pinnedFolder())) await obtainPinned(options, report);
  rmSync(choiceFile(), { force: true });
  return libraryNamedByUser(pinnedFolder());
}

async function obtainPinned(options: InstallOptions, report: (line: string) => void): Promise<void> {
  const pin = options.pin === undefined ? pinForThisMachine() : options.pin;
  if (!pin)
    throw new Unavailable(
      `there is no libtensorflow wheel for this machine (${PLATFORM}, glibc 2.27 or newer is needed)`,
    );
  requireRoom(pin.unpacked + (options.wheel ? 0 : pin.bytes));
  await withTemporary(async (folder) => {
    const wheel = options.wheel ? resolve(options.wheel) : await downloadWheel(pin, folder, report);
    report(`checking and unpacking ${basename(wheel)}`);
    const filled = join(folder, 'filled');
    await unpackWheel(wheel, pin, filled);
    publish(filled, REQUIRED, pin.version, pinnedFolder());
  });
}

/** Compiles an addon, sees it load, and puts it into the cache. */
async function build(addon: Addon): Promise<void> {
  if (isIntact(addon.folder)) return;
  await withTemporary(async (folder) => {
    const filled = join(folder, 'filled');
    const version = await tryLoading(await compile(addon, filled));
    publish(filled, [basename(addon.file)], version, addon.folder);
  });
}

async function fallBack(
  tfjsNode: string,
  options: InstallOptions,
  report: (line: string) => void,
  error: unknown,
): Promise<void> {
  // A wrong hash, a wrong folder or a full disk is not a reason to download something else unchecked.
  const refused = !(error instanceof Unavailable) || options.wheel || process.env.FLAMBEAU_LIBTENSORFLOW;
  if (refused) throw error;
  if (locateNative()) return; // upstream's is there
  report(`${error.message}\ntrying tfjs-node's own installer (libtensorflow 2.9.1)`);
  const { fallback = installUpstream } = options;
  await fallback(tfjsNode).catch((second) => {
    throw new RuntimeError(
      `native libtensorflow cannot be installed here.\n- From Python's wheel: ${error.message}\n` +
        `- By tfjs-node's own installer: ${messageOf(second)}\n` +
        'Mend either, then run: npx flambeau install-native (with --wheel FILE or FLAMBEAU_LIBTENSORFLOW=DIR if you have the file). ' +
        'Until then flambeau runs on the slower cpu backend.',
    );
  });
}

/** What is there, if nothing is left to do. */
function finished(options: InstallOptions): NativeFiles | null {
  const files = locateNative();
  if (!files?.weak) return null;
  const folders = [join(files.weak, '..'), join(files.binding, '..')];
  if (files.libtensorflow === libraryAt(pinnedFolder())?.dir) folders.push(pinnedFolder());
  else if (options.wheel || !isChoiceNoted()) return null;
  return folders.every(isIntact) ? files : null;
}

function isChoiceNoted(): boolean {
  const asked = process.env.FLAMBEAU_LIBTENSORFLOW;
  return !asked || readJson<{ dir: string }>(choiceFile())?.dir === resolve(asked);
}
