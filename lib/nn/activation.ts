import { noMore, type Optional, readArgs } from '../args';
import { ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import { Module } from './module';

/** An activation whose only option is `inplace`, which writes the result into the input. */
abstract class Plain extends Module {
  readonly inplace: boolean;

  constructor(...rest: Optional<'inplace', boolean>) {
    super();
    this.inplace = readArgs(this.constructor.name, rest, { inplace: false }).inplace;
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** An activation without options. */
abstract class Bare extends Module {
  constructor(...none: []) {
    super();
    noMore(`new ${this.constructor.name}()`, none.length, 0);
  }
}

/** max(x, 0). See torch.nn.ReLU. */
export class ReLU extends Plain {
  forward(input: Tensor): Tensor {
    return F.relu(input, { inplace: this.inplace });
  }
}

/** {@link F.selu} as a module. See torch.nn.SELU. */
export class SELU extends Plain {
  forward(input: Tensor): Tensor {
    return F.selu(input, { inplace: this.inplace });
  }
}

/** x · σ(x). See torch.nn.SiLU. */
export class SiLU extends Plain {
  forward(input: Tensor): Tensor {
    return F.silu(input, { inplace: this.inplace });
  }
}

/** x · tanh(softplus(x)). See torch.nn.Mish. */
export class Mish extends Plain {
  forward(input: Tensor): Tensor {
    return F.mish(input, { inplace: this.inplace });
  }
}

/** relu6(x + 3) / 6. See torch.nn.Hardsigmoid. */
export class Hardsigmoid extends Plain {
  forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return '';
  }
}

/** x · relu6(x + 3) / 6. See torch.nn.Hardswish. */
export class Hardswish extends Plain {
  forward(input: Tensor): Tensor {
    return F.hardswish(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return '';
  }
}

/** 1 / (1 + e⁻ˣ). See torch.nn.Sigmoid. */
export class Sigmoid extends Bare {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** ln σ(x). See torch.nn.LogSigmoid. */
export class LogSigmoid extends Bare {
  forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/** Hyperbolic tangent. See torch.nn.Tanh. */
export class Tanh extends Bare {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** x − tanh(x). See torch.nn.Tanhshrink. */
export class Tanhshrink extends Bare {
  forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/** x / (1 + |x|). See torch.nn.Softsign. */
export class Softsign extends Bare {
  forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/** x · Φ(x), Φ the normal distribution; `approximate: 'tanh'` as in its paper. See torch.nn.GELU. */
export class GELU extends Module {
  readonly approximate: F.GeluApproximation;

  constructor(...rest: Optional<'approximate', F.GeluApproximation>) {
    super();
    this.approximate = readArgs('GELU', rest, { approximate: 'none' as F.GeluApproximation }).approximate;
  }

  forward(input: Tensor): Tensor {
    return F.gelu(input, this.approximate);
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** The first half along `dim` times σ of the second. See torch.nn.GLU. */
export class GLU extends Module {
  readonly dim: number;

  constructor(...rest: Optional<'dim', number>) {
    super();
    this.dim = readArgs('GLU', rest, { dim: -1 }).dim;
  }

  forward(input: Tensor): Tensor {
    return F.glu(input, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** Softmax over `dim`; without it over one chosen by the number of dimensions, with a warning. See torch.nn.Softmax. */
export class Softmax extends Module {
  readonly dim: number | null;

  constructor(...rest: Optional<'dim', number | null>) {
    super();
    this.dim = readArgs(this.constructor.name, rest, { dim: null as number | null }).dim;
  }

  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim ?? 'None'}`;
  }
}

/** Softmax of −x. See torch.nn.Softmin. */
export class Softmin extends Softmax {
  override forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }
}

/** Logarithm of the softmax over `dim`. See torch.nn.LogSoftmax. */
export class LogSoftmax extends Softmax {
  override forward(input: Tensor): Tensor {
    return F.logSoftmax(input, this.dim);
  }
}

/** Softmax over the channels of [N, C, H, W] or [C, H, W]. See torch.nn.Softmax2d. */
export class Softmax2d extends Bare {
  forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new ValueError(`Softmax2d: expected input to be 3D or 4D, got ${input.ndim}D instead`);
    }
    return F.softmax(input, -3);
  }
}
