import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type InstallOptions, installNative } from '../../lib/backend/install';
import { pinForThisMachine } from '../../lib/backend/install/pins';
import { locateNative, locateWeak } from '../../lib/backend/locate';
import { pinOf, WHEEL_ENTRIES, Workshop, zip } from '../support/wheel';

/** What the stand-in for a compiler "compiles": a real addon, so that it loads. */
const ADDON = locateWeak();
const testCompiling = ADDON && process.platform === 'linux' ? test : test.skip;

const saved = { ...process.env };
let shop: Workshop;
const lines: string[] = [];

beforeEach(() => {
  shop = new Workshop();
  lines.length = 0;
  delete process.env.FLAMBEAU_LIBTENSORFLOW;
  process.env.FLAMBEAU_CACHE = shop.cache;
  process.env.CXX = ADDON ? shop.compiler(ADDON) : '';
});

afterEach(() => {
  process.env = { ...saved };
  shop.remove();
});

/** Installs from a wheel of this content, which the pin fits unless another is given. */
function install(content: Buffer, options: InstallOptions = {}) {
  const wheel = shop.write('tensorflow.whl', content);
  return installNative({ wheel, pin: pinOf(content), report: (line) => lines.push(line), ...options });
}

const good = () => zip(WHEEL_ENTRIES);

/** What stands in the cache, but for the weak-reference addon, which needs no wheel. */
function cached(): string[] {
  return existsSync(shop.cache) ? readdirSync(shop.cache).filter((name) => !name.startsWith('weak-')) : [];
}

describe('installing from a wheel', () => {
  testCompiling('puts library, headers and addons in place, and nothing else', async () => {
    const { changed, libtensorflow, binding, weak } = await install(good());
    expect(changed).toBe(true);
    expect(readFileSync(join(libtensorflow, 'libtensorflow_cc.so.2'), 'utf8')).toBe('the library');
    expect(existsSync(join(libtensorflow, 'include/xla/tsl/c/tsl_status.h'))).toBe(true);
    expect(existsSync(join(libtensorflow, 'python'))).toBe(false);
    expect(locateNative()).toMatchObject({ binding, weak, libtensorflow });
    expect(cached().map((name) => name.split('-')[0])).toEqual(['libtensorflow', 'tfjs_binding']);
  });

  testCompiling('does nothing a second time', async () => {
    await install(good());
    expect(await install(good())).toMatchObject({ changed: false });
    expect(readFileSync(join(shop.folder, 'calls'), 'utf8')).toBe('call\ncall\n');
  });

  testCompiling.each(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])('mends a damaged %s', async (name) => {
    const { libtensorflow } = await install(good());
    truncateSync(join(libtensorflow, name), 3);
    expect(await install(good())).toMatchObject({ changed: true });
    expect(readFileSync(join(libtensorflow, name), 'utf8')).toBe(WHEEL_ENTRIES[`tensorflow/${name}`]);
  });

  const other = zip({ ...WHEEL_ENTRIES, more: 'x' });
  const cut = good().subarray(0, 300);
  const without = (name: string) =>
    zip(Object.fromEntries(Object.entries(WHEEL_ENTRIES).filter(([key]) => key !== name)));
  const header = 'tensorflow/include/tensorflow/c/c_api.h';
  const evil = (name: string) => zip({ ...WHEEL_ENTRIES, [name]: 'evil' });

  testCompiling.each<[string, Buffer, InstallOptions, string]>([
    ['another file than the pinned', other, { pin: pinOf(good()) }, 'its SHA-256 must be'],
    ['a truncated one', cut, { pin: pinOf(good()) }, 'its SHA-256 must be'],
    ['a truncated one, were it the pinned', cut, {}, 'cannot be unpacked'],
    ['no archive, were it the pinned', Buffer.from('hello'), {}, 'cannot be unpacked'],
    ['an empty file', Buffer.alloc(0), { pin: pinOf(good()) }, 'its SHA-256 must be'],
    [
      'one without the library',
      without('tensorflow/libtensorflow_cc.so.2'),
      {},
      'tensorflow/libtensorflow_cc.so.2 is not in it',
    ],
    ['one without the headers', without(header), {}, `${header} is not in it`],
    ['a name that leads up', evil('../evil'), {}, 'invalid relative path: ../evil'],
    [
      'a name that leads up from a folder that we take',
      evil('tensorflow/include/tsl/../../../../evil'),
      {},
      'invalid relative path',
    ],
    ['an absolute name', evil('/evil'), {}, 'absolute path: /evil'],
    ['a name with backslashes', evil('tensorflow/include/tsl/..\\..\\..\\..\\evil'), {}, 'invalid relative path'],
  ])('refuses %s and leaves nothing', async (_name, content, options, message) => {
    await expect(install(content, options)).rejects.toThrow(message);
    expect(cached()).toEqual([]);
    expect(locateNative()).toBeNull();
    expect(existsSync(join(shop.folder, 'evil'))).toBe(false);
  });

  testCompiling('refuses a wheel that is not there', async () => {
    await expect(install(good(), { wheel: join(shop.folder, 'none.whl') })).rejects.toThrow(
      /the wheel cannot be read: .*none\.whl/,
    );
  });
});

describe('downloading with pip', () => {
  /** A `python3` that answers as pip does, and brings this content. */
  function pip(content: Buffer): void {
    const args = JSON.stringify(join(shop.folder, 'args'));
    const wheel = JSON.stringify(shop.write('index.whl', content));
    const body = `
      const args = process.argv.slice(2);
      if (args.join(' ') === '-m pip --version') process.exit(0);
      fs.writeFileSync(${args}, JSON.stringify(args));
      const folder = args[args.indexOf('-d') + 1];
      if (!process.env.TMPDIR.startsWith(folder)) process.exit(1);
      fs.copyFileSync(${wheel}, require('node:path').join(folder, ${JSON.stringify(pinOf(content).file)}));`;
    shop.program('python3', body);
    process.env.PATH = shop.folder;
  }
  const report = (line: string) => lines.push(line);

  testCompiling('asks for the pinned wheel by its tags, and keeps no copy', async () => {
    pip(good());
    const pin = pinOf(good());
    expect(await installNative({ pin, report })).toMatchObject({ changed: true });
    const asked = JSON.parse(readFileSync(join(shop.folder, 'args'), 'utf8')).join(' ');
    const tags = `--platform ${pin.tag} --python-version 3.11 --implementation cp --abi cp311`;
    expect(asked).toMatch(new RegExp(`^-m pip download --no-deps --only-binary=:all: ${tags} .*${pin.requirement}$`));
    expect(lines[0]).toMatch(/^downloading tensorflow-cpu 2\.21\.0 with python3 -m pip/);
    expect(readdirSync(shop.cache).filter((name) => /whl|tmp/.test(name))).toEqual([]);
  });

  testCompiling('a wrong hash ends it: upstream is not asked', async () => {
    pip(zip({ ...WHEEL_ENTRIES, more: 'x' }));
    const fallback = jest.fn();
    await expect(installNative({ pin: pinOf(good()), fallback })).rejects.toThrow('its SHA-256 must be');
    expect(fallback).not.toHaveBeenCalled();
    expect(cached()).toEqual([]);
  });
});

describe('without what it takes', () => {
  const refuse = () => Promise.reject(new Error('the bucket said 403'));

  testCompiling('without pip: upstream, then both reasons and the ways out', async () => {
    process.env.PATH = shop.folder;
    const failed = installNative({ pin: pinOf(good()), fallback: refuse });
    await expect(failed).rejects.toThrow(
      /no pip .*python3 -m pip[\s\S]*the bucket said 403[\s\S]*--wheel FILE[\s\S]*cpu backend/,
    );
  });

  test('without a compiler nothing is downloaded', async () => {
    process.env.PATH = shop.folder;
    delete process.env.CXX;
    const failed = installNative({ pin: pinOf(good()), fallback: refuse, report: (line) => lines.push(line) });
    await expect(failed).rejects.toThrow(/no C\+\+ compiler \(tried g\+\+, c\+\+, clang\+\+\)[\s\S]*403/);
    expect(lines.join('\n')).not.toContain('downloading');
    expect(cached()).toEqual([]);
  });

  test('a CXX that is not there is named', async () => {
    process.env.CXX = '/nowhere/g++';
    await expect(installNative({ pin: pinOf(good()), fallback: refuse })).rejects.toThrow('tried CXX=/nowhere/g++');
  });

  testCompiling('where pip fails: what it said, upstream, and which file to fetch elsewhere', async () => {
    shop.program(
      'python3',
      `if (process.argv.includes('download')) { console.error('no such index'); process.exit(1); }`,
    );
    process.env.PATH = shop.folder;
    const failed = installNative({ pin: pinOf(good()), fallback: refuse });
    await expect(failed).rejects.toThrow(
      /could not download tensorflow-cpu==2.21.0[\s\S]*no such index[\s\S]*--wheel FILE[\s\S]*403/,
    );
  });

  testCompiling('without a wheel for the machine: upstream', async () => {
    let asked = '';
    const fallback = async (folder: string) => {
      asked = folder;
      throw new Error('no');
    };
    await expect(installNative({ pin: null, fallback })).rejects.toThrow(
      'there is no libtensorflow wheel for this machine',
    );
    expect(asked).toMatch(/@tensorflow.tfjs-node$/);
  });

  test('the wheel needs glibc 2.27', () => {
    expect(pinForThisMachine(null)).toBeNull();
    expect(pinForThisMachine('2.26')).toBeNull();
    expect(pinForThisMachine('2.27')).toEqual(pinForThisMachine('3.0'));
  });

  test('shows the end of what the compiler says', async () => {
    process.env.CXX = shop.program('broken', `console.error('weak.cc:1: error: no such thing'); process.exit(1);`);
    await expect(install(good())).rejects.toThrow(
      /could not compile tfjs_binding.node:\n {4}weak.cc:1: error: no such thing/,
    );
    expect(cached().map((name) => name.split('-')[0])).toEqual(['libtensorflow']);
  });

  test('does not keep an addon that does not load', async () => {
    process.env.CXX = shop.program('wrong', `fs.writeFileSync(output, 'no addon');`);
    await expect(install(good())).rejects.toThrow(
      /tfjs_binding.node does not load:\n.*(invalid ELF header|too short|slice)/,
    );
    expect(locateNative()).toBeNull();
  });

  test('says what to do about a cache that cannot be written to', async () => {
    process.env.FLAMBEAU_CACHE = join(shop.write('file', ''), 'cache');
    await expect(install(good())).rejects.toThrow(
      /the cache folder .*file.cache cannot be written to .*Set FLAMBEAU_CACHE/,
    );
  });

  testCompiling('says so before it fills the disk', async () => {
    const pin = { ...pinOf(good()), unpacked: 1e18 };
    await expect(install(good(), { pin })).rejects.toThrow(/is too full: 1000000000000 MB are needed/);
  });
});

describe('FLAMBEAU_LIBTENSORFLOW', () => {
  /** A folder as Python's site-packages/tensorflow. */
  function folderOf(entries: readonly string[]): string {
    for (const name of entries) {
      mkdirSync(join(shop.folder, name, '..'), { recursive: true });
      shop.write(name, 'x');
    }
    return join(shop.folder, 'tensorflow');
  }
  const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];

  testCompiling('is used where it lies, and from then on also without being named', async () => {
    const folder = folderOf([...LIBRARIES, 'tensorflow/include/tensorflow/c/c_api.h']);
    process.env.FLAMBEAU_LIBTENSORFLOW = folder;
    const { changed, libtensorflow } = await installNative();
    expect([changed, libtensorflow]).toEqual([true, folder]);
    expect(await installNative()).toMatchObject({ changed: false });
    delete process.env.FLAMBEAU_LIBTENSORFLOW;
    expect(locateNative()).toMatchObject({ libtensorflow: folder });
    expect(await installNative()).toMatchObject({ changed: false });
    expect(await install(good())).toMatchObject({ changed: true, libtensorflow: expect.stringContaining(shop.cache) });
  });

  testCompiling('and --wheel exclude each other', async () => {
    process.env.FLAMBEAU_LIBTENSORFLOW = folderOf([...LIBRARIES, 'tensorflow/include/tensorflow/c/c_api.h']);
    await expect(install(good())).rejects.toThrow('--wheel and FLAMBEAU_LIBTENSORFLOW exclude each other');
  });

  testCompiling.each([
    ['nothing in it', [] as string[], 'expected libtensorflow_cc.so.2'],
    ['no headers', LIBRARIES, 'the headers are missing'],
  ])('with %s is refused', async (_name, entries, message) => {
    process.env.FLAMBEAU_LIBTENSORFLOW = folderOf(entries);
    const fallback = jest.fn();
    await expect(installNative({ fallback })).rejects.toThrow(message);
    expect(fallback).not.toHaveBeenCalled();
    expect(locateNative()).toBeNull();
  });
});
