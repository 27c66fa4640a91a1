import { readArgs } from '../args';
import { KeyError, RuntimeError } from '../errors';
import { Tensor } from '../tensor/tensor';
import type { Module } from './module';
import { Parameter } from './parameter';

/** A member with its (dotted) name. */
export type Named<T> = [name: string, member: T];

/** The module's own properties that `is` holds for, in the order of their assignment. */
export function ownMembers<T>(module: object, is: (value: unknown) => value is T): Named<T>[] {
  return Object.entries(module).filter((entry): entry is Named<T> => is(entry[1]));
}

export const isParameter = (value: unknown): value is Parameter => value instanceof Parameter;
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** Each member once, under its first name. */
export function unique<T>(members: Named<T>[]): Named<T>[] {
  const seen = new Set<T>();
  return members.filter(([, member]) => !seen.has(member) && seen.add(member));
}

/** `prefix.name`, or `name` at the root. */
export function joinName(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** The member called `target`, or an error that names what is missing. */
export function findMember<T>(members: Named<T>[], target: string, kind: string): T {
  const found = members.find(([name]) => name === target);
  if (!found)
    throw new RuntimeError(`\`${target}\` is not a ${kind}; there are: ${members.map(([name]) => name).join(', ')}`);
  return found[1];
}

/** PyTorch's rules for names that are registered by hand. */
function checkMemberName(module: object, name: unknown, kind: string): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${typeof name}`);
  if (name.includes('.')) throw new KeyError(`${kind} name can't contain ".", got: "${name}"`);
  if (name === '') throw new KeyError(`${kind} name can't be empty string ""`);
  if (name in module) throw new KeyError(`attribute '${name}' already exists`);
}

/** PyTorch's layout: the extra line inside the parentheses, or one indented line per child. */
export function printModule(name: string, extra: string, children: readonly Named<unknown>[]): string {
  if (children.length === 0) return `${name}(${extra.includes('\n') ? `\n  ${indent(extra)}\n` : extra})`;
  const lines = [
    ...(extra ? extra.split('\n') : []),
    ...children.map(([key, child]) => `(${key}): ${indent(String(child))}`),
  ];
  return `${name}(\n  ${lines.join('\n  ')}\n)`;
}

export function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** What registering a parameter, a buffer or a module by hand does. */
export function registerMember(
  module: object,
  name: string,
  kind: string,
  member: unknown,
  is: (member: unknown) => boolean,
  expected: string,
): void {
  checkMemberName(module, name, kind);
  if (member !== null && !is(member)) {
    throw new TypeError(`cannot assign '${typeof member}' object to ${kind} '${name}' (${expected} or null required)`);
  }
  Object.assign(module, { [name]: member });
}

/** Members of `self` and all below it, with dotted names. */
export function membersOf<T>(
  self: Module,
  where: string,
  options: NamedOptions,
  of: (module: Module) => Named<T>[],
): Named<T>[] {
  const { prefix, recurse, removeDuplicate } = readArgs(
    where,
    [options],
    { prefix: '', recurse: true, removeDuplicate: true },
    0,
  );
  const modules: Named<Module>[] = recurse ? self.namedModules({ prefix, removeDuplicate }) : [[prefix, self]];
  const all = modules.flatMap(([path, module]) =>
    of(module).map(([name, member]): Named<T> => [joinName(path, name), member]),
  );
  return removeDuplicate ? unique(all) : all;
}

export interface NamedOptions {
  prefix?: string;
  recurse?: boolean;
  removeDuplicate?: boolean;
}
