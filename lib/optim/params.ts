import { isPlainObject, nearest, unknownOption } from '../args';
import { KeyError, ValueError } from '../errors';
import { copy_ } from '../ops/inplace';
import { withGrad } from '../tensor/context';
import { Tensor } from '../tensor/tensor';

/** What a group may have beside its options, such as a name. */
export type OwnKeys = { [own: string]: unknown };

/** What the constructor takes: tensors, or groups `{ params, …options }`, or `[name, tensor]` pairs. */
export type Params<O extends object = object> =
  | Iterable<Tensor>
  | Iterable<[string, Tensor]>
  | Iterable<{ params: Tensor | Iterable<Tensor> | Iterable<[string, Tensor]> } & Partial<O> & OwnKeys>;

/** The groups that a constructor's first argument stands for. */
export function readGroups(params: unknown): { params: unknown }[] {
  const wanted = 'params argument given to the optimizer should be an iterable of Tensors or dicts, but got';
  if (params instanceof Tensor) throw new TypeError(`${wanted} torch.FloatTensor`);
  if (typeof params !== 'object' || params === null || !(Symbol.iterator in params)) {
    throw new TypeError(`${wanted} ${describe(params)}`);
  }
  const list = [...(params as Iterable<unknown>)];
  if (list.length === 0) throw new ValueError('optimizer got an empty parameter list');
  return isPlainObject(list[0]) ? (list as { params: unknown }[]) : [{ params: list }];
}

/** The tensors of a group, and their names if it has them. */
export function readParams(params: unknown): { tensors: Tensor[]; names: string[] | null } {
  if (params === undefined) throw new KeyError("'params': a parameter group needs them");
  const list = params instanceof Tensor ? [params] : [...(params as Iterable<unknown>)];
  const named = list.filter((item) => Array.isArray(item)) as [string, unknown][];
  if (named.length > 0 && named.length < list.length) {
    throw new ValueError('all optimizer params should be with/without names. Some param names are missing');
  }
  const tensors = checkTensors(named.length > 0 ? named.map(([, tensor]) => tensor) : list);
  return { tensors, names: named.length > 0 ? named.map(([name]) => name) : null };
}

function checkTensors(list: unknown[]): Tensor[] {
  for (const p of list) {
    if (!(p instanceof Tensor))
      throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${describe(p)}`);
    const retainsGrad = p.gradFn?.retained[p._outputIndex] === p;
    if (!p.isLeaf && !retainsGrad) throw new ValueError("can't optimize a non-leaf Tensor");
  }
  if (new Set(list).size < list.length) {
    console.warn(
      'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see ' +
        'github.com/pytorch/pytorch/issues/40967 for more information',
    );
  }
  return list as Tensor[];
}

/** What in a group is no option: the user's own, such as a name, and what schedulers keep. A misspelt option is refused. */
export function ownKeys(where: string, group: object, options: readonly string[]): object {
  const own = Object.keys(group).filter((key) => !options.includes(key));
  // Two letters of three make another word.
  const misspelt = own.find((key) => nearest(key, options, Math.min(3, Math.ceil(key.length / 2))));
  if (misspelt) throw new TypeError(unknownOption(where, misspelt, options, 0));
  return Object.fromEntries(own.map((key) => [key, undefined]));
}

/** Refuses a group that does not fit to those that are there. */
export function checkFits(
  { params, paramNames }: { params: Tensor[]; paramNames?: string[] },
  groups: readonly { params: Tensor[]; paramNames?: string[] }[],
): void {
  if (groups.some((group) => (group.paramNames === undefined) !== (paramNames === undefined))) {
    throw new ValueError(
      'all optimizer param groups should be with/without names. cannot add param group ' +
        `${paramNames ? 'with names' : 'without names'} to the optimizer`,
    );
  }
  const present = new Set(groups.flatMap((group) => group.params));
  if (params.some((p) => present.has(p)))
    throw new ValueError('some parameters appear in more than one parameter group');
}

/** What an error calls a value of the wrong kind: its class, or its type. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' || typeof value === 'function' ? value.constructor.name : typeof value;
}

/** Runs `change`, which changes a parameter's own storage. A view begins with what its base has, and lets it have the result. */
export function changing(p: Tensor, change: () => void): void {
  if (!p._view) return change();
  void p._value;
  change();
  withGrad(false, () => copy_(p, p));
}
