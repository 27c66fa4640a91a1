import { isPlainObject } from '../../args';
import { ModuleDict, ModuleList, ParameterList, Sequential } from '../../nn/containers';
import { Module } from '../../nn/module';
import { Parameter } from '../../nn/parameter';
import { Tensor } from '../../tensor/tensor';

/** A copy of a module and of all that it has, without hooks; `#private` members are not seen. */
export function copyModule<M extends Module>(module: M): M {
  return copy(module, new Map()) as M;
}

/** `done` has what was copied already, so that what is shared stays shared. */
function copy(value: unknown, done: Map<unknown, unknown>): unknown {
  const known = done.get(value);
  if (known !== undefined) return known;
  if (value instanceof Module) return copyMembers(value, done);
  if (Array.isArray(value)) return value.map((item) => copy(item, done));
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, done)]));
  }
  if (!(value instanceof Tensor)) return value;
  const data = value.detach().clone();
  const made = value instanceof Parameter ? new Parameter(data, value.requiresGrad) : data;
  done.set(value, made);
  return made;
}

/** The base whose constructor, which needs no arguments, makes what the methods of `module` rely on. */
function baseOf(module: Module) {
  return [Sequential, ModuleList, ModuleDict, ParameterList].find((Base) => module instanceof Base) ?? Module;
}

function copyMembers(module: Module, done: Map<unknown, unknown>): Module {
  const made: Module = Reflect.construct(
    baseOf(module) as typeof Sequential,
    [],
    module.constructor as typeof Sequential,
  );
  done.set(module, made);
  for (const [name, value] of Object.entries(module)) {
    const buffer = module._buffers.get(name);
    if (buffer) made.registerBuffer(name, copy(value, done) as Tensor | null, buffer);
    else Object.assign(made, { [name]: copy(value, done) });
  }
  return made;
}
