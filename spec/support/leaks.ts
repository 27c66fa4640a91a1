import { setImmediate } from 'node:timers/promises';
import { memory } from '../../lib/tensor/memory';

export const turn = (): Promise<void> => setImmediate();

/**
 * Tensors beyond `before` that stay, over some turns of the event loop: V8 keeps what an error's stack trace mentions until
 * the error itself goes, and Jest holds its last one for a moment.
 */
export async function stillThere(before: number): Promise<number> {
  let extra = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    await turn();
    extra = memory().numTensors - before;
    if (extra <= 0) return 0;
  }
  return extra;
}

/** Tensors that `body` leaves behind. It runs twice: what is made once and kept (literals, compiled code) does not count. */
export async function leftOver(body: () => unknown): Promise<number> {
  await body();
  await turn();
  const before = memory().numTensors;
  await body();
  return stillThere(before);
}
