import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { getBackend } from '../../lib/backend/engine';

/** Loads the build in realms of their own, as Jest does for each file, and tells whether what each one held is left. */
const REALMS = `
  const fs = require('node:fs'), Module = require('node:module'), path = require('node:path'), vm = require('node:vm');
  const dist = ${JSON.stringify(path.join(__dirname, '../../dist'))};
  const binding = require(require(path.join(dist, 'backend/locate.js')).locateNative().binding);

  function realm() {
    const own = Object.create(process, { on: { value: () => {} } }); // whose listeners are the realm's
    const context = vm.createContext({ console, process: own, performance, setTimeout, TextEncoder, TextDecoder });
    vm.runInContext('globalThis.global = globalThis', context);
    const modules = new Map();
    const load = (file) => {
      if (file.endsWith('.node')) return require(file);
      if (modules.has(file)) return modules.get(file).exports;
      const module = { exports: {} };
      modules.set(file, module);
      const text = fs.readFileSync(file, 'utf8');
      if (file.endsWith('.json')) return (module.exports = JSON.parse(text));
      const from = Module.createRequire(file);
      const own = (name) => (Module.isBuiltin(name) ? require(name) : load(from.resolve(name)));
      own.resolve = from.resolve;
      const names = ['exports', 'require', 'module', '__filename', '__dirname'];
      const run = vm.compileFunction(text, names, { filename: file, parsingContext: context });
      run(module.exports, own, module, file, path.dirname(file));
      return module.exports;
    };
    return (name) => load(path.join(dist, name));
  }

  /** A realm with a tensor that comes from JavaScript, and one that libtensorflow made. */
  function used() {
    const load = realm();
    const { randn } = load('index.js');
    const x = randn(100);
    const tensors = [x, x.add(1)];
    const own = load('backend/engine.js').native().getInputTensorIds(tensors.map(({ tfjs }) => tfjs));
    return { tensors, ids: [...own] }; // an array of the realm would hold it
  }
  const isThere = (id) => {
    try {
      return binding.tensorDataSync(id).length === 100;
    } catch {
      return false;
    }
  };

  (async () => {
    const kept = used();
    const gone = used().ids;
    console.log(JSON.stringify(gone.map(isThere)));
    for (let i = 0; i < 20; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    console.log(JSON.stringify(gone.map(isThere)), JSON.stringify(kept.ids.map(isThere)), kept.tensors.length);
  })();`;

(getBackend() === 'tensorflow' ? describe : describe.skip)('a realm that is gone', () => {
  it.each(['on', 'off'])(
    'is not held, nor are its tensors (FLAMBEAU_WEAK=%s)',
    (weak) => {
      const env = { ...process.env, FLAMBEAU_WEAK: weak };
      const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '-e', REALMS], { encoding: 'utf8', env });
      expect(stderr).toBe('');
      expect(stdout).toBe('[true,true]\n[false,false] [true,true] 2\n');
    },
    60_000,
  );
});
