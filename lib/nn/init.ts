import { noMore, type Optional, readArgs } from '../args';
import { fromHost } from '../backend/engine';
import { RuntimeError, ValueError } from '../errors';
import { checkTensor } from '../ops/define';
import { checkScalar } from '../tensor/check';
import { defaultGenerator, generatorOf, withGrad } from '../tensor/context';
import { eye } from '../tensor/creation';
import type { Generator } from '../tensor/generator';
import { Tensor } from '../tensor/tensor';
import { fans, orthogonal, sparseNormal, truncatedNormal } from './initNumeric';

export interface InitOptions {
  /** Draws from this generator instead of the default one. */
  generator?: Generator | null;
}

/** Numbers that may be given positionally, in this order, or by name in the options at the end. */
export type Numbers<Names extends readonly string[]> =
  | [options?: InitOptions & { [K in Names[number]]?: number | undefined }]
  | (Names extends readonly [string, ...infer Rest extends string[]]
      ? [number: number | undefined, ...rest: Numbers<Rest>]
      : never);

/** What {@link calculateGain} knows. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

export interface KaimingOptions extends InitOptions {
  /** Which fan keeps its variance: 'fan_in' in the forward pass, 'fan_out' in the backward pass. */
  mode?: 'fan_in' | 'fan_out';
  /** The function after this layer. */
  nonlinearity?: Nonlinearity;
}

const GENERATOR = { generator: null as Generator | null };
const KAIMING = { a: 0, mode: 'fan_in', nonlinearity: 'leaky_relu' as Nonlinearity, ...GENERATOR };

/** Runs `fill` on the tensor without recording it, and returns the tensor. */
function unrecorded<T extends Tensor>(name: string, tensor: T, fill: (tensor: T) => unknown): T {
  checkTensor(name, tensor, 'tensor');
  withGrad(false, () => fill(tensor));
  return tensor;
}

function takeOver(tensor: Tensor, source: Tensor): void {
  tensor.copy_(source);
  source.dispose();
}

/** Fills with what the host computes. */
function fillFromHost(tensor: Tensor, compute: () => Float32Array): void {
  takeOver(tensor, Tensor._of(fromHost(compute, tensor.shape, 'float32')));
}

/** Fills with what the host draws. */
function fillDrawn(name: string, tensor: Tensor, generator: Generator | null, draw: (g: Generator) => Float32Array) {
  if (tensor.dtype !== 'float32') {
    throw new RuntimeError(`${name}: not implemented for ${tensor.dtype}, only for float32`);
  }
  const g = generatorOf(generator);
  fillFromHost(tensor, () => draw(g));
}

/** Fills with uniform numbers of [a, b), by default [0, 1). See torch.nn.init.uniform_. */
export function uniform_<T extends Tensor>(tensor: T, ...rest: Numbers<['a', 'b']>): T {
  const { a, b, generator } = readArgs('uniform_', rest, { a: 0, b: 1, ...GENERATOR }, 2);
  return unrecorded('uniform_', tensor, () => tensor.uniform_(a, b, { generator }));
}

/** Fills with normal numbers, by default standard normal. See torch.nn.init.normal_. */
export function normal_<T extends Tensor>(tensor: T, ...rest: Numbers<['mean', 'std']>): T {
  const { mean, std, generator } = readArgs('normal_', rest, { mean: 0, std: 1, ...GENERATOR }, 2);
  return unrecorded('normal_', tensor, () => tensor.normal_(mean, std, { generator }));
}

/** Fills with normal numbers that lie in [a, b], by default [-2, 2]; the bounds are absolute. See torch.nn.init.trunc_normal_. */
export function truncNormal_<T extends Tensor>(tensor: T, ...rest: Numbers<['mean', 'std', 'a', 'b']>): T {
  const defaults = { mean: 0, std: 1, a: -2, b: 2, ...GENERATOR };
  const { mean, std, a, b, generator } = readArgs('truncNormal_', rest, defaults, 4);
  if (mean < a - 2 * std || mean > b + 2 * std) {
    console.warn(
      'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
    );
  }
  return unrecorded('truncNormal_', tensor, () =>
    fillDrawn('truncNormal_', tensor, generator, (g) => truncatedNormal(g, tensor._size, mean, std, a, b)),
  );
}

/** Sets every element to `val`. See torch.nn.init.constant_. */
export function constant_<T extends Tensor>(tensor: T, val: number): T {
  noMore('constant_(tensor, val)', arguments.length, 2);
  return unrecorded('constant_', tensor, () => tensor.fill_(val));
}

/** Sets every element to 1. See torch.nn.init.ones_. */
export function ones_<T extends Tensor>(tensor: T): T {
  noMore('ones_(tensor)', arguments.length, 1);
  return unrecorded('ones_', tensor, () => tensor.fill_(1));
}

/** Sets every element to 0. See torch.nn.init.zeros_. */
export function zeros_<T extends Tensor>(tensor: T): T {
  noMore('zeros_(tensor)', arguments.length, 1);
  return unrecorded('zeros_', tensor, () => tensor.zero_());
}

/** Makes a matrix the identity, as far as its shape allows. See torch.nn.init.eye_. */
export function eye_<T extends Tensor>(tensor: T): T {
  noMore('eye_(tensor)', arguments.length, 1);
  return unrecorded('eye_', tensor, () => {
    const [rows, cols] = matrixShape(tensor);
    takeOver(tensor, eye(rows, cols, { dtype: tensor.dtype }));
  });
}

/**
 * Makes the weight [out, in, …] of a 1-, 2- or 3-dimensional convolution pass its channels through, as many as there are, in
 * each of `groups` groups. See torch.nn.init.dirac_.
 */
export function dirac_<T extends Tensor>(
  tensor: T,
  ...rest: [groups?: number | undefined] | [options?: { groups?: number | undefined }]
): T {
  const { groups } = readArgs('dirac_', rest, { groups: 1 });
  return unrecorded('dirac_', tensor, () => {
    if (tensor.ndim < 3 || tensor.ndim > 5) {
      throw new ValueError('Only tensors with 3, 4, or 5 dimensions are supported');
    }
    if (tensor.shape[0]! % groups !== 0) throw new ValueError('dim 0 must be divisible by groups');
    fillFromHost(tensor, () => diracKernels(tensor.shape, groups));
  });
}

function diracKernels(shape: readonly number[], groups: number): Float32Array {
  const [outChannels, inChannels, ...kernel] = shape as [number, number, ...number[]];
  const size = kernel.reduce((a, b) => a * b, 1);
  const center = kernel.reduce((offset, length) => offset * length + Math.floor(length / 2), 0);
  const perGroup = outChannels / groups;
  const result = new Float32Array(outChannels * inChannels * size);
  for (let o = 0; o < outChannels; o++) {
    const i = o % perGroup;
    if (i < inChannels) result[(o * inChannels + i) * size + center] = 1;
  }
  return result;
}

/**
 * Fills with U(−a, a), a = gain · √(6 / (fanIn + fanOut)): Glorot's uniform initialisation. At least two dimensions. See
 * torch.nn.init.xavier_uniform_.
 */
export function xavierUniform_<T extends Tensor>(tensor: T, ...rest: Numbers<['gain']>): T {
  const { gain, generator } = readArgs('xavierUniform_', rest, { gain: 1, ...GENERATOR });
  return unrecorded('xavierUniform_', tensor, () => {
    const a = Math.sqrt(3) * xavierStd(tensor, gain);
    tensor.uniform_(-a, a, { generator });
  });
}

/**
 * Fills with N(0, std²), std = gain · √(2 / (fanIn + fanOut)): Glorot's normal initialisation. At least two dimensions. See
 * torch.nn.init.xavier_normal_.
 */
export function xavierNormal_<T extends Tensor>(tensor: T, ...rest: Numbers<['gain']>): T {
  const { gain, generator } = readArgs('xavierNormal_', rest, { gain: 1, ...GENERATOR });
  return unrecorded('xavierNormal_', tensor, () => tensor.normal_(0, xavierStd(tensor, gain), { generator }));
}

function xavierStd(tensor: Tensor, gain: number): number {
  const { fanIn, fanOut } = fans(tensor.shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Fills with U(−bound, bound), bound = gain · √(3 / fan): He's uniform initialisation. `a` is the slope of the leaky_relu that
 * follows. At least two dimensions. See torch.nn.init.kaiming_uniform_.
 */
export function kaimingUniform_<T extends Tensor>(tensor: T, ...rest: Optional<'a', number, KaimingOptions>): T {
  const options = readArgs('kaimingUniform_', rest, KAIMING);
  return unrecorded('kaimingUniform_', tensor, () => {
    if (isEmpty(tensor)) return;
    const bound = Math.sqrt(3) * kaimingStd(tensor, options);
    tensor.uniform_(-bound, bound, { generator: options.generator });
  });
}

/**
 * Fills with N(0, std²), std = gain / √fan: He's normal initialisation. `a` is the slope of the leaky_relu that follows. At
 * least two dimensions. See torch.nn.init.kaiming_normal_.
 */
export function kaimingNormal_<T extends Tensor>(tensor: T, ...rest: Optional<'a', number, KaimingOptions>): T {
  const options = readArgs('kaimingNormal_', rest, KAIMING);
  return unrecorded('kaimingNormal_', tensor, () => {
    if (isEmpty(tensor)) return;
    tensor.normal_(0, kaimingStd(tensor, options), { generator: options.generator });
  });
}

function kaimingStd(tensor: Tensor, { a, mode, nonlinearity }: typeof KAIMING): number {
  const asked = String(mode).toLowerCase();
  if (asked !== 'fan_in' && asked !== 'fan_out') {
    throw new ValueError(`Mode ${asked} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const { fanIn, fanOut } = fans(tensor.shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(asked === 'fan_in' ? fanIn : fanOut);
}

function isEmpty(tensor: Tensor): boolean {
  if (tensor._size > 0) return false;
  console.warn('Initializing zero-element tensors is a no-op');
  return true;
}

/**
 * Fills with a (semi-)orthogonal matrix times `gain`; dimensions after the first count as one. At least two dimensions. PyTorch
 * factorises in float32, so its numbers agree to about 1e-5. See torch.nn.init.orthogonal_.
 */
export function orthogonal_<T extends Tensor>(tensor: T, ...rest: Numbers<['gain']>): T {
  const { gain, generator } = readArgs('orthogonal_', rest, { gain: 1, ...GENERATOR });
  return unrecorded('orthogonal_', tensor, () => {
    if (tensor.ndim < 2) throw new ValueError('Only tensors with 2 or more dimensions are supported');
    const [rows, size] = [tensor.shape[0]!, tensor._size];
    if (size > 0) fillDrawn('orthogonal_', tensor, generator, (g) => orthogonal(g, rows, size / rows, gain));
  });
}

/**
 * Fills a matrix with N(0, std²), and in each column that share `sparsity` of the rows, rounded up, with 0; as in PyTorch the
 * places of the zeros always come from the default generator. See torch.nn.init.sparse_.
 */
export function sparse_<T extends Tensor>(tensor: T, sparsity: number, ...rest: Numbers<['std']>): T {
  const { std, generator } = readArgs('sparse_', rest, { std: 0.01, ...GENERATOR });
  checkScalar('sparse_', sparsity, 'sparsity');
  return unrecorded('sparse_', tensor, () => {
    const [rows, cols] = matrixShape(tensor);
    const zeros = Math.ceil(sparsity * rows);
    fillDrawn('sparse_', tensor, generator, (g) => sparseNormal(g, defaultGenerator(), rows, cols, zeros, std));
  });
}

function matrixShape(tensor: Tensor): [number, number] {
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  return tensor.shape as [number, number];
}

const GAINS = new Map<string, number>([
  ['linear', 1],
  ['conv1d', 1],
  ['conv2d', 1],
  ['conv3d', 1],
  ['conv_transpose1d', 1],
  ['conv_transpose2d', 1],
  ['conv_transpose3d', 1],
  ['sigmoid', 1],
  ['tanh', 5 / 3],
  ['relu', Math.SQRT2],
  ['selu', 3 / 4],
]);

/** The recommended gain for the layer before `nonlinearity`; `param` is leaky_relu's slope, .01 by default. See torch.nn.init.calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, ...rest: Optional<'param', number | null>): number {
  const { param } = readArgs('calculateGain', rest, { param: null as number | null });
  if (nonlinearity === 'leaky_relu') return leakyGain(param ?? 0.01);
  const gain = GAINS.get(nonlinearity);
  if (gain === undefined) throw new ValueError(`Unsupported nonlinearity ${nonlinearity}`);
  return gain;
}

function leakyGain(slope: number): number {
  if (typeof slope !== 'number') throw new ValueError(`negative_slope ${slope} not a valid number`);
  return Math.sqrt(2 / (1 + slope ** 2));
}
