import v8 from 'node:v8';
import vm from 'node:vm';
import { loadOwnAddon, type OwnAddon } from './native';

/**
 * Frees what the program can no longer reach. TensorFlow keeps a tensor until it is deleted, and JavaScript's finalizers do
 * not run inside a synchronous loop, so each owner object is registered here with its size; when enough new bytes have come,
 * garbage is collected and the resources of the owners that are gone are released.
 */
export interface Resource {
  readonly bytes: number;
  release(): void;
}

interface Tracker {
  track(owner: object, tag: number): void;
  /** Collects garbage and calls `onDead` with the tag of each owner that is gone. */
  collect(full: boolean, onDead: (tag: number) => void): void;
  /** True where a cheap collection of the young objects is possible. */
  readonly minor: boolean;
  /** Bytes of new tensors between two collections, to start with and at most. */
  readonly budget: number;
  readonly maxBudget: number;
  /** What a small tensor counts at least: its handle, its wrapper and their registration take as much. */
  readonly minBytes: number;
}

const MEGABYTE = 2 ** 20;

const gc = exposeGc();
const slots: (Resource | null)[] = [];
const freeTags: number[] = [];
const addon = loadOwnAddon();
const tracker: Tracker = addon ? nativeTracker(addon) : weakRefTracker();
let budget = tracker.budget;
let fresh = 0; // bytes registered since the last collection
let live = 0; // bytes registered and not known to be gone
let liveAfterMajor = 0;

/** Releases `resource` once `owner` is unreachable. Returns a tag for {@link forget}. May collect garbage now. */
export function register(owner: object, resource: Resource): number {
  const tag = freeTags.pop() ?? slots.length;
  slots[tag] = resource;
  tracker.track(owner, tag);
  const size = charge(resource);
  fresh += size;
  live += size;
  if (fresh >= budget) collect();
  return tag;
}

/** The resource was released by hand; the tag stays taken until its owner is gone. */
export function forget(tag: number): void {
  const resource = slots[tag];
  if (!resource) return;
  const size = charge(resource);
  live -= size;
  // What is freed by hand gives the collector nothing to do.
  fresh = Math.max(0, fresh - size);
  slots[tag] = null;
}

/** Frees all that is unreachable at this moment. */
export function collectNow(): void {
  collectWith(true);
}

/** True where our addon is in use (exact and cheap), false on the plain JavaScript way. */
export const usesAddon = addon !== null;

function collect(): void {
  if (!tracker.minor) return collectTimed();
  collectWith(false);
  // Young collections cannot free what has grown old: a full one follows when the rest has doubled.
  if (live > 2 * liveAfterMajor + budget) collectWith(true);
}

/** A full collection takes as long as the heap is large, so the budget grows while collecting takes over 2 % of the time. */
let lastEnd = performance.now();
function collectTimed(): void {
  const start = performance.now();
  collectWith(true);
  const end = performance.now();
  if (end - start > 0.02 * (end - lastEnd)) budget = Math.min(budget * 1.5, tracker.maxBudget);
  lastEnd = end;
}

function collectWith(full: boolean): void {
  fresh = 0;
  tracker.collect(full, releaseTag);
  if (full) liveAfterMajor = live;
}

function releaseTag(tag: number): void {
  const resource = slots[tag];
  if (resource) {
    live -= charge(resource);
    slots[tag] = null;
    resource.release();
  }
  freeTags.push(tag);
}

function charge(resource: Resource): number {
  return Math.max(resource.bytes, tracker.minBytes);
}

function exposeGc(): (options?: { type: 'minor' }) => void {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc');
}

/** Our addon's references are cleared by minor collections too, which take 0.1–0.4 ms whatever the heap's size. */
function nativeTracker({ createTracker, guardSignals }: OwnAddon): Tracker {
  const weak = createTracker();
  const dead = new Int32Array(4096);
  return {
    minor: true,
    budget: 32 * MEGABYTE,
    maxBudget: 32 * MEGABYTE,
    minBytes: 4096,
    track: (owner, tag) => weak.track(owner, tag),
    collect(full, onDead) {
      guardSignals();
      if (full) gc();
      else gc({ type: 'minor' });
      let count: number;
      do {
        count = weak.sweep(dead, full);
        for (let i = 0; i < count; i++) onDead(dead[i]!);
      } while (count === dead.length);
    },
  };
}

/**
 * The same in plain JavaScript. A WeakRef keeps its target until the running job ends; an empty script in a context with a
 * microtask queue of its own ends that without running a microtask of the user's.
 */
function weakRefTracker(): Tracker {
  let refs: { ref: WeakRef<object>; tag: number }[] = [];
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  const endJob = new vm.Script('0');
  return {
    minor: false,
    budget: 256 * MEGABYTE,
    maxBudget: 512 * MEGABYTE,
    minBytes: 8192,
    track: (owner, tag) => void refs.push({ ref: new WeakRef(owner), tag }),
    collect(_full, onDead) {
      endJob.runInContext(context);
      gc();
      const alive: typeof refs = [];
      for (const entry of refs) {
        if (entry.ref.deref()) alive.push(entry);
        else onDead(entry.tag);
      }
      refs = alive;
    },
  };
}
