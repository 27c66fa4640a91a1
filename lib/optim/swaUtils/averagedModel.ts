import { type Optional, readArgs } from '../../args';
import { AssertionError } from '../../errors';
import { Module } from '../../nn/module';
import { noGrad } from '../../tensor/context';
import { tensor } from '../../tensor/creation';
import { deepcopy } from '../../tensor/deepcopy';
import type { Tensor } from '../../tensor/tensor';
import { type AvgFn, getSwaAvgFn, type MultiAvgFn } from './averages';

export interface AveragedModelOptions {
  /** How one tensor is averaged; with neither this nor `multiAvgFn` it is the mean of all. */
  avgFn?: AvgFn | null;
  /** How many tensors are averaged, in place; it is called once for each dtype. */
  multiAvgFn?: MultiAvgFn | null;
  /** Whether buffers are averaged too; else they are the model's latest. */
  useBuffers?: boolean;
}

const DEFAULTS = {
  device: null as string | null,
  avgFn: null as AvgFn | null,
  multiAvgFn: null as MultiAvgFn | null,
  useBuffers: false,
};

/**
 * A copy of a model whose parameters are the average of the model's at each {@link updateParameters}: the mean (stochastic
 * weight averaging), or an exponential one. Called like the model. Its statistics of batch normalisation want
 * {@link updateBn} or `useBuffers`. See torch.optim.swa_utils.AveragedModel, https://arxiv.org/abs/1803.05407.
 *
 * ```ts
 * const model = new nn.Linear(4, 2);
 * const average = new optim.swaUtils.AveragedModel(model, { multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.99) });
 * average.updateParameters(model); // after each optimizer.step()
 * ```
 */
export class AveragedModel<M extends Module = Module> extends Module {
  module: M;
  /** How many models were averaged, an int32 scalar; under this name in the state dict. */
  declare n_averaged: Tensor;
  avgFn: AvgFn | null;
  multiAvgFn: MultiAvgFn | null;
  useBuffers: boolean;

  constructor(model: M, ...rest: Optional<'device', string | null, AveragedModelOptions>) {
    const { device, avgFn, multiAvgFn, useBuffers } = readArgs('AveragedModel', rest, DEFAULTS);
    if (avgFn && multiAvgFn) throw new AssertionError('Only one of avg_fn and multi_avg_fn should be provided');
    super();
    this.module = deepcopy(model);
    if (device !== null) this.module.to(device);
    this.registerBuffer('n_averaged', tensor(0, { dtype: 'int32' }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = useBuffers;
  }

  /** PyTorch's `n_averaged`. */
  get nAveraged(): Tensor {
    return this.n_averaged;
  }

  forward(...args: Parameters<M['forward']>): ReturnType<M['forward']> {
    return this.module(...args);
  }

  /** Takes the parameters of `model` into the average; the first time it copies them. */
  updateParameters(model: Module): void {
    const stateOf = (of: Module) => (this.useBuffers ? [...of.parameters(), ...of.buffers()] : of.parameters());
    const averaged = stateOf(this.module).map((x) => x.detach());
    const current = stateOf(model).map((x) => x.detach());
    noGrad(() => {
      if (this.n_averaged.item() === 0) copyEach(averaged, current);
      else average(this, averaged, current);
      if (!this.useBuffers) copyEach(this.module.buffers(), model.buffers());
      this.n_averaged.add_(1);
    });
  }
}

function average(model: AveragedModel, averaged: readonly Tensor[], current: readonly Tensor[]): void {
  const { multiAvgFn, avgFn, n_averaged } = model;
  if (multiAvgFn === null) {
    const fn = avgFn ?? getSwaAvgFn();
    averaged.forEach((x, i) => x.copy_(fn(x, current[i]!, n_averaged)));
    return;
  }
  for (const dtype of new Set(averaged.map((x) => x.dtype))) {
    const own = (list: readonly Tensor[]) => list.filter((_, i) => averaged[i]!.dtype === dtype);
    multiAvgFn(own(averaged), own(current), n_averaged);
  }
}

function copyEach(targets: readonly Tensor[], sources: readonly Tensor[]): void {
  targets.forEach((target, i) => target.detach().copy_(sources[i]!));
}
