import { checkDevice, noMore, readArgs } from '../args';
import { run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { asDtype, type DType, TYPE_NAMES } from '../tensor/dtype';
import { dtypeOfType } from '../tensor/dtypeInfo';
import { record } from '../tensor/op';
import { isRowMajor } from '../tensor/strides';
import { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { stridesOf } from './layout';

/** `input` as `dtype`; itself if it already is. The gradient is converted back. */
function cast(input: Tensor, dtype: DType): Tensor {
  if (input.dtype === dtype) return input;
  return record(
    run('Cast', { x: input._value }, { dtype }),
    { name: 'ToCopy', inputs: dtype === 'float32' ? [input] : [] },
    () => [(g) => cast(g!, input.dtype)],
  );
}

/** As float32. See torch.Tensor.float. */
export function float(input: Tensor): Tensor {
  noMore('float(input)', arguments.length, 1);
  return cast(input, 'float32');
}

/** As int32, fractions cut off. See torch.Tensor.int. */
export function int(input: Tensor): Tensor {
  noMore('int(input)', arguments.length, 1);
  return cast(input, 'int32');
}

/** As int32, which stands for PyTorch's int64. See torch.Tensor.long. */
export function long(input: Tensor): Tensor {
  noMore('long(input)', arguments.length, 1);
  return cast(input, 'int32');
}

/** As bool: non-zero is true. See torch.Tensor.bool. */
export function bool(input: Tensor): Tensor {
  noMore('bool(input)', arguments.length, 1);
  return cast(input, 'bool');
}

export interface ToOptions {
  dtype?: string | null;
  device?: string | null;
  nonBlocking?: false;
  /** A copy even where nothing is to be converted. */
  copy?: boolean;
}

/** `x.to('int32')`, `x.to('cpu')`, `x.to(other)`, `x.to({ dtype })`: the tensor in that dtype. See torch.Tensor.to. */
export function to(
  input: Tensor,
  ...rest: [target: string | Tensor, options?: ToOptions] | [options: ToOptions]
): Tensor {
  checkTensor('to', input);
  const defaults = { target: null as string | Tensor | null, dtype: null as string | null, copy: false };
  const { target, dtype, copy } = readArgs('to', rest, defaults);
  const wanted = target instanceof Tensor ? target.dtype : target === null || isDevice(target) ? dtype : target;
  const result = wanted === null ? input : cast(input, asDtype('to', wanted));
  return copy && result === input ? clone(input) : result;
}

function isDevice(name: string): boolean {
  if (!/^(cpu|cuda|mps|xpu|meta)(:\d+)?$/.test(name)) return false;
  checkDevice('to', name);
  return true;
}

/** The name of the tensor's type, as 'torch.FloatTensor'; given such a name or a dtype, the tensor in that dtype. See torch.Tensor.type. */
export function type(input: Tensor): string;
export function type(input: Tensor, dtype: string): Tensor;
export function type(input: Tensor, dtype?: string): string | Tensor {
  return dtype === undefined ? TYPE_NAMES[input.dtype] : cast(input, dtypeOfType(dtype));
}

/** In the dtype of `other`. See torch.Tensor.type_as. */
export function typeAs(input: Tensor, other: Tensor): Tensor {
  noMore('typeAs(input, other)', arguments.length, 2);
  checkTensor('typeAs', other, 'other');
  return cast(input, other.dtype);
}

/** What PyTorch converts to and is not there: asking for it is an error that names it. */
const refused =
  (name: string, dtype: string) =>
  (_input: Tensor): never => {
    throw new TypeError(`${name}: there is no ${dtype} here, only float32, int32 and bool`);
  };

/** Refused: there is no float64. */
export const double: (input: Tensor) => never = refused('double', 'float64');
/** Refused: there is no float16. */
export const half: (input: Tensor) => never = refused('half', 'float16');
/** Refused: there is no bfloat16. */
export const bfloat16: (input: Tensor) => never = refused('bfloat16', 'bfloat16');
/** Refused: there is no int16. */
export const short: (input: Tensor) => never = refused('short', 'int16');
/** Refused: there is no int8. */
export const char: (input: Tensor) => never = refused('char', 'int8');
/** Refused: there is no uint8. */
export const byte: (input: Tensor) => never = refused('byte', 'uint8');

/** Refused: there is only the cpu. */
export function cuda(_input: Tensor, device: string | number = 'cuda'): never {
  throw new TypeError(`cuda: there is only the device 'cpu' here, got ${device}`);
}

/** Itself: every tensor is on the cpu. See torch.Tensor.cpu. */
export function cpu(input: Tensor): Tensor {
  noMore('cpu(input)', arguments.length, 1);
  return input;
}

/** A copy; gradients flow through it. See torch.clone. */
export function clone(input: Tensor): Tensor {
  noMore('clone(input)', arguments.length, 1);
  checkTensor('clone', input);
  // Values are never written to, so a copy may share the buffer until one of the two is replaced.
  return record(run('Identity', { x: input._value }), { name: 'Clone', inputs: [input] }, () => [(g) => g]);
}

/** Makes `self` a leaf that requires no grad, with its content. A view cannot be. See torch.Tensor.detach_. */
export function detach_(self: Tensor): Tensor {
  noMore('detach_(self)', arguments.length, 1);
  if (self._view) throw new RuntimeError("Can't detach views in-place. Use detach() instead.");
  self.gradFn = null;
  return self.requiresGrad_(false);
}

/** There is one format. */
type MemoryFormat = [options?: { memoryFormat?: null }];

/** Whether the elements lie row by row, which not all views do. See torch.Tensor.is_contiguous. */
export function isContiguous(input: Tensor, ...rest: MemoryFormat): boolean {
  readArgs('isContiguous', rest, {}, 0);
  return !input._view || isRowMajor(stridesOf(input), input.shape);
}

/** Itself if its elements lie row by row, else a copy. See torch.Tensor.contiguous. */
export function contiguous(input: Tensor, ...rest: MemoryFormat): Tensor {
  readArgs('contiguous', rest, {}, 0);
  return isContiguous(input) ? input : clone(input);
}
