import { noMore } from '../../args';
import { RuntimeError, ValueError } from '../../errors';
import { div } from '../../ops';
import { noGrad } from '../../tensor/context';
import type { Tensor } from '../../tensor/tensor';

/** The new average of one tensor, given the old one, the model's and how many were averaged before. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: Tensor) => Tensor;
/** The same of many, in place. */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: Tensor) => void;

type Count = Tensor | number;

const next = (numAveraged: Count) => (typeof numAveraged === 'number' ? numAveraged + 1 : numAveraged.add(1));

function checkDecay(decay: number): void {
  if (decay >= 0 && decay <= 1) return;
  throw new ValueError(`Invalid decay value ${decay} provided. Please provide a value in [0,1] range.`);
}

/** Exponential moving average: `decay · averaged + (1 − decay) · current`. See torch.optim.swa_utils.get_ema_avg_fn. */
export function getEmaAvgFn(decay = 0.999): (averaged: Tensor, current: Tensor, numAveraged?: Count) => Tensor {
  noMore('getEmaAvgFn(decay)', arguments.length, 1);
  checkDecay(decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/** The mean of all so far. See torch.optim.swa_utils.get_swa_avg_fn. */
export function getSwaAvgFn(): (averaged: Tensor, current: Tensor, numAveraged: Count) => Tensor {
  noMore('getSwaAvgFn()', arguments.length, 0);
  return (averaged, current, numAveraged) => noGrad(() => averaged.add(current.sub(averaged).div(next(numAveraged))));
}

/** {@link getEmaAvgFn} of many tensors, in place. See torch.optim.swa_utils.get_ema_multi_avg_fn. */
export function getEmaMultiAvgFn(
  decay = 0.999,
): (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged?: Count) => void {
  noMore('getEmaMultiAvgFn(decay)', arguments.length, 1);
  const single = getEmaAvgFn(decay);
  return (averaged, current) =>
    noGrad(() =>
      averaged.forEach((a, i) => {
        if (a.dtype === 'float32') a.lerp_(current[i]!, 1 - decay);
        else a.copy_(single(a, current[i]!));
      }),
    );
}

/** {@link getSwaAvgFn} of many tensors, in place; float32 only. See torch.optim.swa_utils.get_swa_multi_avg_fn. */
export function getSwaMultiAvgFn(): (
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  numAveraged: Count,
) => void {
  noMore('getSwaMultiAvgFn()', arguments.length, 0);
  return (averaged, current, numAveraged) =>
    noGrad(() => {
      const weight = div(1, next(numAveraged) as Tensor);
      averaged.forEach((a, i) => {
        if (a.dtype !== 'float32') throw integers(a.dtype);
        a.lerp_(current[i]!, weight);
      });
    });
}

function integers(dtype: string): RuntimeError {
  return new RuntimeError(
    `Integer division with addcdiv is no longer supported: getSwaMultiAvgFn averages float32 only, got ${dtype}; ` +
      'getSwaAvgFn, or no function at all, averages integers too',
  );
}
