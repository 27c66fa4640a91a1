/** Windows for spectra: float32 vectors that rise and fall. */
import { readArgs } from '../args';
import { RuntimeError } from '../errors';
import { fromTypedArray } from '../tensor/creation';
import { asDtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { i0 } from './specialMath';

export interface WindowOptions {
  dtype?: string | null;
  requiresGrad?: boolean;
  device?: string;
}

/** `periodic` windows are those of one more element without its last: they repeat without a seam. */
type Periodic<O = object> =
  | [options?: O & WindowOptions & { periodic?: boolean }]
  | [periodic: boolean, options?: O & WindowOptions];

const DEFAULTS = { periodic: true, dtype: null as string | null, requiresGrad: false };

/** `shape(i / (n − 1))` for i = 0 … n − 1. */
function sampled(name: string, length: number, options: typeof DEFAULTS, shape: (x: number) => number): Tensor {
  if (!Number.isInteger(length) || length < 0) {
    throw new RuntimeError(`${name}: requires non-negative window_length, got window_length=${length}`);
  }
  if (options.dtype !== null && asDtype(name, options.dtype) !== 'float32') {
    throw new RuntimeError(`${name} expects floating point dtypes, got: ${options.dtype}`);
  }
  const steps = options.periodic ? length : length - 1;
  const values = Float32Array.from({ length }, (_, i) => (length === 1 ? 1 : shape(i / steps)));
  return fromTypedArray(values, [length]).requiresGrad_(options.requiresGrad);
}

const cosine = (k: number, x: number) => Math.cos(2 * Math.PI * k * x);

/** A triangle from 0 to 1 and back. See torch.bartlett_window. */
export function bartlettWindow(windowLength: number, ...rest: Periodic): Tensor {
  const options = readArgs('bartlett_window', rest, DEFAULTS);
  return sampled('bartlett_window', windowLength, options, (x) => 1 - Math.abs(2 * x - 1));
}

/** ½ − ½ cos 2πx. See torch.hann_window. */
export function hannWindow(windowLength: number, ...rest: Periodic): Tensor {
  const options = readArgs('hann_window', rest, DEFAULTS);
  return sampled('hann_window', windowLength, options, (x) => 0.5 - 0.5 * cosine(1, x));
}

/** `alpha` − `beta` cos 2πx. See torch.hamming_window. */
export function hammingWindow(windowLength: number, ...rest: Periodic<{ alpha?: number; beta?: number }>): Tensor {
  const { alpha, beta, ...options } = readArgs('hamming_window', rest, { ...DEFAULTS, alpha: 0.54, beta: 0.46 });
  return sampled('hamming_window', windowLength, options, (x) => alpha - beta * cosine(1, x));
}

/** 0.42 − ½ cos 2πx + 0.08 cos 4πx. See torch.blackman_window. */
export function blackmanWindow(windowLength: number, ...rest: Periodic): Tensor {
  const options = readArgs('blackman_window', rest, DEFAULTS);
  return sampled('blackman_window', windowLength, options, (x) => 0.42 - 0.5 * cosine(1, x) + 0.08 * cosine(2, x));
}

/** I₀(β √(1 − (2x − 1)²)) / I₀(β): the larger `beta`, the narrower. See torch.kaiser_window. */
export function kaiserWindow(windowLength: number, ...rest: Periodic<{ beta?: number }>): Tensor {
  const { beta, requiresGrad, ...options } = readArgs('kaiser_window', rest, { ...DEFAULTS, beta: 12 });
  const root = (x: number) => Math.sqrt(Math.max(0, 1 - (2 * x - 1) ** 2));
  const roots = sampled('kaiser_window', windowLength, { ...options, requiresGrad: false }, root);
  const scale = fromTypedArray(Float32Array.of(beta), []);
  return i0(roots.mul(beta)).div(i0(scale)).requiresGrad_(requiresGrad);
}
