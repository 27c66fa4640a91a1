import { type Optional, readArgs } from '../../../args';
import type { Tensor } from '../../../tensor/tensor';
import { PairwiseDistance } from '../../distance';
import type { Reduction } from '../../reduction';
import {
  checkMargin,
  cosineEmbeddingLoss,
  type Distance,
  TRIPLET,
  TRIPLET_WITH_DISTANCE,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from '../embedding';
import {
  checkMultiMargin,
  hingeEmbeddingLoss,
  MARGIN,
  MARGIN_1,
  type MarginOptions,
  MULTI_MARGIN,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multiMarginLoss,
} from '../margin';
import { Loss, PlainLoss, WeightedLoss } from './base';

/** A loss with a margin. */
abstract class MarginLoss extends Loss {
  margin: number;

  constructor(margin: number, reduction: Reduction) {
    super(reduction);
    this.margin = margin;
  }
}

/** {@link marginRankingLoss} as a module: which of two ranks higher. See torch.nn.MarginRankingLoss. */
export class MarginRankingLoss extends MarginLoss {
  constructor(...rest: Optional<'margin', number, MarginOptions>) {
    const { margin, reduction } = readArgs('MarginRankingLoss', rest, MARGIN);
    super(margin, reduction);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** {@link hingeEmbeddingLoss} as a module: alike or not, from a distance. See torch.nn.HingeEmbeddingLoss. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...rest: Optional<'margin', number, MarginOptions>) {
    const { margin, reduction } = readArgs('HingeEmbeddingLoss', rest, MARGIN_1);
    super(margin, reduction);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** {@link cosineEmbeddingLoss} as a module: alike or not, from the angle. See torch.nn.CosineEmbeddingLoss. */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...rest: Optional<'margin', number, MarginOptions>) {
    const { margin, reduction } = readArgs('CosineEmbeddingLoss', rest, MARGIN);
    super(margin, reduction);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** {@link multiMarginLoss} as a module: a classifier's hinge loss. See torch.nn.MultiMarginLoss. */
export class MultiMarginLoss extends WeightedLoss {
  p: number;
  margin: number;

  constructor(...rest: Optional<'p', number, MultiMarginLossOptions>) {
    const { p, margin, weight, reduction } = readArgs('MultiMarginLoss', rest, MULTI_MARGIN);
    checkMultiMargin(p, weight);
    super(weight, reduction);
    this.p = p;
    this.margin = margin;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}

/** {@link multilabelMarginLoss} as a module: the hinge loss of several classes at once. See torch.nn.MultiLabelMarginLoss. */
export class MultiLabelMarginLoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** {@link tripletMarginLoss} as a module: closer to the positive than to the negative. See torch.nn.TripletMarginLoss. */
export class TripletMarginLoss extends MarginLoss {
  p: number;
  eps: number;
  swap: boolean;

  constructor(...rest: Optional<'margin', number, TripletMarginLossOptions>) {
    const { margin, p, eps, swap, reduction } = readArgs('TripletMarginLoss', rest, TRIPLET);
    checkMargin(margin, 'TripletMarginLoss');
    super(margin, reduction);
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/** {@link tripletMarginWithDistanceLoss} as a module. See torch.nn.TripletMarginWithDistanceLoss. */
export class TripletMarginWithDistanceLoss extends MarginLoss {
  /** A module is registered, under PyTorch's name. */
  distance_function: Distance;
  swap: boolean;

  constructor(...rest: [options?: TripletMarginWithDistanceLossOptions]) {
    const where = 'TripletMarginWithDistanceLoss';
    const { distanceFunction, margin, swap, reduction } = readArgs(where, rest, TRIPLET_WITH_DISTANCE, 0);
    checkMargin(margin, where);
    super(margin, reduction);
    this.distance_function = distanceFunction ?? new PairwiseDistance();
    this.swap = swap;
  }

  get distanceFunction(): Distance {
    return this.distance_function;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}
