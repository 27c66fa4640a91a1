import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.join(__dirname, '..');
/** What the examples in doc comments may take for granted. */
const HEADER = `import * as tf from '@tensorflow/tfjs';
import { autograd, fromTfjs, isolated, manualSeed, nn, noGrad, optim, rand, type Tensor, tensor, tidy, utils, vision } from 'flambeau';
`;

/** The \`\`\`ts blocks of a file, without the asterisks of a comment. */
function blocks(file: string): [string, string][] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, body], i) => [
    `${file} ${i + 1}`,
    body!.replace(/^ *\* ?/gm, ''),
  ]);
}

function examples(file: string): [string, string][] {
  return blocks(file).map(([name, code]) => [name, code.includes('import ') ? code : HEADER + code]);
}

/** The examples of a page of docs/: those without imports share the lines of the first, each with names of its own. */
function pageExamples(page: string): [string, string][] {
  const found = blocks(path.join('docs', page));
  const first = found[0]?.[1];
  return found.map(([name, code]) => [name, code.includes('import ') ? code : `${first}{\n${code}}\n`]);
}
const PAGES = readdirSync(path.join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));

/** The errors of each piece of code, all compiled as one program. */
function compile(codes: string[]): string[][] {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const options = { ...parsed.options, noUnusedLocals: false, noUnusedParameters: false };
  const files = new Map(codes.map((code, i) => [path.join(ROOT, `example${i}.ts`), `${code}\nexport {};`]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, code, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

it('the examples in the docs compile, and one that is wrong does not', () => {
  const lib = readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' });
  const sources = lib.filter((file) => file.endsWith('.ts')).map((file) => path.join('lib', file));
  const found = [...['README.md', ...sources].flatMap(examples), ...PAGES.flatMap(pageExamples)];
  const results = compile([...found.map(([, code]) => code), `${HEADER}const x: number = tensor(1);`]);
  expect(found.length).toBeGreaterThan(2);
  expect(results.pop()).toHaveLength(1);
  expect(Object.fromEntries(found.map(([name], i) => [name, results[i]]))).toEqual(
    Object.fromEntries(found.map(([name]) => [name, []])),
  );
}, 60_000);

describe('the examples of the pages run', () => {
  it.each(PAGES.flatMap(pageExamples))('%s', (_, code) => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
    const { outputText } = ts.transpileModule(code, { compilerOptions });
    new Function('require', 'exports', outputText)(require, {});
    // Who turns it on is told so.
    expect(warn.mock.calls.flat().filter((message) => !/^Anomaly Detection has been enabled/.test(message))).toEqual(
      [],
    );
    log.mockRestore();
    warn.mockRestore();
  });
});
