import { setImmediate } from 'node:timers/promises';
import { getBackend } from '../lib/backend/engine';
import { memory } from '../lib/tensor/memory';

// Every spec file leaks nothing, whatever its tests threw. What it makes while it loads is its own.
let before = 0;

beforeAll(() => {
  before = memory().numTensors;
});

afterAll(async () => {
  await setImmediate();
  expect(memory().numTensors).toBeLessThanOrEqual(before);
});

if (process.env['FLAMBEAU_REQUIRE_NATIVE'] && getBackend() !== 'tensorflow') {
  throw new Error('these specs are to run on native libtensorflow, and it is not in use');
}
