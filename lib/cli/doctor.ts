import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler } from '../backend/install/compile';
import { chosenLibrary } from '../backend/install/library';
import { PACKAGE_ROOT, PLATFORM, packageVersion } from '../backend/install/paths';
import { pinForThisMachine } from '../backend/install/pins';
import { findPip } from '../backend/install/pip';
import { type Outcome, run, tail } from '../backend/install/run';
import { cacheRoot, locateNative, locateWeak, tfjsNodeRoot } from '../backend/locate';

const INSTALL = 'npx flambeau install-native';

/** One line of the report: what it is about, what was found, and, where something is wrong, the command that mends it. */
interface Finding {
  label: string;
  found: string;
  mend?: string;
}

/** `flambeau doctor`: 0 only if native works. `library` is the folder of our compiled index.js. */
export async function runDoctor(library: string): Promise<number> {
  const trial = await tryLibrary(library);
  const findings = [node(), tfjsNode(), ...files(), ...(await tools()), trial];
  const width = Math.max(...findings.map(({ label }) => label.length));
  console.log(`flambeau ${packageVersion(PACKAGE_ROOT)}`);
  for (const { label, found, mend } of findings) {
    console.log(`${mend ? '✗' : '✓'} ${label.padEnd(width)}  ${found}${mend ? `\n    → ${mend}` : ''}`);
  }
  return trial.mend ? 1 : 0;
}

function node(): Finding {
  const found = `${process.version} (${PLATFORM}), ${process.execPath}`;
  return {
    label: 'Node',
    found,
    ...(Number.parseInt(process.versions.node, 10) < 20 && { mend: 'install Node 20 or newer' }),
  };
}

function tfjsNode(): Finding {
  const label = 'tfjs-node';
  const folder = tfjsNodeRoot();
  if (!folder) return { label, found: 'not installed', mend: 'npm install --ignore-scripts @tensorflow/tfjs-node' };
  return { label, found: `${packageVersion(folder)}, ${folder}` };
}

function files(): Finding[] {
  const native = locateNative();
  const asked = process.env.FLAMBEAU_LIBTENSORFLOW;
  const library = chosenLibrary()?.dir;
  const folder = native ? `${native.version}, ${native.libtensorflow}` : library;
  const missing = asked ? `not in FLAMBEAU_LIBTENSORFLOW=${asked}` : 'not installed';
  const weak = locateWeak();
  return [
    { label: 'cache', found: `${cacheRoot()}${existsSync(cacheRoot()) ? '' : ' (not made yet)'}` },
    { label: 'libtensorflow', found: folder ?? missing, ...(!folder && { mend: INSTALL }) },
    { label: 'binding', found: native?.binding ?? 'not compiled', ...(!native && { mend: INSTALL }) },
    {
      label: 'weak references',
      found: weak ?? 'not compiled (memory is freed later)',
      ...(!weak && { mend: INSTALL }),
    },
  ];
}

/** What an installation would need, where one is due. */
async function tools(): Promise<Finding[]> {
  if (locateNative() && locateWeak()) return [];
  const pip = await findPip();
  const compiler = findCompiler();
  const wheel = pinForThisMachine();
  return [
    {
      label: 'wheel',
      found: wheel?.file ?? `none for ${PLATFORM} with this C library`,
      ...(!wheel && { mend: `${INSTALL} (tries tfjs-node's own installer)` }),
    },
    {
      label: 'pip',
      found: pip?.join(' ') ?? 'not found',
      ...(!pip && { mend: `install Python with pip, or ${INSTALL} --wheel FILE` }),
    },
    {
      label: 'C++ compiler',
      found: compiler?.join(' ') ?? 'not found',
      ...(!compiler && { mend: 'install g++ or clang++, or set CXX' }),
    },
  ];
}

const TRIAL = `
const { getBackend, tensor } = require(process.argv[1]);
const sum = tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).sum().item();
process.stdout.write('<' + JSON.stringify({ backend: getBackend(), sum }) + '>');
`;

/** Runs the library in a process of its own: a broken native library can end it. */
async function tryLibrary(library: string): Promise<Finding> {
  const outcome = await run(process.execPath, ['-e', TRIAL, join(library, 'index.js')], { timeout: 120_000 });
  const label = 'backend';
  const said = /<(\{.*\})>/.exec(outcome.stdout)?.[1];
  if (outcome.code !== 0 || !said)
    return { label, found: `the library does not run:\n${reason(outcome)}`, mend: INSTALL };
  const { backend, sum } = JSON.parse(said) as { backend: string; sum: number };
  if (sum !== 10)
    return { label, found: `${backend}: [[1, 2], [3, 4]] · [[1], [1]] sums to ${sum}, not to 10`, mend: INSTALL };
  if (backend === 'tensorflow') return { label, found: 'tensorflow (native libtensorflow)' };
  const asked = process.env.FLAMBEAU_BACKEND;
  const found = `${backend} (slow)${asked ? `, as FLAMBEAU_BACKEND=${asked} says` : ''}${noteOf(outcome)}`;
  return { label, found, mend: asked ? 'unset FLAMBEAU_BACKEND' : INSTALL };
}

function noteOf({ stderr }: Outcome): string {
  return stderr.trim() ? `\n${tail(stderr)}` : '';
}

function reason({ stderr, problem }: Outcome): string {
  return [problem && `    the process ${problem}`, tail(stderr)].filter(Boolean).join('\n');
}
