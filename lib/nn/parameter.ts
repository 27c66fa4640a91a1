import { inspect } from 'node:util';
import { readArgs } from '../args';
import { type Copier, copyContent, DEEPCOPY } from '../tensor/deepcopy';
import { track } from '../tensor/memory';
import { Tensor } from '../tensor/tensor';

/**
 * A tensor that a module trains: a leaf, which requires grad by default and is found by `parameters()` where it is assigned
 * to a property of a module. It shares the storage of `data`. See torch.nn.parameter.Parameter.
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, ...rest: [options?: { requiresGrad?: boolean }] | [requiresGrad?: boolean]) {
    if (!(data instanceof Tensor)) throw new TypeError(`Parameter: takes a Tensor, got ${typeof data}`);
    super(data._storage);
    // Even where it is made inside tidy: it belongs to its module.
    if (this._tag < 0) track(this);
    const { requiresGrad } = readArgs('Parameter', rest, { requiresGrad: true });
    this.requiresGrad_(requiresGrad);
  }

  /** @internal A copy without the gradient, as PyTorch's. */
  [DEEPCOPY](copy: Copier): Parameter {
    return new Parameter(copyContent(this, copy), this.requiresGrad);
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }

  override [inspect.custom](): string {
    return this.toString();
  }
}
