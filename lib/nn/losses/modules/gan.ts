import { type Optional, readArgs } from '../../../args';
import { ValueError } from '../../../errors';
import { fullLike } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import { type Reduction, reduce, UNWEIGHTED } from '../../reduction';
import { binaryCrossEntropyWithLogits } from '../binary';
import { mseLoss } from '../regression';
import { Loss } from './base';

/** Binary cross entropy of logits, least squares, Wasserstein, or hinge. */
export type GANMode = 'vanilla' | 'lsgan' | 'wgan' | 'hinge';

export interface GANLossOptions {
  /** What 'vanilla' and 'lsgan' want of a real sample; 0.9 is one-sided label smoothing. */
  realLabel?: number;
  fakeLabel?: number;
  reduction?: Reduction;
}

/** The losses of scores that ought to say "real", or "fake", or be near `label`. */
type Judge = (scores: Tensor, isReal: boolean, label: number) => Tensor;

const DISCRIMINATOR: Record<GANMode, Judge> = {
  vanilla: (scores, _, label) => binaryCrossEntropyWithLogits(scores, fullLike(scores, label), { reduction: 'none' }),
  lsgan: (scores, _, label) => mseLoss(scores, fullLike(scores, label), { reduction: 'none' }),
  wgan: (scores, isReal) => (isReal ? scores.neg() : scores),
  hinge: (scores, isReal) => (isReal ? scores.neg() : scores).add(1).relu(),
};

/** A generator has no margin to keep. */
const GENERATOR: Record<GANMode, Judge> = { ...DISCRIMINATOR, hinge: DISCRIMINATOR.wgan };

/**
 * The losses of a generative adversarial network from the discriminator's scores, which are logits:
 *
 * | mode | discriminator, real | discriminator, fake | generator |
 * |---|---|---|---|
 * | `vanilla` | −ln σ(x) | −ln(1 − σ(x)) | −ln σ(x) |
 * | `lsgan` | (x − 1)² | x² | (x − 1)² |
 * | `wgan` | −x | x | −x |
 * | `hinge` | max(0, 1 − x) | max(0, 1 + x) | −x |
 *
 * ```ts
 * const criterion = new nn.GANLoss('hinge');
 * const [real, fake] = [tensor([1.5, 0.5]), tensor([-0.5, 0])];
 * const ofDiscriminator = criterion.discriminator(real, fake);
 * const ofGenerator = criterion.generator(fake);
 * ```
 *
 * 'wgan' wants a critic with bounded slope: see {@link gradientPenalty}. Modes after Goodfellow et al. 2014, Mao et al. 2017,
 * Arjovsky et al. 2017, Lim and Ye 2017.
 */
export class GANLoss extends Loss {
  readonly mode: GANMode;
  realLabel: number;
  fakeLabel: number;

  constructor(...rest: Optional<'mode', GANMode, GANLossOptions>) {
    const defaults = { mode: 'vanilla' as GANMode, realLabel: 1, fakeLabel: 0, ...UNWEIGHTED };
    const { mode, realLabel, fakeLabel, reduction } = readArgs('GANLoss', rest, defaults);
    if (!Object.hasOwn(DISCRIMINATOR, mode))
      throw new ValueError(
        `GANLoss: mode must be one of ${Object.keys(DISCRIMINATOR).join(', ')}, got ${String(mode)}`,
      );
    super(reduction);
    this.mode = mode;
    this.realLabel = realLabel;
    this.fakeLabel = fakeLabel;
  }

  /** The loss of scores that ought to say "real" or "fake"; with `forDiscriminator: false`, as the generator wants it. */
  forward(scores: Tensor, isReal: boolean, ...rest: Optional<'forDiscriminator', boolean>): Tensor {
    const { forDiscriminator } = readArgs('GANLoss', rest, { forDiscriminator: true });
    const judge = (forDiscriminator ? DISCRIMINATOR : GENERATOR)[this.mode];
    return reduce(judge(scores, isReal, isReal ? this.realLabel : this.fakeLabel), this.reduction);
  }

  /** What the discriminator minimises: the loss of the scores of real samples and that of fake ones, added. */
  discriminator(real: Tensor, fake: Tensor): Tensor {
    return this.forward(real, true).add(this.forward(fake, false));
  }

  /** What the generator minimises: that its fakes be taken for real. */
  generator(fake: Tensor): Tensor {
    return this.forward(fake, true, false);
  }
}
