import { type Optional, readArgs } from '../../args';
import { run, runMulti, type Value } from '../../backend/engine';
import type { Storage } from '../../backend/storage';
import { RuntimeError } from '../../errors';
import { div, stack } from '../../ops';
import { checkTensor, tensorsOf } from '../../tensor/check';
import { withGrad } from '../../tensor/context';
import { tensor } from '../../tensor/creation';
import { tidy } from '../../tensor/memory';
import { pythonRepr } from '../../tensor/pythonNumber';
import { Tensor } from '../../tensor/tensor';

/** One tensor, or several. */
export type Tensors = Tensor | Iterable<Tensor>;
/** The p of a p-norm; infinities also as PyTorch's strings. */
export type NormType = number | 'inf' | '-inf';
/** Accepted as PyTorch does: there is one implementation. */
type Foreach = { foreach?: boolean | null };
export type NormOptions = { errorIfNonfinite?: boolean } & Foreach;

/** Not given is 2; no number here, for a word will do, too. */
const NORM_DEFAULTS = {
  normType: undefined as NormType | undefined,
  errorIfNonfinite: false,
  foreach: null as boolean | null,
};
const FOREACH = { foreach: null as boolean | null };

const gradsOf = (parameters: readonly Tensor[]): Tensor[] =>
  parameters.flatMap(({ _grad: grad }) => (grad ? [grad] : []));

/** Runs `fn` unrecorded, and frees at once what it does not return. */
const computing = <R>(fn: () => R): R => withGrad(false, () => tidy(fn));

/**
 * The norm of all tensors together, as a scalar: that of the vector of their norms. With `errorIfNonfinite` a NaN or infinity is
 * a RuntimeError, for which the norm is read back. See torch.nn.utils.get_total_norm.
 */
export function getTotalNorm(tensors: Tensors, ...rest: Optional<'normType', NormType, NormOptions>): Tensor {
  const { normType, errorIfNonfinite } = readArgs('getTotalNorm', rest, NORM_DEFAULTS);
  const order = readOrder(normType);
  const list = tensorsOf('getTotalNorm', tensors, 'tensors');
  if (list.length === 0) return tensor(0);
  const total = computing(() => normOf(list, order));
  if (errorIfNonfinite && !Number.isFinite(total.item())) throw nonFinite(order);
  return total;
}

function normOf(tensors: readonly Tensor[], order: number): Tensor {
  if (order !== 2 || tensors.some((x) => x.dtype !== 'float32')) {
    return stack(tensors.map((x) => x.norm(order))).norm(order);
  }
  return Tensor._of(run('TotalNorm', keyed(tensors.map((x) => x._value))));
}

/** Under the keys 0, 1 …, as kernels of many inputs take them. */
function keyed(values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.entries());
}

function readOrder(normType: NormType | undefined): number {
  if (normType === undefined) return 2;
  const order = normType === 'inf' ? Infinity : normType === '-inf' ? -Infinity : normType;
  if (typeof order === 'number') return order;
  throw new TypeError(`normType must be a number, 'inf' or '-inf', got ${String(normType)}`);
}

function nonFinite(order: number): RuntimeError {
  return new RuntimeError(
    `The total norm of order ${pythonRepr(order)} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To ` +
      'disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`',
  );
}

/**
 * Multiplies the gradients, in place, by `maxNorm / (totalNorm + 1e-6)` if that is below 1. See
 * torch.nn.utils.clip_grads_with_norm_.
 */
export function clipGradsWithNorm_(
  parameters: Tensors,
  maxNorm: number,
  totalNorm: Tensor,
  ...rest: Optional<'foreach', boolean | null>
): void {
  readArgs('clipGradsWithNorm_', rest, FOREACH);
  checkTensor('clipGradsWithNorm_', totalNorm, 'totalNorm');
  checkBound('clipGradsWithNorm_: maxNorm', maxNorm);
  const grads = gradsOf(tensorsOf('clipGradsWithNorm_', parameters, 'parameters'));
  computing(() => {
    // Always multiplied, by 1 too: nothing is read back to decide.
    const factor = div(maxNorm, totalNorm.add(1e-6)).clampMax(1);
    scaleEach(grads, factor);
  });
}

/** Multiplies each in place, all in one kernel but for views, which must reach their base, and what comes again. */
function scaleEach(grads: readonly Tensor[], factor: Tensor): void {
  const storages = new Set<Storage>();
  const others: Tensor[] = [];
  for (const grad of grads) {
    if (factor.ndim > 0 || grad._view || storages.has(grad._storage)) others.push(grad);
    else storages.add(grad._storage);
  }
  const list = [...storages];
  const scaled = runMulti('ScaleEach', { ...keyed(list.map(({ value }) => value)), factor: factor._value });
  for (const [i, storage] of list.entries()) storage.replace(scaled[i]!);
  for (const grad of others) grad.mul_(factor);
}

/**
 * Scales the gradients of `parameters`, in place, so that their norm all together is at most `maxNorm`, and returns what it was
 * before, a scalar tensor. See torch.nn.utils.clip_grad_norm_.
 */
export function clipGradNorm_(
  parameters: Tensors,
  maxNorm: number,
  ...rest: Optional<'normType', NormType, NormOptions>
): Tensor {
  const { normType, errorIfNonfinite } = readArgs('clipGradNorm_', rest, NORM_DEFAULTS);
  checkBound('clipGradNorm_: maxNorm', maxNorm);
  const list = tensorsOf('clipGradNorm_', parameters, 'parameters');
  if (list.length === 0 && isGenerator(parameters)) {
    console.warn('`parameters` is an empty generator, no gradient clipping will occur.');
  }
  const total = getTotalNorm(gradsOf(list), { normType, errorIfNonfinite });
  clipGradsWithNorm_(list, maxNorm, total);
  return total;
}

/** The same as {@link clipGradNorm_}, with a warning: PyTorch has deprecated the name. See torch.nn.utils.clip_grad_norm. */
export function clipGradNorm(
  parameters: Tensors,
  maxNorm: number,
  ...rest: Optional<'normType', NormType, NormOptions>
): Tensor {
  console.warn('`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.');
  return clipGradNorm_(parameters, maxNorm, ...rest);
}

/** Clamps the gradients of `parameters`, in place, to [−clipValue, clipValue]. See torch.nn.utils.clip_grad_value_. */
export function clipGradValue_(
  parameters: Tensors,
  clipValue: number,
  ...rest: Optional<'foreach', boolean | null>
): void {
  readArgs('clipGradValue_', rest, FOREACH);
  checkBound('clipGradValue_: clipValue', clipValue);
  const grads = gradsOf(tensorsOf('clipGradValue_', parameters, 'parameters'));
  computing(() => {
    for (const grad of grads) grad.clamp_(-clipValue, clipValue);
  });
}

function checkBound(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
}

/** True for what can be gone through only once, as what `function*` makes. */
function isGenerator(value: object): boolean {
  return typeof (value as { next?: unknown }).next === 'function';
}
