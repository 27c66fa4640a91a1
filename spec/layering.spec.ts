import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const LIB = path.join(__dirname, '../lib');
/** A file imports only from its own layer and from those before it. */
const LAYERS = [
  'errors.ts',
  'args.ts',
  'backend',
  'tensor',
  'ops',
  'nn',
  'optim',
  'data',
  'vision',
  'io',
  'compile',
  'testing',
  'cli',
];

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const layerOf = (file: string) => file.split(path.sep)[0]!;

/** The files that `file` imports at run time. */
function imports(file: string): string[] {
  const source = readFileSync(path.join(LIB, file), 'utf8');
  const statements = source.matchAll(/^(?:import|export) (?!type )(?:[^'";]*? from )?'(\.[^']+)';/gm);
  return [...statements].map(([, target]) => path.relative(LIB, path.join(LIB, path.dirname(file), target!)));
}

describe('layers', () => {
  it.each(files.filter((file) => file !== 'index.ts' && !file.startsWith(`cli${path.sep}`)))('%s', (file) => {
    const rank = (name: string) => LAYERS.findIndex((layer) => layer === name || layer === `${name}.ts`);
    expect(rank(layerOf(file))).toBeGreaterThanOrEqual(0);
    for (const target of imports(file))
      expect([target, rank(layerOf(target)) <= rank(layerOf(file))]).toEqual([target, true]);
  });

  it('files stay short', () => {
    const long = files.filter((file) => readFileSync(path.join(LIB, file), 'utf8').split('\n').length > 310);
    expect(long).toEqual([]);
  });

  it('optim knows no modules, but where it averages them, and only backend asks which backend runs', () => {
    const source = (file: string) => readFileSync(path.join(LIB, file), 'utf8');
    const rules = files.filter((f) => layerOf(f) === 'optim' && !f.includes('swaUtils'));
    expect(rules.filter((f) => /nn\//.test(source(f)))).toEqual([]);
    const asking = files.filter((f) => layerOf(f) !== 'backend' && /\bnative\(\)|getBackend\(\)/.test(source(f)));
    expect(asking.filter((f) => layerOf(f) !== 'cli')).toEqual([]);
  });

  it('our declarations reach no type of tfjs, so that consumers need no skipLibCheck', () => {
    const dist = path.join(__dirname, '../dist');
    const seen = new Set<string>();
    const foreign = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()["']([^"']+)["']/g)) {
        const base = path.resolve(path.dirname(file), target!);
        if (!target!.startsWith('.')) foreign.add(target!);
        else visit(existsSync(`${base}.d.ts`) ? `${base}.d.ts` : path.join(base, 'index.d.ts'));
      }
    };
    visit(path.join(dist, 'index.d.ts'));
    expect(seen.size).toBeGreaterThan(50);
    expect([...foreign]).toEqual(['node:util']);
  });

  it('one file loads tfjs-node', () => {
    const loads = files.filter((f) =>
      /require\(|load\('@tensorflow\/tfjs-node/.test(readFileSync(path.join(LIB, f), 'utf8')),
    );
    expect(loads.filter((f) => layerOf(f) === 'backend' && !f.includes('install'))).toEqual([
      path.join('backend', 'native.ts'),
    ]);
  });
});
