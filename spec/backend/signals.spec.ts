import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usesAddon } from '../../lib/backend/collector';
import { getBackend } from '../../lib/backend/engine';

/** Trains an MLP whose last layer is small: the matrix kernels that use the stack pointer for something else. */
const TRAINING = `
  const { manualSeed, nn, optim, randint, randn } = require(${JSON.stringify(path.join(__dirname, '../../dist'))});
  process.on('SIGUSR2', () => {});
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
  const [x, y, criterion] = [randn(64, 784), randint(10, [64]), new nn.CrossEntropyLoss()];
  const optimizer = new optim.Adam(model.parameters());
  console.log('training');
  for (let i = 0; i < 2500; i++) {
    optimizer.zeroGrad();
    criterion(model(x), y).backward();
    optimizer.step();
  }
  console.log('trained');
  process.stdin.on('end', () => process.exit(0)).resume();`;

/** Runs the training; `during` gets the process when it begins, and what it returns is called when it is done. Resolves to how it ended. */
function train(flags: string[], during: (pid: number) => () => void = () => () => {}): Promise<number | string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, '-e', TRAINING], { stdio: ['pipe', 'pipe', 'ignore'] });
    let stop = () => {};
    child.stdout.on('data', (text) => {
      if (String(text).includes('training')) stop = during(child.pid!);
      if (!String(text).includes('trained')) return;
      stop();
      child.stdin.end();
    });
    child.on('exit', (code, signal) => {
      stop();
      resolve(signal ?? code);
    });
  });
}

const native = getBackend() === 'tensorflow' && usesAddon;

(native ? describe : describe.skip)('signals do not corrupt the heap', () => {
  it('of the CPU profiler', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'flambeau-profile-'));
    expect(await train(['--cpu-prof', `--cpu-prof-dir=${folder}`])).toBe(0);
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('that Node handles', async () => {
    const ended = await train([], (pid) => {
      const timer = setInterval(() => {
        for (let i = 0; i < 20; i++) process.kill(pid, 'SIGUSR2');
      }, 2);
      return () => clearInterval(timer);
    });
    expect(ended).toBe(0);
  }, 60_000);
});
