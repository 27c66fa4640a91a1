import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { locateWeak } from '../../lib/backend/locate';
import { pinOf, WHEEL_ENTRIES, Workshop, zip } from '../support/wheel';

const ADDON = locateWeak();
const describeCompiling = ADDON && process.platform === 'linux' ? describe : describe.skip;
/** Processes run the build, which `npm test` makes first. */
const INSTALLER = join(__dirname, '../../dist/backend/install');

describeCompiling('several processes', () => {
  let shop: Workshop;
  let options: string;

  beforeEach(() => {
    shop = new Workshop();
    const content = zip(WHEEL_ENTRIES);
    options = JSON.stringify({ wheel: shop.write('tensorflow.whl', content), pin: pinOf(content) });
  });

  afterEach(() => shop.remove());

  function start(compiler: string): { child: ChildProcess; output: Promise<string> } {
    const body = `require(${JSON.stringify(INSTALLER)}).installNative(${options}).then(({ changed }) => console.log(changed))`;
    const env = { ...process.env, FLAMBEAU_CACHE: shop.cache, FLAMBEAU_LIBTENSORFLOW: '', CXX: compiler };
    const child = spawn(process.execPath, ['-e', body], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
    return {
      child,
      output: new Promise((done) => child.on('close', (code, signal) => done(`${text.trim()} ${signal ?? code}`))),
    };
  }

  const kinds = () => readdirSync(shop.cache).map((name) => name.split('-')[0]);
  const FINISHED = ['libtensorflow', 'tfjs_binding', 'weak'];
  /** A compiler that says it has begun, and never ends. */
  const hanging = () =>
    shop.program(
      'hang',
      `fs.writeFileSync(${JSON.stringify(join(shop.folder, 'begun'))}, ''); setInterval(() => {}, 1000);`,
    );

  async function untilCompiling(): Promise<void> {
    const limit = performance.now() + 20_000;
    while (!existsSync(join(shop.folder, 'begun')) || !kinds().includes('libtensorflow')) {
      if (performance.now() > limit) throw new Error('it did not begin to compile');
      await sleep(20);
    }
  }

  test('that install at once do the work once', async () => {
    const compiler = shop.compiler(ADDON!);
    const outputs = await Promise.all([1, 2, 3].map(() => start(compiler).output));
    expect(outputs.sort()).toEqual(['false 0', 'false 0', 'true 0']);
    expect(readFileSync(join(shop.folder, 'calls'), 'utf8')).toBe('call\ncall\n');
    expect(kinds()).toEqual(FINISHED);
  });

  test('one that was killed leaves nothing that looks finished, and the next takes over', async () => {
    const killed = start(hanging());
    await untilCompiling();
    killed.child.kill('SIGKILL');
    await killed.output;
    expect(kinds().filter((kind) => kind !== 'tmp')).toEqual(['install.lock', 'libtensorflow']);
    expect(await start(shop.compiler(ADDON!)).output).toBe('true 0');
    expect(kinds()).toEqual(FINISHED);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends one, with what it has begun', async (signal, code) => {
    const ended = start(hanging());
    await untilCompiling();
    ended.child.kill(signal);
    expect(await ended.output).toBe(` ${code}`);
    expect(kinds()).toEqual(['libtensorflow']);
  });
});
