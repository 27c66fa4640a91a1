import { type Optional, readArgs } from '../../args';
import { runMulti } from '../../backend/engine';
import { RuntimeError } from '../../errors';
import { checkArray } from '../../ops/define';
import { show } from '../../ops/dims';
import { where } from '../../ops/pointwise';
import { checkTensors } from '../../tensor/check';
import { tensor } from '../../tensor/creation';
import { recordMulti } from '../../tensor/op';
import { Tensor } from '../../tensor/tensor';
import { checkReduction, type Reduction, reduce, UNWEIGHTED } from '../reduction';

export interface CTCLossOptions {
  /** The class that stands for no label. */
  blank?: number;
  /** 'mean' divides each loss by the length of its target, and then takes the mean. */
  reduction?: Reduction;
  /** Whether infinite losses, of targets longer than their input, count as 0 and have no gradient. */
  zeroInfinity?: boolean;
}

export const CTC = { blank: 0, ...UNWEIGHTED, zeroInfinity: false };

/** A length for each sample, or one for a sample alone. */
export type Lengths = Tensor | readonly number[];

/**
 * Connectionist temporal classification: `−ln` of the probability of all alignments of the targets with the input.
 * `logProbs` is [T, N, C], or [T, C] for a sample alone; `targets` [N, S], padded, or all labels one after the other;
 * lengths are arrays or tensors. It is ∞ where a target needs more frames than there are. There is no second derivative.
 * See torch.nn.functional.ctc_loss.
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  ...rest: Optional<'blank', number, CTCLossOptions>
): Tensor {
  const { blank, reduction, zeroInfinity } = readArgs('ctcLoss', rest, CTC);
  checkTensors('ctcLoss', { logProbs, targets });
  checkReduction(reduction);
  const batched = logProbs.ndim === 3 ? logProbs : batchOfOne(logProbs);
  const inputs = readLengths('input_lengths', inputLengths);
  const labels = readLengths('target_lengths', targetLengths);
  checkSizes(batched, targets, inputs, labels, blank);
  const losses = eachLoss(batched, targets.int(), { inputLengths: inputs, targetLengths: labels, blank }, zeroInfinity);
  const finite = zeroInfinity ? where(losses.isinf(), 0, losses) : losses;
  const shaped = logProbs.ndim === 3 ? finite : finite.squeeze(0);
  if (reduction !== 'mean') return reduce(shaped, reduction);
  return finite.div(tensor(labels.map((length) => Math.max(length, 1)))).mean();
}

function batchOfOne(logProbs: Tensor): Tensor {
  if (logProbs.ndim === 2) return logProbs.unsqueeze(1);
  throw new RuntimeError(
    `Expected 3-dimensional tensor, but got ${logProbs.ndim}-dimensional tensor for argument #1 'log_probs'`,
  );
}

function readLengths(name: string, lengths: Lengths): number[] {
  if (!(lengths instanceof Tensor)) {
    checkArray('ctcLoss', lengths, name);
    return [...lengths];
  }
  if (lengths.dtype === 'float32') throw new RuntimeError(`${name} must be integral`);
  return Array.from(lengths.toTypedArray());
}

function checkSizes(logProbs: Tensor, targets: Tensor, inputs: number[], labels: number[], blank: number): void {
  const [time, n, classes] = logProbs.shape as [number, number, number];
  const refuse = (message: string): never => {
    throw new RuntimeError(message);
  };
  if (logProbs._size === 0) refuse('log_probs tensor must not be empty');
  if (logProbs.dtype !== 'float32') refuse(`"ctc_loss_cpu" not implemented for 'Long'`);
  if (!(blank >= 0 && blank < classes)) refuse('blank must be in label range');
  if (inputs.length !== n) refuse('input_lengths must be of size batch_size');
  if (labels.length !== n) refuse('target_lengths must be of size batch_size');
  checkRange('input_lengths', inputs, time);
  checkRange('target_lengths', labels, Number.POSITIVE_INFINITY);
  checkTargets(targets, n, labels);
}

function checkRange(name: string, lengths: readonly number[], most: number): void {
  const wrong = lengths.find((length) => !(length >= 0 && length <= most));
  if (wrong === undefined) return;
  const limit = wrong > most ? `at most ${most}` : 'at least 0';
  throw new RuntimeError(`Expected ${name} to have value ${limit}, but got value ${wrong}`);
}

function checkTargets(targets: Tensor, n: number, lengths: readonly number[]): void {
  const refuse = (size: string, dim: number, got: number | undefined): never => {
    throw new RuntimeError(
      `Expected tensor to have size ${size} at dimension ${dim}, but got size ${got} for argument #2 'targets'`,
    );
  };
  if (targets.ndim === 1) {
    const total = lengths.reduce((a, b) => a + b, 0);
    if (targets.length !== total) refuse(String(total), 0, targets.length);
  } else if (targets.ndim === 2) {
    if (targets.length !== n) refuse(String(n), 0, targets.length);
    const longest = Math.max(...lengths);
    if (targets.shape[1]! < longest) refuse(`at least ${longest}`, 1, targets.shape[1]);
  } else throw new RuntimeError(`targets has to be 1- or 2-dimensional, got ${show(targets.shape)}`);
}

type Attrs = { inputLengths: number[]; targetLengths: number[]; blank: number };

/** The losses [N], whose slopes come from the same pass; those of infinite losses are NaN, or 0 for `zeroInfinity`. */
function eachLoss(logProbs: Tensor, targets: Tensor, attrs: Attrs, zeroInfinity: boolean): Tensor {
  const values = runMulti('CtcLoss', { logProbs: logProbs._value, targets: targets._value }, attrs);
  const how = { name: 'CtcLoss', inputs: [logProbs] };
  const [losses] = recordMulti(
    values,
    how,
    ([all, slopes]) =>
      ([gLosses, gSlopes]) => {
        if (gSlopes) throw new RuntimeError('derivative for aten::_ctc_loss_backward is not implemented');
        const grads = slopes!.mul(gLosses!.unsqueeze(1));
        return [zeroInfinity ? where(all!.isinf().unsqueeze(1), 0, grads) : grads];
      },
    (outs) => outs,
  );
  return losses!;
}
