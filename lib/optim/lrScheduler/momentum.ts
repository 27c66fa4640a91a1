import { ValueError } from '../../errors';
import type { ParamGroup } from '../optimizer';
import type { AnyOptimizer } from './base';

/** Bounds between which a schedule moves the momentum, and how the optimizer has it. */
export interface MomentumOptions {
  /** Whether momentum is cycled too, against the learning rate: the optimizer's `momentum`, or the first of its `betas`. */
  cycleMomentum?: boolean;
  /** The momentum where the learning rate is highest; one, or one for each group. */
  baseMomentum?: number | readonly number[];
  /** The momentum where the learning rate is lowest; one, or one for each group. */
  maxMomentum?: number | readonly number[];
}

/** What a schedule of momentum finds and leaves in a group. */
export type MomentumGroup = ParamGroup<{
  momentum?: number;
  betas?: readonly number[];
  maxMomentum?: number;
  baseMomentum?: number;
}>;

/** Whether the optimizer's momentum is the first of its betas. */
export function usesBeta1({ defaults }: AnyOptimizer): boolean {
  if ('betas' in defaults) return true;
  if ('momentum' in defaults) return false;
  throw new ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
}

export function setMomentum(group: MomentumGroup, useBeta1: boolean, momentum: number): void {
  if (useBeta1) group.betas = [momentum, ...group.betas!.slice(1)];
  else group.momentum = momentum;
}

/** Starts every group at its highest momentum, and notes the bounds in it as PyTorch does. */
export function startMomentum(
  { paramGroups }: AnyOptimizer,
  useBeta1: boolean,
  base: readonly number[],
  max: readonly number[],
): void {
  paramGroups.forEach((group: MomentumGroup, i) => {
    setMomentum(group, useBeta1, max[i]!);
    Object.assign(group, { maxMomentum: max[i], baseMomentum: base[i] });
  });
}
