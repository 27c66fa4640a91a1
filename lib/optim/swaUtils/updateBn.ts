import { checkDevice, type Optional, readArgs } from '../../args';
import type { Module } from '../../nn/module';
import { noGrad } from '../../tensor/context';

/** What a layer of batch normalisation has. */
interface RunningStatistics {
  resetRunningStats(): void;
  /** Null makes the running statistics plain means. */
  momentum: number | null;
}

/**
 * Computes the running statistics of a model's batch normalisation anew, in one pass over `loader`, whose batches are tensors or
 * arrays that begin with the model's input. A model without such layers is not run. See torch.optim.swa_utils.update_bn.
 */
export function updateBn(loader: Iterable<unknown>, model: Module, ...rest: Optional<'device', string | null>): void {
  const { device } = readArgs('updateBn', rest, { device: null as string | null });
  if (device !== null) checkDevice('updateBn', device);
  if (typeof model?.modules !== 'function')
    throw new TypeError(`updateBn: model must be a Module, got ${typeof model}`);
  const layers = (model.modules() as unknown[]).filter(hasStatistics);
  if (layers.length === 0) return;
  const momenta = layers.map(({ momentum }) => momentum);
  const wasTraining = model.training;
  for (const layer of layers) layer.resetRunningStats();
  model.train();
  try {
    for (const layer of layers) layer.momentum = null;
    noGrad(() => {
      for (const batch of loader) model(Array.isArray(batch) ? batch[0] : batch);
    });
  } finally {
    layers.forEach((layer, i) => {
      layer.momentum = momenta[i]!;
    });
    model.train(wasTraining);
  }
}

function hasStatistics(module: unknown): module is RunningStatistics {
  const { resetRunningStats, momentum } = module as Partial<RunningStatistics>;
  return typeof resetRunningStats === 'function' && momentum !== undefined;
}
