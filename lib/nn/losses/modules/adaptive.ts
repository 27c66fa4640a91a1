import { type Optional, readArgs } from '../../../args';
import { RuntimeError, ValueError } from '../../../errors';
import { show } from '../../../ops/dims';
import { cat } from '../../../ops/join';
import { type Named, named } from '../../../ops/named';
import { where } from '../../../ops/pointwise';
import { logSoftmax } from '../../../ops/softmax';
import { fromTypedArray } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { ModuleList, Sequential } from '../../containers';
import { Linear } from '../../linear';
import { Module } from '../../module';

/** `[output, loss]`, also as `.output` and `.loss`. */
export interface OutputLoss extends Named<Tensor> {
  readonly 0: Tensor;
  readonly 1: Tensor;
  readonly length: 2;
  readonly output: Tensor;
  readonly loss: Tensor;
}

const DEFAULTS = { divValue: 4, headBias: false };

/**
 * Softmax for very many classes, sorted by descending frequency (Grave et al. 2017): those below the first of the `cutoffs` are in
 * the head; each cluster between two cutoffs has a smaller projection of its own. Called with [N, inFeatures] and labels [N],
 * or one of them, it gives the log-probabilities of the labels, and their mean loss. See torch.nn.AdaptiveLogSoftmaxWithLoss.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly shortlistSize: number;
  readonly nClusters: number;
  readonly headSize: number;
  head: Linear;
  tail: ModuleList;

  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    ...rest: Optional<'divValue', number, { headBias?: boolean }>
  ) {
    const { divValue, headBias } = readArgs('AdaptiveLogSoftmaxWithLoss', rest, DEFAULTS);
    checkCutoffs(cutoffs, nClasses);
    super();
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.shortlistSize = cutoffs[0]!;
    this.nClusters = cutoffs.length;
    this.headSize = this.shortlistSize + this.nClusters;
    this.head = new Linear(inFeatures, this.headSize, headBias);
    const clusters = cutoffs.map((cutoff, i) => {
      const hidden = Math.floor(inFeatures / divValue ** (i + 1));
      const size = this.cutoffs[i + 1]! - cutoff;
      return new Sequential(new Linear(inFeatures, hidden, false), new Linear(hidden, size, false));
    });
    this.tail = new ModuleList(clusters);
  }

  /** Draws new weights, as they were drawn at first. */
  resetParameters(): void {
    for (const layer of this.modules()) if (layer instanceof Linear) layer.resetParameters();
  }

  forward(input: Tensor, target: Tensor): OutputLoss {
    checkInputs(input, target);
    const rows = target.ndim === 0 ? input.unsqueeze(0) : input;
    const labels = Array.from(target.reshape(-1).toTypedArray());
    checkRange(labels, this.nClasses);
    const clusterOf = (label: number) => this.cutoffs.findIndex((cutoff) => label < cutoff);
    const clusters = labels.map(clusterOf);
    const inHead = labels.map((label, i) => (clusters[i] === 0 ? label : this.shortlistSize + clusters[i]! - 1));
    let output = pick(logSoftmax(this.head(rows), 1), inHead);
    for (let cluster = 1; cluster <= this.nClusters; cluster++) {
      const own = labels.flatMap((_, i) => (clusters[i] === cluster ? [i] : []));
      if (own.length === 0) continue;
      const index = integers(own);
      const within = own.map((i) => labels[i]! - this.cutoffs[cluster - 1]!);
      output = output.indexAdd(0, index, pick(this._cluster(cluster, rows.indexSelect(0, index)), within));
    }
    const loss = output.neg().mean();
    return named([target.ndim === 0 ? output.squeeze(0) : output, loss], ['output', 'loss']);
  }

  /** The log-probabilities inside a cluster, counted from 1. */
  private _cluster(cluster: number, input: Tensor): Tensor {
    return logSoftmax((this.tail.get(cluster - 1) as Sequential)(input) as Tensor, 1);
  }

  /** The log-probabilities [N, nClasses] of all classes. See torch.nn.AdaptiveLogSoftmaxWithLoss.log_prob. */
  logProb(input: Tensor): Tensor {
    const head = logSoftmax(this.head(input), 1);
    const clusters = Array.from({ length: this.nClusters }, (_, i) =>
      this._cluster(i + 1, input).add(head.narrow(1, this.shortlistSize + i, 1)),
    );
    return cat([head.narrow(1, 0, this.shortlistSize), ...clusters], 1);
  }

  /** The most probable class [N]: the most probable of the head, if it is none of the clusters, else of all. */
  predict(input: Tensor): Tensor {
    const likeliest = this.head(input).argmax(1);
    return where(likeliest.lt(this.shortlistSize), likeliest, this.logProb(input).argmax(1));
  }
}

function checkCutoffs(cutoffs: readonly number[], classes: number): void {
  if (cutoffs.length === 0) throw new ValueError('cutoffs should be a sequence of length larger than 0');
  const ascend = cutoffs.every((cutoff, i) => Number.isInteger(cutoff) && cutoff > (cutoffs[i - 1] ?? 0));
  if (ascend && cutoffs.at(-1)! <= classes - 1) return;
  throw new ValueError(
    'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 ' +
      `and n_classes-1, got ${show(cutoffs)} for ${classes} classes`,
  );
}

function checkInputs(input: Tensor, target: Tensor): void {
  if (target.ndim > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported');
  if (target.ndim === 1 && input.shape[0] !== target.length)
    throw new RuntimeError('Input and target should have the same size in the batch dimension.');
  if (input.ndim === target.ndim + 1) return;
  throw new RuntimeError(
    `${target.ndim}D target tensor expects ${target.ndim + 1}D input tensors, but found inputs with size ${show(input.shape)}`,
  );
}

function checkRange(labels: readonly number[], classes: number): void {
  if (labels.every((label) => label >= 0 && label < classes)) return;
  const sorted = labels.toSorted((a, b) => a - b);
  throw new RuntimeError(
    `Target values should be in [0, ${classes - 1}], but values in range [${sorted[0]}, ${sorted.at(-1)}] were found. `,
  );
}

const integers = (values: readonly number[]) => fromTypedArray(Int32Array.from(values), [values.length]);

/** The element of each row at its place in `columns`. */
function pick(rows: Tensor, columns: readonly number[]): Tensor {
  return rows.gather(1, integers(columns).unsqueeze(1)).squeeze(1);
}
