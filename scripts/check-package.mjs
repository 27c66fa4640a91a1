// The packed tarball, installed into an empty folder, as strangers use it: ES modules, require, strict TypeScript (node20 and
// commonjs), Jest in plain JavaScript and with ts-jest. Natively where `npm run setup` found a way, which comes first.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { capture, check, npm, pack, withTemporary } from './lib.mjs';

const { devDependencies } = createRequire(import.meta.url)('../package.json');
const EXPECTED = process.env.FLAMBEAU_REQUIRE_NATIVE === '1' ? ['tensorflow'] : ['tensorflow', 'cpu'];

/** One step of a training, the same everywhere; `typed` has what only TypeScript can see. */
const STEP = `
manualSeed(0);
const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const loss = nn.functional.mseLoss(model(tensor([[1, 2], [3, 4]])), tensor([[1], [2]]));
loss.backward();
optimizer.step();
`;
const TYPED = `
const total: Tensor = loss.sum();
const value: number = total.item();
// @ts-expect-error: a learning rate is a number
() => new optim.SGD(model.parameters(), { lr: 'fast' });
// @ts-expect-error: a module wants a tensor
() => model('x');
console.log(getBackend(), value);
`;
const IMPORT = `import { getBackend, manualSeed, nn, optim, type Tensor, tensor } from 'flambeau';`;
const REQUIRE = `const { getBackend, manualSeed, nn, optim, tensor } = require('flambeau');`;
const PRINT = 'console.log(getBackend(), loss.item());';
const jestTest = (head) => `${head}
test('trains a step', () => {
  ${STEP}
  expect(loss.item()).toBeGreaterThan(0);
  expect(${JSON.stringify(EXPECTED)}).toContain(getBackend());
});
`;

const FILES = {
  'esm/main.mjs': `${IMPORT.replace('type Tensor, ', '')}\n${STEP}${PRINT}`,
  'esm/whole.mjs': `import * as flambeau from 'flambeau';\nimport flambeauDefault from 'flambeau';\nconst { getBackend, manualSeed, nn, optim, tensor } = flambeau;\n${STEP}if (flambeauDefault.tensor !== tensor) throw new Error('two copies');\n${PRINT}`,
  'cjs/main.cjs': `${REQUIRE}\n${STEP}${PRINT}`,
  'node20/package.json': '{ "type": "module" }',
  'node20/main.ts': `${IMPORT}\n${STEP}${TYPED}`,
  'node20/tsconfig.json': tsconfig('node20'),
  'commonjs/main.ts': `${IMPORT}\n${STEP}${TYPED}`,
  'commonjs/tsconfig.json': tsconfig('commonjs'),
  'jest-js/plain.test.js': jestTest(REQUIRE),
  'jest-js/package.json': '{}',
  'jest-ts/typed.test.ts': jestTest(`import { getBackend, manualSeed, nn, optim, tensor } from 'flambeau';`),
  'jest-ts/package.json': '{ "jest": { "preset": "ts-jest" } }',
  'jest-ts/tsconfig.json': tsconfig('commonjs', ['jest']),
};

function tsconfig(module, types = ['node']) {
  const compilerOptions = {
    target: 'es2023',
    module,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types,
  };
  return JSON.stringify({ compilerOptions });
}

await withTemporary(async (folder) => {
  const user = join(folder, 'user');
  const at = (...path) => join(user, ...path);
  const node = (...args) => backendOf(capture(process.execPath, args, { cwd: user }).stdout);
  const bin = (name, args, cwd) => capture(process.execPath, [at('node_modules/.bin', name), ...args], { cwd });

  await check('the tarball installs into an empty folder', () => {
    for (const [name, content] of Object.entries({ 'package.json': '{ "private": true }', ...FILES })) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    }
    const tarball = pack(folder);
    npm(['install', tarball], user);
    npm(['install', '--ignore-scripts', '@tensorflow/tfjs-node'], user);
    const tools = ['jest', 'ts-jest', 'typescript', '@types/jest', '@types/node'].map(
      (name) => `${name}@${devDependencies[name]}`,
    );
    npm(['install', '--ignore-scripts', '--save-dev', ...tools], user);
    return listing(tarball);
  });

  await check('import by name', () => node('esm/main.mjs'));
  await check('import of the whole', () => node('esm/whole.mjs'));
  await check('require', () => node('cjs/main.cjs'));
  for (const module of ['node20', 'commonjs']) {
    await check(`strict TypeScript, module ${module}`, () => {
      bin('tsc', ['-p', '.'], at(module));
      return node(`${module}/main.js`);
    });
  }
  for (const [name, kind] of Object.entries({ 'jest-js': 'plain JavaScript', 'jest-ts': 'ts-jest' })) {
    await check(`a default Jest, ${kind}`, () => void bin('jest', [], at(name)));
  }
});

function backendOf(stdout) {
  const backend = stdout.trim().split(' ')[0];
  if (!EXPECTED.includes(backend)) throw new Error(`expected ${EXPECTED.join(' or ')}:\n${stdout}`);
  return backend;
}

/** Nothing that was not meant to be published. */
function listing(tarball) {
  const names = capture('tar', ['-tzf', tarball]).stdout.trim().split('\n');
  const stray = names.filter(
    (name) =>
      !/^package\/(dist\/|lib\/backend\/native\/|[^/]+$)/.test(name) ||
      /\/spec\/|\.spec\.|\.tsbuildinfo$|\.map$/.test(name),
  );
  const missing = [
    'package/dist/cli/index.js',
    'package/lib/backend/native/weak.cc',
    'package/lib/backend/native/quiet.cc',
    'package/lib/backend/native/kernels.cc',
    'package/lib/backend/native/ops/call.h',
  ].filter((name) => !names.includes(name));
  if (stray.length + missing.length > 0)
    throw new Error(`stray: ${stray.join(', ') || 'none'}; missing: ${missing.join(', ') || 'none'}`);
  return `${names.length} files, Node ${process.version}`;
}
