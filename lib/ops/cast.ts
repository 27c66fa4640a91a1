import { isPlainObject, readArgs } from '../args';
import { run } from '../backend/engine';
import { asDtype, type DType } from '../tensor/dtype';
import { record } from '../tensor/op';
import { Tensor } from '../tensor/tensor';

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
  return cast(input, 'float32');
}

/** As int32, fractions cut off. See torch.Tensor.int. */
export function int(input: Tensor): Tensor {
  return cast(input, 'int32');
}

/** As int32, which stands for PyTorch's int64. See torch.Tensor.long. */
export function long(input: Tensor): Tensor {
  return cast(input, 'int32');
}

/** As bool: non-zero is true. See torch.Tensor.bool. */
export function bool(input: Tensor): Tensor {
  return cast(input, 'bool');
}

/** `x.to('int32')`, `x.to('cpu')`, `x.to(other)`, `x.to({ dtype })`: the tensor in that dtype. See torch.Tensor.to. */
export function to(
  input: Tensor,
  target: string | Tensor | { dtype?: string; device?: string },
  options: { dtype?: string; copy?: boolean } = {},
): Tensor {
  const named = isPlainObject(target) ? target : {};
  const { dtype, copy } = readArgs('to', [{ ...named, ...options }], { dtype: null as string | null, copy: false }, 0);
  const wanted =
    target instanceof Tensor ? target.dtype : typeof target === 'string' && !isDevice(target) ? target : dtype;
  const result = wanted === null ? input : cast(input, asDtype('to', wanted));
  return copy && result === input ? clone(input) : result;
}

function isDevice(name: string): boolean {
  if (/^(cuda|mps|xpu|meta)(:\d+)?$/.test(name))
    throw new TypeError(`to: there is only the device 'cpu' here, got '${name}'`);
  return name === 'cpu';
}

/** Itself: every tensor is on the cpu. See torch.Tensor.cpu. */
export function cpu(input: Tensor): Tensor {
  return input;
}

/** A copy; gradients flow through it. See torch.clone. */
export function clone(input: Tensor): Tensor {
  // Values are never written to, so a copy may share the buffer until one of the two is replaced.
  return record(run('Identity', { x: input._value }), { name: 'Clone', inputs: [input] }, () => [(g) => g]);
}

/** Itself: every tensor is contiguous. See torch.Tensor.contiguous. */
export function contiguous(input: Tensor): Tensor {
  return input;
}
