import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as f from 'flambeau';
import { Tensor } from 'flambeau';
import { decode, readGolden, type TensorJson } from '../support/fixtures';
import type { GoldenCase } from '../support/golden';
import { OWN } from './arguments';

type Call = (...args: unknown[]) => unknown;

/** A public function with arguments that it takes: what the walks over the surface start from. */
export interface Example {
  name: string;
  call: Call;
  /** Made anew for each call, for some are changed in place. */
  args: () => unknown[];
}

/** Where there is no device to ask about, any question will do. */
const NO_DEVICES = ['accelerator', 'backends', 'cuda', 'mps', 'xpu'];

/** The namespaces of the public surface, found by walking its exports. */
function namespaces(owner: object = f, name = ''): [name: string, owner: object][] {
  const inner = Object.entries(owner).filter(([key, value]) => isNamespace(value) && !NO_DEVICES.includes(key));
  return [[name, owner], ...inner.flatMap(([key, value]) => namespaces(value, name ? `${name}.${key}` : key))];
}

/** What `export * as` makes: an object that is no instance of a class. */
const isNamespace = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && isPlain(Object.getPrototypeOf(value));

// Jest's own Object has another prototype.
const isPlain = (proto: object | null) => proto === null || Object.getPrototypeOf(proto) === null;

/** What takes a function, or nothing, or is refused whatever it is given. */
export const ELSEWHERE = new Set([
  ...['areDeterministicAlgorithmsEnabled', 'chainMatmul', 'deepcopy', 'defaultGenerator', 'enableGrad', 'fromTfjs'],
  ...['getBackend', 'getDefaultDtype', 'getFloat32MatmulPrecision', 'getNumThreads', 'getRngState', 'inferenceMode'],
  ...['initialSeed', 'isAnomalyCheckNanEnabled', 'isAnomalyEnabled', 'isGradEnabled', 'isInferenceModeEnabled'],
  ...['isolated', 'libtensorflowVersion', 'manualSeed', 'memory', 'noGrad', 'seed', 'setFloat32MatmulPrecision'],
  ...['setGradEnabled', 'setRngState', 'slice', 'tidy', 'useDeterministicAlgorithms', 'broadcastTensors'],
  ...['detectAnomaly', 'enableGrad', 'gradcheck', 'gradgradcheck', 'inferenceMode', 'isGradEnabled', 'noGrad'].map(
    (name) => `autograd.${name}`,
  ),
  ...['autograd.setDetectAnomaly', 'autograd.setGradEnabled', 'optim.registerOptimizerStepPostHook'],
  ...['optim.registerOptimizerStepPreHook'],
  ...[
    'Tensor.backward',
    'Tensor.registerHook',
    'Tensor.registerPostAccumulateGradHook',
    'Tensor.requiresGrad_',
    'Tensor.toString',
    'Tensor.bfloat16',
  ],
  ...['Tensor.byte', 'Tensor.char', 'Tensor.cuda', 'Tensor.double', 'Tensor.half', 'Tensor.short'],
]);

const isClass = (value: unknown) => /^class\b/.test(String(value));

function exported(): [name: string, value: object][] {
  return namespaces().flatMap(([ns, owner]) =>
    Object.entries(owner)
      .filter(([, value]) => typeof value === 'function')
      .map(([name, value]): [string, object] => [ns ? `${ns}.${name}` : name, value]),
  );
}

/** Every public class, by name. */
export const publicClasses = (): Map<string, object> => new Map(exported().filter(([, value]) => isClass(value)));

/** Every public function and method of Tensor, by name. */
export function publicFunctions(): Map<string, Call> {
  const found = new Map<string, Call>();
  for (const [name, value] of exported()) if (!isClass(value)) found.set(name, value as Call);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype))) {
    if (typeof value !== 'function' || name === 'constructor' || name.startsWith('_')) continue;
    found.set(`Tensor.${name}`, (self, ...args) => (value as Call).apply(self, args));
  }
  return found;
}

const isTensor = (json: unknown): json is TensorJson =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (isTensor(json)) return decode(json);
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' ? Number(json) : json;
}

/** One accepted call of each function in the fixtures, without options if there is one. */
function fromFixtures(): Map<string, () => unknown[]> {
  const found = new Map<string, { options: number; args: () => unknown[] }>();
  for (const file of readdirSync(path.join(__dirname, '../golden'))) {
    for (const { fn, ns, args, options, throws } of readGolden<GoldenCase>(path.parse(file).name).cases ?? []) {
      if (ns === undefined || throws !== undefined) continue;
      const name = ns ? `${ns}.${fn}` : fn;
      const count = Object.keys(options).length;
      if (count >= (found.get(name)?.options ?? Number.POSITIVE_INFINITY)) continue;
      const named = Object.entries(options).map(([key, value]) => [key, revive(value)]);
      found.set(name, {
        options: count,
        args: () => [...args.map(revive), ...(count ? [Object.fromEntries(named)] : [])],
      });
    }
  }
  return new Map([...found].map(([name, { args }]) => [name, args]));
}

/** An example of each public function; those without one are listed by name. */
export function examples(): { list: Example[]; missing: string[] } {
  const fixtures = fromFixtures();
  const list: Example[] = [];
  const missing: string[] = [];
  for (const [name, call] of publicFunctions()) {
    if (ELSEWHERE.has(name)) continue;
    // A method and the function of its name take the same arguments, and so do aliases elsewhere and what works in place.
    const root = name.replace(/^.*\./, '');
    const plain = root.replace(/_$/, '');
    const others = [root, `Tensor.${root}`, plain, `nn.functional.${plain}`];
    const args = [name, ...others].map((known) => OWN[known] ?? fixtures.get(known)).find((known) => known);
    if (args) list.push({ name, call, args });
    else missing.push(name);
  }
  return { list, missing };
}
