import { readdirSync } from 'node:fs';
import * as flambeau from 'flambeau';
import { Tensor } from 'flambeau';
import { GOLDEN, readGolden } from './fixtures';
import { type GoldenCase, isCall, nameOf } from './replay';

/** The namespaces whose functions compute with tensors. */
const NAMESPACES = ['', 'linalg', 'special', 'nn.functional'];

/** Every function of the public surface, as `linalg.norm`, and every method, as `Tensor.norm`. */
export function surface(): string[] {
  const functions = NAMESPACES.flatMap((ns) => {
    const owner = (ns ? ns.split('.') : []).reduce<unknown>(
      (o, key) => (o as Record<string, unknown>)?.[key],
      flambeau,
    );
    return Object.entries((owner ?? {}) as object)
      .filter(([, value]) => typeof value === 'function' && !isClass(value))
      .map(([name]) => (ns ? `${ns}.${name}` : name));
  });
  const methods = Object.getOwnPropertyNames(Tensor.prototype)
    .filter((name) => name !== 'constructor' && !name.startsWith('_'))
    .map((name) => `Tensor.${name}`);
  return [...functions, ...methods];
}

const isClass = (value: object) => /^class\b/.test(Function.prototype.toString.call(value));

/** The cases of all fixtures that are calls of functions, by the name of the function. */
export function fixtures(): Map<string, GoldenCase[]> {
  const found = new Map<string, GoldenCase[]>();
  for (const file of readdirSync(GOLDEN)) {
    const { cases } = readGolden<GoldenCase>(file.replace(/\.json$/, ''));
    for (const golden of cases ?? []) {
      if (!isCall(golden)) continue;
      const name = nameOf(golden);
      found.set(name, [...(found.get(name) ?? []), golden]);
    }
  }
  return found;
}
