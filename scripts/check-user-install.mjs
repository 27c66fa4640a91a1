// A user's way, from nothing: an empty folder, an empty cache, the packed tarball, the three commands of the README, and a
// ten-line training that must run natively. Downloads 274 MB. Run `npm run setup` first (it builds dist/).
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, check, npm, pack, withTemporary } from './lib.mjs';

const TRAINING = `
import { getBackend, manualSeed, nn, optim, randn } from 'flambeau';

manualSeed(0);
const x = randn(64, 4);
const y = x.sum(1, { keepdim: true });
const model = new nn.Sequential(new nn.Linear(4, 16), new nn.ReLU(), new nn.Linear(16, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
for (let step = 0; step < 200; step++) {
  optimizer.zeroGrad();
  const loss = nn.functional.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
  if (step % 199 === 0) console.log(getBackend(), loss.item());
}
`;

await withTemporary(async (folder) => {
  const user = join(folder, 'user');
  const env = { ...process.env, FLAMBEAU_CACHE: join(folder, 'cache') };
  for (const name of ['FLAMBEAU_BACKEND', 'FLAMBEAU_LIBTENSORFLOW', 'FLAMBEAU_REQUIRE_NATIVE', 'TF_CPP_MIN_LOG_LEVEL'])
    delete env[name];
  const flambeau = (...args) => capture('npx', ['flambeau', ...args], { cwd: user, env });
  const train = () => capture(process.execPath, ['train.mjs'], { cwd: user, env });

  await check('npm install of the tarball', () => {
    mkdirSync(user);
    npm(['install', pack(folder)], user);
    if (!existsSync(join(user, 'node_modules/node-api-headers')))
      throw new Error('node-api-headers did not come along');
    writeFileSync(join(user, 'train.mjs'), TRAINING);
  });

  await check('before install-native it trains on the cpu backend, with one line on stderr', () => {
    const { stdout, stderr } = train();
    const lines = stderr.trim().split('\n');
    if (!/^cpu /.test(stdout) || lines.length !== 1 || !lines[0].includes('npx flambeau install-native')) {
      throw new Error(`${stdout}${stderr}`);
    }
    return lines[0];
  });

  await check('npm install --ignore-scripts @tensorflow/tfjs-node', () => {
    npm(['install', '--ignore-scripts', '@tensorflow/tfjs-node'], user);
  });

  await check('npx flambeau install-native', () => flambeau('install-native').stdout.split('\n')[0]);

  await check('a second run takes under a second', () => {
    const started = performance.now();
    const cli = join(user, 'node_modules/.bin/flambeau');
    const { stdout } = capture(cli, ['install-native'], { cwd: user, env });
    const took = performance.now() - started;
    if (!stdout.includes('installed already') || took > 1000) throw new Error(`${took.toFixed(0)} ms\n${stdout}`);
  });

  await check('npx flambeau doctor', () => flambeau('doctor').stdout.trim().split('\n').at(-1));

  await check('the training runs natively, and nothing is on stderr', () => {
    const { stdout, stderr } = train();
    const [first, last] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    if (first[0] !== 'tensorflow' || stderr !== '' || !(Number(last[1]) < Number(first[1]) / 10))
      throw new Error(`${stdout}${stderr}`);
    return `loss ${first[1]} → ${last[1]}`;
  });
});
