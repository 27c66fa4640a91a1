/** What the rules are made of. */
import type { Flags, Numbers } from '../backend/step';
import { fullLike } from '../tensor/creation';
import { unscoped } from '../tensor/memory';
import type { Tensor } from '../tensor/tensor';

/** A parameter's step in one kernel of lib/backend/kernels/steps.ts: its slots in the kernel's order, and the variant. */
export interface Step {
  kernel: string;
  slots: Tensor[];
  flags?: Flags;
}

/** A new slot for `p`, filled with one value; it outlives the step. */
export function slotOf(p: Tensor, value = 0): Tensor {
  return unscoped(() => fullLike(p, value));
}

interface Usual {
  lr: number;
  maximize?: boolean;
  weightDecay?: number;
  decoupledWeightDecay?: boolean;
}

/** What every kernel reads, beside the learning rate: p ← decay · p, and the gradient is sign · g + l2 · p. */
export function usualScalars({ lr, maximize, weightDecay = 0, decoupledWeightDecay }: Usual): Numbers {
  const sign = maximize ? -1 : 1;
  return decoupledWeightDecay
    ? { lr, sign, l2: 0, decay: 1 - lr * weightDecay }
    : { lr, sign, l2: weightDecay, decay: 1 };
}
