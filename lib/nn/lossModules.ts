import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { type CrossEntropyOptions, crossEntropy, type NLLLossOptions, nllLoss } from './crossEntropy';
import { Module } from './module';
import { mseLoss } from './mse';
import type { Reduction } from './reduction';

/** A loss with one weight per class, which is a buffer. */
abstract class WeightedLoss extends Module {
  declare weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly reduction: Reduction;

  constructor(weight: Tensor | null, ignoreIndex: number, reduction: Reduction) {
    super();
    this.registerBuffer('weight', weight);
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
  }
}

const DEFAULTS = { weight: null as Tensor | null, ignoreIndex: -100, reduction: 'mean' as Reduction };

/** {@link crossEntropy} as a module. See torch.nn.CrossEntropyLoss. */
export class CrossEntropyLoss extends WeightedLoss {
  readonly labelSmoothing: number;

  constructor(...rest: Optional<'weight', Tensor | null, CrossEntropyOptions>) {
    const options = readArgs('CrossEntropyLoss', rest, { ...DEFAULTS, labelSmoothing: 0 });
    super(options.weight, options.ignoreIndex, options.reduction);
    this.labelSmoothing = options.labelSmoothing;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** {@link nllLoss} as a module. See torch.nn.NLLLoss. */
export class NLLLoss extends WeightedLoss {
  constructor(...rest: Optional<'weight', Tensor | null, NLLLossOptions>) {
    const options = readArgs('NLLLoss', rest, DEFAULTS);
    super(options.weight, options.ignoreIndex, options.reduction);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** {@link mseLoss} as a module. See torch.nn.MSELoss. */
export class MSELoss extends Module {
  readonly reduction: Reduction;

  constructor(...rest: Optional<'reduction', Reduction>) {
    super();
    this.reduction = readArgs('MSELoss', rest, { reduction: 'mean' as Reduction }).reduction;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}
