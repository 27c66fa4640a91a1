import { RuntimeError, ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';
import { describe } from './params';

/** Throws ValueError with PyTorch's words unless `ok`. */
export function check(ok: boolean, message: string): asserts ok {
  if (!ok) throw new ValueError(message);
}

interface Usual {
  lr: number;
  eps?: number;
  betas?: readonly number[];
  weightDecay?: number;
}

/** The domains of the options that most optimizers have. */
export function checkUsual({ lr, eps = 0, betas = [], weightDecay = 0 }: Usual): void {
  check(lr >= 0, `Invalid learning rate: ${lr}`);
  check(eps >= 0, `Invalid epsilon value: ${eps}`);
  betas.forEach((beta, i) => check(beta >= 0 && beta < 1, `Invalid beta parameter at index ${i}: ${beta}`));
  check(weightDecay >= 0, `Invalid weight_decay value: ${weightDecay}`);
}

/** How PyTorch is to compute the step. Here there is one way, with the numbers of all that are accepted. */
interface Ways {
  foreach?: boolean | null;
  fused?: boolean | null;
  capturable?: boolean;
  differentiable?: boolean;
}

export function checkWays(where: string, options: object): void {
  const { foreach, fused, capturable, differentiable } = options as Ways;
  if (fused && differentiable) throw new RuntimeError('`fused` does not support `differentiable`');
  if (fused && foreach) throw new RuntimeError('`fused` and `foreach` cannot be `True` together.');
  const reason = (name: string, why: string) => `${where}: ${name}: true is not supported: ${why}`;
  check(!differentiable, reason('differentiable', 'a step changes parameters in place, unrecorded'));
  check(!capturable, reason('capturable', 'there is no CUDA graph to capture, and PyTorch refuses it on the CPU, too'));
}

/** A number, or a one-element tensor taken by its value. */
export function scalarOption(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (!(value instanceof Tensor)) throw new TypeError(`${name} must be a number, got ${describe(value)}`);
  check(value.numel() === 1, `Tensor ${name} must be 1-element`);
  return value.item();
}

/** A closure whose result is there when it returns: a step cannot wait. */
export function synchronous<R>(where: string, closure: (() => R) | undefined): (() => R) | undefined {
  if (closure === undefined) return undefined;
  return () => {
    const result = closure();
    if (!(result instanceof Promise)) return result;
    throw new TypeError(`${where}.step: the closure must not be async, it gave a Promise`);
  };
}
