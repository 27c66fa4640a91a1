import { types } from 'node:util';
import { run } from '../backend/engine';
import { Storage } from '../backend/storage';
import { RuntimeError } from '../errors';
import { withGrad } from './context';
import { Generator } from './generator';
import { Node } from './graph';
import { unscoped } from './memory';
import { Tensor } from './tensor';

/** Copies what a copy holds, and remembers what became of what. */
export interface Copier {
  <T>(value: T): T;
  /** To be told before its members are copied, where they may lead back to it. */
  became(old: object, copy: object): void;
}

/** An object with this method says itself how it is copied, as Python's `__deepcopy__`. */
export const DEEPCOPY: unique symbol = Symbol('deepcopy');

/**
 * A copy of `x` and of all that it holds: tensors (leaves; one that was computed with gradients is an error), modules,
 * optimizers, state dicts, arrays, Maps, Sets, objects of any class. What is shared inside, storages and views too, is
 * shared inside the copy. Functions are not copied, and `#private` members cannot be. See copy.deepcopy.
 */
export function deepcopy<T>(x: T): T {
  return unscoped(() => copierOf(new Map())(x));
}

function copierOf(memo: Map<object, object>): Copier {
  const copy = (value: unknown): unknown => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    const known = memo.get(value);
    if (known) return known;
    const made = copyObject(value, copier);
    memo.set(value, made);
    return made;
  };
  const copier = Object.assign(copy, { became: (old: object, made: object) => void memo.set(old, made) }) as Copier;
  return copier;
}

function copyObject(value: object, copy: Copier): object {
  const own = (value as { [DEEPCOPY]?: (copy: Copier) => object })[DEEPCOPY];
  if (own) return own.call(value, copy);
  if (typeof value === 'function') return value;
  if (value instanceof Tensor) return copyTensor(value, copy);
  if (value instanceof Storage) return new Storage(run('Identity', { x: value.value }));
  if (value instanceof Generator) return value.cloneState();
  // Buffer's own slice() shares its memory.
  if (types.isTypedArray(value)) return Uint8Array.prototype.slice.call(value);
  if (types.isAnyArrayBuffer(value) || types.isDate(value) || types.isRegExp(value)) return structuredClone(value);
  const kinds = [types.isPromise, types.isWeakMap, types.isWeakSet, types.isGeneratorObject];
  if (value instanceof Node || kinds.some((is) => is(value))) {
    throw new TypeError(`deepcopy: cannot copy a ${value.constructor.name || 'generator'}`);
  }
  return copyMembers(value, copy);
}

function copyMembers(value: object, copy: Copier): object {
  const made = blankOf(value);
  copy.became(value, made);
  if (types.isMap(value)) for (const [key, item] of value) (made as Map<unknown, unknown>).set(copy(key), copy(item));
  if (types.isSet(value)) for (const item of value) (made as Set<unknown>).add(copy(item));
  copyProperties(value, made, copy);
  return made;
}

function blankOf(value: object): object {
  const blank = Array.isArray(value) ? [] : types.isMap(value) ? new Map() : types.isSet(value) ? new Set() : {};
  return Object.setPrototypeOf(blank, Object.getPrototypeOf(value));
}

/** Copies the own properties of `from`, hidden ones too, into `to`. */
export function copyProperties(from: object, to: object, copy: Copier, except: readonly PropertyKey[] = []): void {
  for (const key of Reflect.ownKeys(from)) {
    if (except.includes(key)) continue;
    const property = Object.getOwnPropertyDescriptor(from, key)!;
    if ('value' in property) property.value = copy(property.value);
    Object.defineProperty(to, key, property);
  }
}

/** A leaf of its own, with a copy of the gradient; a view is a view of its base's copy. */
function copyTensor(tensor: Tensor, copy: Copier): Tensor {
  const made = copyContent(tensor, copy);
  made.requiresGrad_(tensor.requiresGrad);
  if (tensor._grad) made._setGrad(copy(tensor._grad), false);
  return made;
}

/** The content of a leaf: what shared its storage does so in the copy. */
export function copyContent(tensor: Tensor, copy: Copier): Tensor {
  if (!tensor.isLeaf) {
    throw new RuntimeError(
      'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. If you were ' +
        'attempting to deepcopy a module, one of its properties holds a tensor that was computed: detach() it',
    );
  }
  void tensor._value; // a disposed one says so
  const view = tensor._view;
  if (!view) return new Tensor(copy(tensor._storage));
  const base = copy(view.base.isLeaf ? view.base : view.base.detach());
  return withGrad(false, () => {
    const made = view.move(base);
    made._view = view.onto(base);
    return made;
  });
}
