/** Limits from below and above, by numbers and by tensors. */
import { noMore, readArgs } from '../args';
import { run, type Value } from '../backend/engine';
import { RuntimeError } from '../errors';
import { type DType, promoteTypes } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import { maximum, minimum } from './arithmetic';
import { type Binary, binary, checkTensor, compared, dtypeOf, recordUnary, withValues } from './define';
import { where } from './pointwise';

export type Bound = Tensor | number | null | undefined;
/** `(min, max)`, or either by name. */
export type Bounds =
  | [options: { min?: Bound; max?: Bound }]
  | [min?: Bound, max?: Bound]
  | [min: Bound, options: { max?: Bound }];

/**
 * `input` limited to [min, max], numbers or tensors that broadcast; null leaves a side open; the slope is 1 at the bounds.
 * See torch.clamp.
 */
export function clamp(input: Tensor, ...bounds: Bounds): Tensor {
  checkTensor('clamp', input);
  const { min, max } = readArgs('clamp', bounds, { min: null as Bound, max: null as Bound }, 2);
  if (min == null && max == null) {
    throw new RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  if (!(min instanceof Tensor || max instanceof Tensor)) return clampToNumbers(input, min ?? null, max ?? null);
  const above = min == null ? input : clampMin(input, min);
  return max == null ? above : clampMax(above, max);
}

/** As {@link clamp}. See torch.clip. */
export const clip: typeof clamp = clamp;

function clampToNumbers(input: Tensor, min: number | null, max: number | null): Tensor {
  const bounds = [min, max].filter((x) => x !== null);
  const dtype = bounds.reduce<DType>((d, x) => promoteTypes(d, dtypeOf(x)), input.dtype);
  const value = withValues([input], dtype, (x) => clampValue(x, min, max, dtype));
  return recordUnary(value, 'ClampBackward1', input, 'input', (g, x) => where(withinBounds(x, min, max), g, 0));
}

function clampValue(x: Value, min: number | null, max: number | null, dtype: DType): Value {
  // Where the bounds are the wrong way round, `max` counts, as in what follows.
  if (min !== null && max !== null && min <= max) {
    return withValues([min, max], dtype, (low, high) => run('Clamp', { x, low, high }));
  }
  const raised = min === null ? null : withValues([min], dtype, (m) => run('Maximum', { a: x, b: m }));
  if (max === null) return raised!;
  const lowered = withValues([max], dtype, (m) => run('Minimum', { a: raised ?? x, b: m }));
  raised?.dispose();
  return lowered;
}

function withinBounds(x: Tensor, min: number | null, max: number | null): Tensor {
  if (min === null) return x.le(max!);
  return max === null ? x.ge(min) : x.ge(min).logicalAnd(x.le(max));
}

function bounded(name: string, kernel: 'Maximum' | 'Minimum', own: 'ge' | 'le', far: 'lt' | 'gt'): Binary {
  return binary(name, name[0]!.toUpperCase() + name.slice(1), kernel, { saves: 'both' }, [
    (g, a, b) => where(compared(a, b, own), g, 0),
    (g, a, b) => where(compared(a, b, far), g, 0),
  ]);
}

const raised = bounded('clampMin', 'Maximum', 'ge', 'lt');
const lowered = bounded('clampMax', 'Minimum', 'le', 'gt');

/** `input`, but at least `min`, a number or a tensor, broadcast. See torch.clamp_min. */
export function clampMin(input: Tensor, min: Tensor | number): Tensor {
  noMore('clampMin(input, min)', arguments.length, 2);
  checkTensor('clampMin', input);
  if (!(min instanceof Tensor)) return clamp(input, min);
  return areBools(input, min) ? maximum(input, min) : raised(input, min);
}

/** `input`, but at most `max`, a number or a tensor, broadcast. See torch.clamp_max. */
export function clampMax(input: Tensor, max: Tensor | number): Tensor {
  noMore('clampMax(input, max)', arguments.length, 2);
  checkTensor('clampMax', input);
  if (!(max instanceof Tensor)) return clamp(input, null, max);
  return areBools(input, max) ? minimum(input, max) : lowered(input, max);
}

const areBools = (a: Tensor, b: Tensor) => a.dtype === 'bool' && b.dtype === 'bool';
