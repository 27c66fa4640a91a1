import v8 from 'node:v8';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { locateWeak } from '../../lib/backend/locate';
import type { WeakTracker } from '../../lib/backend/native';

const path = locateWeak();
const describeAddon = path ? describe : describe.skip; // compiled by `npm run setup` where there is a compiler

type Addon = WeakTracker & { createTracker(): WeakTracker };

describeAddon('the weak-reference addon', () => {
  const addon: Addon = path ? require(path) : undefined;
  const gc = exposeGc();
  const minor = () => gc({ type: 'minor' });
  let tracker: WeakTracker;
  /** Every tenth object stays alive here. */
  const kept: object[] = [];

  beforeEach(() => {
    minor();
    tracker = addon.createTracker();
    kept.length = 0;
  });

  function exposeGc(): (options?: { type: 'minor' }) => void {
    v8.setFlagsFromString('--expose-gc');
    return vm.runInNewContext('gc');
  }

  /** In a function of its own, so that no variable keeps what is to go. */
  function trackMany(from: number, count: number): void {
    for (let tag = from; tag < from + count; tag++) {
      const object = { tag };
      tracker.track(object, tag);
      if (tag % 10 === 0) kept.push(object);
    }
  }

  function sweepAll(full: boolean, room = 4096): number[] {
    const out = new Int32Array(room);
    const tags: number[] = [];
    let count: number;
    do {
      count = tracker.sweep(out, full);
      tags.push(...out.subarray(0, count));
    } while (count === room);
    return tags.sort((a, b) => a - b);
  }

  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

  test('names what a minor collection took in the middle of a job, and nothing else', () => {
    trackMany(0, 1000);
    expect(tracker.size()).toBe(1000);
    minor();
    expect(sweepAll(false)).toEqual(range(0, 1000).filter((tag) => tag % 10 !== 0));
    expect(tracker.size()).toBe(100);
    expect(kept).toHaveLength(100);
  });

  test('leaves what has grown old to a full sweep', () => {
    trackMany(0, 10);
    for (let i = 0; i < 2; i++) {
      minor();
      sweepAll(false);
    }
    kept.length = 0;
    gc();
    expect(sweepAll(false)).toEqual([]);
    expect(sweepAll(true)).toEqual([0]);
    expect(tracker.size()).toBe(0);
  });

  test.each([1, 7, 450, 1000])('hands over all tags once, %i at a time', (room) => {
    trackMany(0, 1000);
    minor();
    expect(sweepAll(false, room)).toHaveLength(900);
    expect(tracker.size()).toBe(100);
  });

  test('ages nothing while it hands over the rest', () => {
    trackMany(0, 1000);
    minor();
    sweepAll(false, 1);
    kept.length = 0;
    minor();
    expect(sweepAll(false)).toHaveLength(100);
  });

  test('keeps trackers apart', () => {
    const other = addon.createTracker();
    other.track({}, 5);
    trackMany(0, 20);
    minor();
    expect(sweepAll(false)).toHaveLength(18);
    const out = new Int32Array(4);
    expect(other.sweep(out, true)).toBe(1);
    expect(out[0]).toBe(5);
  });

  test('the module is a tracker too', () => {
    expect(addon.size()).toBe(0);
    expect(addon.sweep(new Int32Array(1), true)).toBe(0);
  });

  test('keeps all tags, also negative and large ones', () => {
    (() => [-1, 2 ** 31 - 1, -(2 ** 31)].forEach((tag) => void tracker.track({}, tag)))();
    minor();
    expect(sweepAll(false)).toEqual([-(2 ** 31), -1, 2 ** 31 - 1]);
  });

  test.each<[string, (bad: never) => void, unknown]>([
    ['track: expected an object', (bad) => tracker.track(bad, 1), 3],
    ['track: expected an object', (bad) => tracker.track(bad, 1), undefined],
    ['track: the tag must be a number', (bad) => tracker.track({}, bad), 'x'],
    ['sweep: expected an Int32Array', (bad) => tracker.sweep(bad, true), new Float32Array(4)],
    ['sweep: expected an Int32Array', (bad) => tracker.sweep(bad, true), new Int32Array(0)],
    ['sweep: expected an Int32Array', (bad) => tracker.sweep(bad, true), []],
    ['sweep: full must be true or false', (bad) => tracker.sweep(new Int32Array(4), bad), 1],
  ])('%s', (message, call, bad) => {
    expect(() => call(bad as never)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
    );
  });

  const WORK = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { createTracker } = require(workerData.path);
    const collect = require('node:vm').runInNewContext('gc');
    const tracker = createTracker();
    const out = new Int32Array(1000);
    let dead = 0;
    for (let round = 0; round < 20; round++) {
      (() => { for (let tag = 0; tag < 1000; tag++) tracker.track({ tag }, tag); })();
      collect({ type: 'minor' });
      for (let count = 1000; count === 1000; ) dead += count = tracker.sweep(out, false);
    }
    parentPort.postMessage(dead);
    if (workerData.stay) { globalThis.kept = []; for (let i = 0; i < 1000; i++) { const o = {}; kept.push(o); tracker.track(o, i); } setInterval(() => {}, 1000); }
  `;

  test('each worker thread has its own, also when it is terminated with objects tracked', async () => {
    trackMany(0, 100);
    const answers = [false, true, false, true].map(async (stay) => {
      const worker = new Worker(WORK, { eval: true, workerData: { path, stay } });
      const dead = await new Promise((done, fail) => worker.once('message', done).once('error', fail));
      await worker.terminate();
      return dead;
    });
    expect(await Promise.all(answers)).toEqual([20_000, 20_000, 20_000, 20_000]);
    gc();
    expect(sweepAll(true)).toHaveLength(90);
  });
});
