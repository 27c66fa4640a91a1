import { getBackend } from '../lib/backend/engine';
import { memory } from '../lib/tensor/memory';
import { stillThere } from './support/leaks';

// Every spec file leaks nothing, whatever its tests threw. What it makes while it loads is its own.
let before = 0;

beforeAll(() => {
  before = memory().numTensors;
});

afterAll(async () => {
  expect(await stillThere(before)).toBe(0);
});

if (process.env.FLAMBEAU_REQUIRE_NATIVE && getBackend() !== 'tensorflow') {
  throw new Error('these specs are to run on native libtensorflow, and it is not in use');
}
