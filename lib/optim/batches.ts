import { type Flags, type Numbers, runStep, type StepCall } from '../backend/step';
import type { Storage } from '../backend/storage';
import type { Tensor } from '../tensor/tensor';
import { changing } from './params';
import type { Step } from './rule';

/** The scalars that some parameters share, computed on the host in float64, and what tells them from others. */
export interface Scalars {
  key: number | string;
  numbers: () => Numbers;
}

interface Batch {
  kernel: string;
  flags: Flags;
  numbers: () => Numbers;
  calls: StepCall[];
}

/** Steps that wait to be taken together: those of one kernel and the same scalars are one native call. */
export class Batches {
  private readonly _batches = new Map<string, Batch>();
  private readonly _waiting = new Set<Storage>();
  private readonly _after: (() => void)[] = [];

  /** Whether one of these waits, or what it is a view of, or another parameter with its storage. */
  has(...tensors: Tensor[]): boolean {
    return tensors.some(({ _storage, _view }) => this._waiting.has(_view?.base._storage ?? _storage));
  }

  /** Calls `step`, which adds `p`'s; that of a view, which shows another's memory, is taken at once. */
  around(p: Tensor, step: () => void): void {
    if (!p._view) return step();
    this.run();
    changing(p, () => {
      step();
      this.run();
    });
  }

  /** `after` is called once the step is taken. */
  add(p: Tensor, grad: Tensor, step: Step | undefined, scalars: Scalars, after?: () => void): void {
    if (after) this._after.push(after);
    if (!step) return;
    const { kernel, slots, flags = {} } = step;
    const key = `${kernel} ${slots.length} ${Object.values(flags)} ${scalars.key}`;
    let batch = this._batches.get(key);
    if (!batch) this._batches.set(key, (batch = { kernel, flags, numbers: scalars.numbers, calls: [] }));
    void grad._value; // a view is up to date from here on
    batch.calls.push({ targets: [p, ...slots].map(({ _storage }) => _storage), gradient: grad._storage });
    this._waiting.add(p._storage);
  }

  run(): void {
    for (const { kernel, calls, numbers, flags } of this._batches.values()) runStep(kernel, calls, numbers, flags);
    for (const after of this._after) after();
    this._batches.clear();
    this._waiting.clear();
    this._after.length = 0;
  }
}
