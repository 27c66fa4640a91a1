import { type Optional, readArgs } from '../../../args';
import type { Tensor } from '../../../tensor/tensor';
import { Module } from '../../module';
import { type Reduction, UNWEIGHTED, WEIGHTED } from '../../reduction';

/** What every loss module has. */
export abstract class Loss extends Module {
  reduction: Reduction;

  constructor(reduction: Reduction) {
    super();
    this.reduction = reduction;
  }
}

/** A loss without options of its own. */
export abstract class PlainLoss extends Loss {
  constructor(...rest: Optional<'reduction', Reduction>) {
    super(readArgs(new.target.name, rest, UNWEIGHTED).reduction);
  }
}

/** A loss with weights, which are a buffer. */
export abstract class WeightedLoss extends Loss {
  declare weight: Tensor | null;

  constructor(weight: Tensor | null, reduction: Reduction) {
    super(reduction);
    this.registerBuffer('weight', weight);
  }
}

/** A loss with weights and without options of its own. */
export abstract class PlainWeightedLoss extends WeightedLoss {
  constructor(...rest: Optional<'weight', Tensor | null, { reduction?: Reduction }>) {
    const { weight, reduction } = readArgs(new.target.name, rest, WEIGHTED);
    super(weight, reduction);
  }
}
