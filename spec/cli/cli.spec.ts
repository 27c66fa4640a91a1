import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { getBackend } from '../../lib/backend/engine';
import { locateNative } from '../../lib/backend/locate';
import { version } from '../../package.json';
import { Workshop } from '../support/wheel';

/** Processes run the build, which `npm test` makes first. */
const CLI = join(__dirname, '../../dist/cli/index.js');
let shop: Workshop;

beforeEach(() => {
  shop = new Workshop();
});

afterEach(() => shop.remove());

function flambeau(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

describe('the command line', () => {
  test.each([['--help'], ['-h'], ['doctor', '--help']])('flambeau %s %s', (...args) => {
    const { status, stdout } = flambeau(args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: flambeau <command>[\s\S]*install-native[\s\S]*doctor/);
  });

  test('flambeau --version', () => {
    expect(flambeau(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    [[], 'a command is missing'],
    [['train'], "unknown command 'train'"],
    [['doctor', 'now'], "unexpected argument 'now'"],
    [['doctor', '--wheel', 'x'], '--wheel belongs to install-native'],
    [['install-native', '--wheel'], "'--wheel <value>' argument missing"],
    [['--whel=x'], "Unknown option '--whel'"],
  ])('flambeau %j is a usage error', (args, message) => {
    const { status, stderr } = flambeau(args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: flambeau <command>');
  });

  test('flambeau install-native ends with 1 and the reason', () => {
    const wheel = join(shop.folder, 'none.whl');
    const { status, stderr } = flambeau(['install-native', '--wheel', wheel], { FLAMBEAU_CACHE: shop.cache });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^flambeau: /m);
    expect(stderr).not.toContain('    at '); // no stack
  });
});

describe('flambeau doctor', () => {
  const doctor = (env: NodeJS.ProcessEnv) => flambeau(['doctor'], env);
  const INSTALL = '→ npx flambeau install-native';

  test('with an empty cache names what is missing, what there is to install with, and the command', () => {
    const { status, stdout } = doctor({ FLAMBEAU_CACHE: shop.cache, FLAMBEAU_BACKEND: undefined });
    expect(status).toBe(1);
    for (const label of ['Node', 'tfjs-node', 'cache', 'wheel', 'pip', 'C\\+\\+ compiler']) {
      expect(stdout).toMatch(new RegExp(`^[✓✗] ${label} `, 'm'));
    }
    for (const label of ['libtensorflow', 'binding', 'weak references', 'backend']) {
      expect(stdout).toMatch(new RegExp(`^✗ ${label} .*(\\n {4}flambeau: .*)*\\n {4}${INSTALL}`, 'm'));
    }
    expect(stdout).toContain(shop.cache);
  });

  test('says so where the environment asks for the cpu backend', () => {
    const { status, stdout } = doctor({ FLAMBEAU_BACKEND: 'cpu' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✗ backend +cpu \(slow\), as FLAMBEAU_BACKEND=cpu says\n {4}→ unset FLAMBEAU_BACKEND/m);
  });

  test('names a folder of the user without a library', () => {
    const { status, stdout } = doctor({ FLAMBEAU_LIBTENSORFLOW: shop.folder, FLAMBEAU_BACKEND: undefined });
    expect(status).toBe(1);
    expect(stdout).toContain(`not in FLAMBEAU_LIBTENSORFLOW=${shop.folder}`);
  });

  const native = locateNative();
  const testNative = native && getBackend() === 'tensorflow' ? test : test.skip;

  testNative('ends with 0 where native works, and says where each file is', () => {
    const { status, stdout } = doctor({ FLAMBEAU_BACKEND: undefined });
    expect(stdout).not.toContain('✗');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✓ backend +tensorflow/m);
    for (const path of [native!.libtensorflow, native!.binding, native!.weak!, native!.version])
      expect(stdout).toContain(path);
  });

  testNative('survives a native library that takes its process down', () => {
    const crash = shop.write(
      'crash.cjs',
      `if (process.argv.length < 3 || !process.argv[1]?.includes('cli')) process.kill(process.pid, 'SIGILL');`,
    );
    mkdirSync(shop.cache);
    const { status, stdout } = doctor({ FLAMBEAU_BACKEND: undefined, NODE_OPTIONS: `--require=${crash}` });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^✗ backend +the library does not run:\n +the process was ended by SIGILL[\s\S]*→ npx flambeau/m,
    );
  });
});
