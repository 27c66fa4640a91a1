import { isPlainObject, noMore } from '../args';
import { IndexError, KeyError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { isParameter, type Named, ownMembers } from './members';
import { Module } from './module';
import { Parameter } from './parameter';

/** An index counted from the end if negative. */
function position(where: string, index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length)
    throw new IndexError(`${where}: index ${index} is out of range`);
  return index < 0 ? index + length : index;
}

// Functions, not #private methods, which the copy of a module would not have.
const modulesOf = (module: Module) => ownMembers(module, (value): value is Module => value instanceof Module);

function refill<M extends Module>(owner: M, modules: readonly Module[]): M {
  for (const [name] of modulesOf(owner)) delete (owner as unknown as Record<string, unknown>)[name];
  modules.forEach((module, i) => {
    owner.addModule(String(i), module);
  });
  return owner;
}

/** Modules under the names '0', '1', …: what Sequential and ModuleList share. */
abstract class IndexedModules extends Module {
  override get length(): number {
    return modulesOf(this).length;
  }

  /** The module at `index`, from the end if negative. */
  get(index: number): Module {
    const named = modulesOf(this);
    return named[position(this._getName(), index, named.length)]![1];
  }

  /** Puts another module at `index`. */
  set(index: number, module: Module): void {
    const named = modulesOf(this);
    const [name] = named[position(this._getName(), index, named.length)]!;
    Object.assign(this, { [name]: module });
  }

  *[Symbol.iterator](): Iterator<Module> {
    for (const [, module] of modulesOf(this)) yield module;
  }

  /** Adds a module at the end. */
  append(module: Module): this {
    this.addModule(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<Module>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** Puts a module before `index`; those behind move up. */
  insert(index: number, module: Module): this {
    const modules = [...this];
    modules.splice(index, 0, module);
    return refill(this, modules);
  }

  /** Removes and returns the module at `index`. */
  pop(index = -1): Module {
    const modules = [...this];
    const [removed] = modules.splice(position(this._getName(), index, modules.length), 1);
    refill(this, modules);
    return removed!;
  }
}

/** Calls its modules one after the other. `new Sequential(a, b)`, or with names, `new Sequential({ first: a, then: b })`. See torch.nn.Sequential. */
export class Sequential extends IndexedModules {
  constructor(...modules: Module[] | [named: Record<string, Module>]) {
    super();
    const [first] = modules;
    if (modules.length === 1 && isPlainObject(first)) {
      for (const [name, module] of Object.entries(first)) this.addModule(name, module as Module);
    } else modules.forEach((module, i) => this.addModule(String(i), module as Module));
  }

  forward(input: Tensor): Tensor {
    let current = input;
    for (const module of this) current = module(current);
    return current;
  }
}

/** A list of modules, each registered. It is not called itself. See torch.nn.ModuleList. */
export class ModuleList extends IndexedModules {
  constructor(modules: Iterable<Module> = []) {
    noMore('new ModuleList(modules)', arguments.length, 1);
    super();
    this.extend(modules);
  }

  forward(): never {
    throw new TypeError('ModuleList is not called: it has no forward; call its modules');
  }

  /** As PyTorch, equal neighbours share one line. */
  override toString(): string {
    const lines: { first: number; last: number; text: string }[] = [];
    [...this].forEach((module, i) => {
      const text = String(module);
      const previous = lines.at(-1);
      if (previous?.text === text) previous.last = i;
      else lines.push({ first: i, last: i, text });
    });
    if (lines.length === 0) return `${this._getName()}()`;
    const shown = lines.map(({ first, last, text }) => {
      const body = text.replaceAll('\n', '\n  ');
      return first === last ? `(${first}): ${body}` : `(${first}-${last}): ${last - first + 1} x ${body}`;
    });
    return `${this._getName()}(\n  ${shown.join('\n  ')}\n)`;
  }
}

/** Modules by name, each registered. See torch.nn.ModuleDict. */
export class ModuleDict extends Module {
  constructor(modules: Record<string, Module> | Iterable<[string, Module]> = {}) {
    noMore('new ModuleDict(modules)', arguments.length, 1);
    super();
    this.update(modules);
  }

  override get length(): number {
    return this.keys().length;
  }

  /** The module called `key`. */
  get(key: string): Module {
    const found = this.entries().find(([name]) => name === key);
    if (!found) throw new KeyError(`ModuleDict: no module '${key}'; there are: ${this.keys().join(', ')}`);
    return found[1];
  }

  /** Adds a module, or replaces the one of that name. */
  set(key: string, module: Module): void {
    if (this.has(key)) Object.assign(this, { [key]: module });
    else this.addModule(key, module);
  }

  has(key: string): boolean {
    return this.keys().includes(key);
  }

  /** Removes and returns a module. */
  pop(key: string): Module {
    const module = this.get(key);
    delete (this as unknown as Record<string, unknown>)[key];
    return module;
  }

  clear(): void {
    for (const key of this.keys()) this.pop(key);
  }

  update(modules: Record<string, Module> | Iterable<[string, Module]>): void {
    const entries = Symbol.iterator in modules ? (modules as Iterable<[string, Module]>) : Object.entries(modules);
    for (const [key, module] of entries) this.set(key, module);
  }

  keys(): string[] {
    return this.entries().map(([name]) => name);
  }

  values(): Module[] {
    return this.entries().map(([, module]) => module);
  }

  entries(): Named<Module>[] {
    return modulesOf(this);
  }

  /** PyTorch's name for {@link entries}. */
  items(): Named<Module>[] {
    return this.entries();
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.keys();
  }

  forward(): never {
    throw new TypeError('ModuleDict is not called: it has no forward; call its modules');
  }
}

/** A list of parameters, each registered; tensors become parameters. See torch.nn.ParameterList. */
export class ParameterList extends Module {
  constructor(values: Iterable<Tensor> = []) {
    noMore('new ParameterList(values)', arguments.length, 1);
    super();
    this.extend(values);
  }

  override get length(): number {
    return ownMembers(this, isParameter).length;
  }

  /** The parameter at `index`, from the end if negative. */
  get(index: number): Parameter {
    const named = ownMembers(this, isParameter);
    return named[position('ParameterList', index, named.length)]![1];
  }

  set(index: number, value: Tensor): void {
    Object.assign(this, { [position('ParameterList', index, this.length)]: asParameter(value) });
  }

  append(value: Tensor): this {
    this.registerParameter(String(this.length), asParameter(value));
    return this;
  }

  extend(values: Iterable<Tensor>): this {
    for (const value of values) this.append(value);
    return this;
  }

  *[Symbol.iterator](): Iterator<Parameter> {
    for (const [, parameter] of ownMembers(this, isParameter)) yield parameter;
  }

  forward(): never {
    throw new TypeError('ParameterList is not called: it has no forward');
  }

  override toString(): string {
    const lines = ownMembers(this, isParameter).map(
      ([name, p]) => `    (${name}): Parameter containing: [${describe(p)}]`,
    );
    return lines.length === 0 ? 'ParameterList()' : `ParameterList(\n${lines.join('\n')}\n)`;
  }
}

function describe(parameter: Parameter): string {
  const size = parameter.shape.join('x');
  return `torch.${parameter.dtype} of size ${size}`;
}

function asParameter(value: Tensor): Parameter {
  return value instanceof Parameter ? value : new Parameter(value);
}
