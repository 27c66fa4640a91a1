import { type Optional, readArgs } from '../../../args';
import type { Tensor } from '../../../tensor/tensor';
import {
  BCE_WITH_LOGITS,
  type BCEWithLogitsLossOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from '../binary';
import {
  CROSS_ENTROPY,
  type CrossEntropyOptions,
  crossEntropy,
  NLL,
  type NLLLossOptions,
  nllLoss,
} from '../crossEntropy';
import { CTC, type CTCLossOptions, ctcLoss, type Lengths } from '../ctc';
import { FOCAL, type FocalLossOptions, focalLoss } from '../focal';
import { Loss, PlainLoss, PlainWeightedLoss, WeightedLoss } from './base';

/** {@link crossEntropy} as a module: the loss of a classifier. See torch.nn.CrossEntropyLoss. */
export class CrossEntropyLoss extends WeightedLoss {
  ignoreIndex: number;
  labelSmoothing: number;

  constructor(...rest: Optional<'weight', Tensor | null, CrossEntropyOptions>) {
    const { weight, ignoreIndex, reduction, labelSmoothing } = readArgs('CrossEntropyLoss', rest, CROSS_ENTROPY);
    super(weight, reduction);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** {@link nllLoss} as a module: the same for log-probabilities. See torch.nn.NLLLoss. */
export class NLLLoss extends WeightedLoss {
  ignoreIndex: number;

  constructor(...rest: Optional<'weight', Tensor | null, NLLLossOptions>) {
    const { weight, ignoreIndex, reduction } = readArgs('NLLLoss', rest, NLL);
    super(weight, reduction);
    this.ignoreIndex = ignoreIndex;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** {@link binaryCrossEntropy} as a module: yes or no, from probabilities. See torch.nn.BCELoss. */
export class BCELoss extends PlainWeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** {@link binaryCrossEntropyWithLogits} as a module: yes or no, from logits. See torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends WeightedLoss {
  /** Registered under PyTorch's name. */
  declare pos_weight: Tensor | null;

  constructor(...rest: Optional<'weight', Tensor | null, BCEWithLogitsLossOptions>) {
    const { weight, reduction, posWeight } = readArgs('BCEWithLogitsLoss', rest, BCE_WITH_LOGITS);
    super(weight, reduction);
    this.registerBuffer('pos_weight', posWeight);
  }

  get posWeight(): Tensor | null {
    return this.pos_weight;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/** {@link softMarginLoss} as a module: yes or no, as 1 and −1. See torch.nn.SoftMarginLoss. */
export class SoftMarginLoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** {@link multilabelSoftMarginLoss} as a module: several classes at once. See torch.nn.MultiLabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends PlainWeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** {@link ctcLoss} as a module: sequences of labels without an alignment, as in speech. See torch.nn.CTCLoss. */
export class CTCLoss extends Loss {
  blank: number;
  zeroInfinity: boolean;

  constructor(...rest: Optional<'blank', number, CTCLossOptions>) {
    const { blank, reduction, zeroInfinity } = readArgs('CTCLoss', rest, CTC);
    super(reduction);
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity });
  }
}

/** {@link focalLoss} as a module: classes that are rare or hard. */
export class FocalLoss extends WeightedLoss {
  gamma: number;
  ignoreIndex: number;

  constructor(...rest: Optional<'gamma', number, FocalLossOptions>) {
    const { gamma, weight, ignoreIndex, reduction } = readArgs('FocalLoss', rest, FOCAL);
    super(weight, reduction);
    this.gamma = gamma;
    this.ignoreIndex = ignoreIndex;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { gamma, weight, ignoreIndex, reduction } = this;
    return focalLoss(input, target, { gamma, weight, ignoreIndex, reduction });
  }
}
