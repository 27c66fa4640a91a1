import { type Optional, readArgs } from '../args';
import type { Tensor } from '../tensor/tensor';
import { checkProbability } from './dropoutFunctions';
import * as F from './functional';
import { Module } from './module';
import { showBool, showNumber } from './repr';

/** What drops in training, and lets all pass in evaluation. */
abstract class AnyDropout extends Module {
  readonly p: number;
  readonly inplace: boolean;

  constructor(...rest: Optional<'p', number, F.InplaceOptions>) {
    super();
    const { p, inplace } = readArgs(this.constructor.name, rest, { p: 0.5, inplace: false });
    checkProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return `p=${showNumber(this.p)}, inplace=${showBool(this.inplace)}`;
  }

  /** The options of the function. */
  protected get options(): Required<F.DropoutOptions> {
    return { training: this.training, inplace: this.inplace };
  }
}

/** In training, zeroes each element with probability `p` and scales the others by 1/(1−p). See torch.nn.Dropout. */
export class Dropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.options);
  }
}

/** {@link Dropout} of whole channels of [N, C, L] or [C, L]. See torch.nn.Dropout1d. */
export class Dropout1d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.options);
  }
}

/** {@link Dropout} of whole channels of [N, C, H, W]. See torch.nn.Dropout2d. */
export class Dropout2d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.options);
  }
}

/** {@link Dropout} of whole channels of [N, C, D, H, W] or [C, D, H, W]. See torch.nn.Dropout3d. */
export class Dropout3d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.options);
  }
}

/** Dropout for selu networks, which keeps mean and variance; `inplace` is without effect, as in PyTorch. See torch.nn.AlphaDropout. */
export class AlphaDropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.alphaDropout(input, this.p, { training: this.training });
  }
}

/** {@link AlphaDropout} of whole channels of [N, C, *]. See torch.nn.FeatureAlphaDropout. */
export class FeatureAlphaDropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return F.featureAlphaDropout(input, this.p, { training: this.training });
  }
}
