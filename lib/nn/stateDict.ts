import { RuntimeError } from '../errors';
import { withGrad } from '../tensor/context';
import { Tensor } from '../tensor/tensor';
import { joinName, type Named } from './members';
import type { Module } from './module';
import { Parameter } from './parameter';

/** Tensors by dotted name, in PyTorch's order. */
export type StateDict = Record<string, Tensor>;

/** The keys that a state dict and a module did not share. */
export interface LoadResult {
  missingKeys: string[];
  unexpectedKeys: string[];
}

/** Parameters, then persistent buffers, of each module in turn. */
function stateOf(module: Module, prefix: string): Named<Tensor>[] {
  return module.namedModules({ prefix, removeDuplicate: false }).flatMap(([path, m]) => {
    const isPersistent = ([name]: Named<Tensor>) => m._buffers.get(name)?.persistent === true;
    const parameters = m.namedParameters({ recurse: false, removeDuplicate: false });
    const buffers = m.namedBuffers({ recurse: false, removeDuplicate: false }).filter(isPersistent);
    return [...parameters, ...buffers].map(([name, tensor]): Named<Tensor> => [joinName(path, name), tensor]);
  });
}

export function saveStateDict(module: Module, { prefix, keepVars }: { prefix: string; keepVars: boolean }): StateDict {
  const path = prefix.endsWith('.') ? prefix.slice(0, -1) : prefix;
  return Object.fromEntries(stateOf(module, path).map(([name, tensor]) => [name, keepVars ? tensor : tensor.detach()]));
}

export function loadStateDict(
  module: Module,
  stateDict: StateDict,
  { strict, assign }: { strict: boolean; assign: boolean },
): LoadResult {
  if (typeof stateDict !== 'object' || stateDict === null) {
    throw new TypeError(`Expected state_dict to be dict-like, got ${stateDict === null ? 'null' : typeof stateDict}.`);
  }
  const own = new Map(stateOf(module, ''));
  const missingKeys = [...own.keys()].filter((key) => !Object.hasOwn(stateDict, key));
  const unexpectedKeys = Object.keys(stateDict).filter((key) => !own.has(key));
  const shared = [...own].filter(([key]) => Object.hasOwn(stateDict, key));
  const problems = [
    ...(strict && missingKeys.length > 0 ? [`Missing key(s) in state_dict: ${quoted(missingKeys)}. `] : []),
    ...(strict && unexpectedKeys.length > 0 ? [`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `] : []),
    ...shared.flatMap(([key, target]) => mismatch(key, target, stateDict[key])),
  ];
  if (problems.length > 0) {
    throw new RuntimeError(`Error(s) in loading state_dict for ${module._getName()}:\n\t${problems.join('\n\t')}`);
  }
  for (const [key, target] of shared) {
    if (assign) assignMember(module, key, target, stateDict[key]!);
    else withGrad(false, () => target.detach().copy_(stateDict[key]!));
  }
  return { missingKeys, unexpectedKeys };
}

const quoted = (keys: string[]) => keys.map((key) => `"${key}"`).join(', ');

function mismatch(key: string, target: Tensor, given: unknown): string[] {
  if (!(given instanceof Tensor)) {
    return [
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${typeof given}`,
    ];
  }
  if (String(given.shape) === String(target.shape)) return [];
  const size = (t: Tensor) => `torch.Size([${t.shape.join(', ')}])`;
  return [
    `size mismatch for ${key}: copying a param with shape ${size(given)} from checkpoint, the shape in current model is ${size(target)}.`,
  ];
}

/** Puts the given tensor itself into the module; a parameter stays one. */
function assignMember(module: Module, key: string, target: Tensor, given: Tensor): void {
  const dot = key.lastIndexOf('.');
  const owner = module.getSubmodule(dot < 0 ? '' : key.slice(0, dot));
  const isParameter = target instanceof Parameter && !(given instanceof Parameter);
  const member = isParameter ? new Parameter(given, target.requiresGrad) : given;
  Object.assign(owner, { [key.slice(dot + 1)]: member });
}
