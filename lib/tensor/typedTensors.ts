/** Tensors made of what is at hand: FloatTensor and the like, asTensor, scalarTensor. */
import { readArgs } from '../args';
import type { DType } from '../backend/engine';
import { ValueError } from '../errors';
import { empty, type TensorData, type TensorOptions, tensor } from './creation';
import { asDtype } from './dtype';
import { Tensor } from './tensor';

/** `(data)`, or sizes, of a tensor without content (zeros here). */
type TypedArgs = [data?: Exclude<TensorData, number> | Tensor] | number[];

function typed(where: string, dtype: DType, args: TypedArgs): Tensor {
  if (args.length === 0) return empty(0, { dtype });
  if (typeof args[0] === 'number') return empty(args as number[], { dtype });
  const [data, ...surplus] = args;
  if (surplus.length > 0) throw new TypeError(`${where}: takes data, or sizes: ${where}([1, 2]), ${where}(2, 3)`);
  if (data instanceof Tensor) {
    if (data.dtype !== dtype) throw new TypeError(`${where}: expected a tensor of dtype ${dtype}, got ${data.dtype}`);
    return data.detach();
  }
  return tensor(data as TensorData, { dtype });
}

/** A float32 tensor of `data`, or of a size: `FloatTensor([1, 2])`, `FloatTensor(2, 3)`. See torch.FloatTensor. */
export function FloatTensor(...args: TypedArgs): Tensor {
  return typed('FloatTensor', 'float32', args);
}

/** An int32 tensor of `data`, or of a size; int32 stands for PyTorch's int64. See torch.LongTensor. */
export function LongTensor(...args: TypedArgs): Tensor {
  return typed('LongTensor', 'int32', args);
}

/** An int32 tensor of `data`, or of a size. See torch.IntTensor. */
export function IntTensor(...args: TypedArgs): Tensor {
  return typed('IntTensor', 'int32', args);
}

/** A bool tensor of `data`, or of a size: what is not 0 is true. See torch.BoolTensor. */
export function BoolTensor(...args: TypedArgs): Tensor {
  return typed('BoolTensor', 'bool', args);
}

/** `data` as a tensor: itself, with its gradient, if it is one of that dtype; else a copy. See torch.as_tensor. */
export function asTensor(data: TensorData | Tensor, ...rest: [options?: Omit<TensorOptions, 'requiresGrad'>]): Tensor {
  const { dtype } = readArgs('asTensor', rest, { dtype: null as string | null }, 0);
  if (!(data instanceof Tensor)) return tensor(data, { dtype });
  return dtype === null ? data : data.to(asDtype('asTensor', dtype));
}

export interface AsarrayOptions {
  dtype?: string | null;
  device?: string | null;
  /** True copies in any case; false refuses what needs a copy. */
  copy?: boolean | null;
  /** As that of `obj` by default; false detaches. */
  requiresGrad?: boolean | null;
}

/** {@link asTensor}, which can also copy, detach and require grad. See torch.asarray. */
export function asarray(obj: TensorData | Tensor, ...rest: [options?: AsarrayOptions]): Tensor {
  const defaults: Required<Omit<AsarrayOptions, 'device'>> = { dtype: null, copy: null, requiresGrad: null };
  const { dtype, copy, requiresGrad } = readArgs('asarray', rest, defaults, 0);
  const made = asTensor(obj, { dtype });
  if (copy === false && made !== obj)
    throw new ValueError(
      `asarray: can't alias ${obj instanceof Tensor ? `tensor with dtype ${obj.dtype}` : 'data'} into dtype ${made.dtype}`,
    );
  const own = copy && made === obj ? made.clone() : made;
  const wanted = requiresGrad ?? (obj instanceof Tensor && obj.requiresGrad);
  return own.requiresGrad === wanted ? own : wanted ? own.requiresGrad_() : own.detach();
}

/** A 0-d float32 tensor. See torch.scalar_tensor. */
export function scalarTensor(s: number | boolean, ...rest: [options?: TensorOptions]): Tensor {
  const { dtype, requiresGrad } = readArgs('scalarTensor', rest, { dtype: 'float32', requiresGrad: false }, 0);
  if (typeof s !== 'number' && typeof s !== 'boolean') {
    throw new TypeError(`scalarTensor: takes a number, got ${s === null ? 'null' : typeof s}`);
  }
  return tensor(s, { dtype, requiresGrad });
}
