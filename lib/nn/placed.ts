import { checkDevice, readArgs } from '../args';
import { asDtype } from '../tensor/dtype';
import { dtypeOfType } from '../tensor/dtypeInfo';
import { Tensor } from '../tensor/tensor';

export interface PlaceOptions {
  device?: string | null;
  dtype?: string | null;
  nonBlocking?: false;
}

/** Where the parameters of a module are, and of what dtype: on the cpu and float32, always. */
export class Placed {
  /** Itself: `to('cpu')`, `to('float32')`, `to(x)`; any other device or dtype is refused. See torch.nn.Module.to. */
  to(...rest: [target: string | Tensor, options?: PlaceOptions] | [options: PlaceOptions]): this {
    const defaults = { target: null as string | Tensor | null, dtype: null as string | null };
    const { target, dtype } = readArgs('Module.to', rest, defaults);
    if (target instanceof Tensor) checkFloat('Module.to', target.dtype);
    else if (target !== null && /^(float|int|bool|long)/.test(target)) checkFloat('Module.to', target);
    else if (target !== null) checkDevice('Module.to', target);
    if (dtype !== null) checkFloat('Module.to', dtype);
    return this;
  }

  /** Itself, for 'float32'; any other dtype is refused. See torch.nn.Module.type. */
  type(dstType: string): this {
    checkFloat('Module.type', dtypeOfType(dstType));
    return this;
  }

  /** Itself: parameters are float32. */
  float(): this {
    return this;
  }

  /** Itself: there is only the cpu. */
  cpu(): this {
    return this;
  }

  /** Refused: there is only the cpu. */
  cuda(device: string | number = 'cuda'): never {
    throw new TypeError(`Module.cuda: there is only the device 'cpu' here, got ${device}`);
  }

  /** Refused: parameters are float32. */
  double(): never {
    return refuse('Module.double', 'float64');
  }

  /** Refused: parameters are float32. */
  half(): never {
    return refuse('Module.half', 'float16');
  }

  /** Refused: parameters are float32. */
  bfloat16(): never {
    return refuse('Module.bfloat16', 'bfloat16');
  }
}

function checkFloat(where: string, dtype: string): void {
  if (asDtype(where, dtype) !== 'float32') refuse(where, dtype);
}

function refuse(where: string, dtype: string): never {
  throw new TypeError(`${where}: the parameters of a module are float32 here, got ${dtype}`);
}
