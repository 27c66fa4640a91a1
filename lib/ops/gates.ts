/** Functions in which parts of the input weigh each other: gated units, drawn classes, bilinear forms. */
import { noMore, type Optional, readArgs } from '../args';
import { fromHost, run } from '../backend/engine';
import { IndexError, RuntimeError } from '../errors';
import { defaultGenerator } from '../tensor/context';
import { zerosLike } from '../tensor/creation';
import { record } from '../tensor/op';
import { Tensor } from '../tensor/tensor';
import { checkFloat } from './activate';
import { checkTensor, normalDim } from './define';
import { cat } from './join';
import { cropDim, reshapeTo } from './layout';
import { matmul } from './matmul';
import { softmax } from './softmax';

/** The first half along `dim` (−1) times σ of the second. See torch.nn.functional.glu. */
export function glu(input: Tensor, ...rest: Optional<'dim', number>): Tensor {
  const { dim } = readArgs('glu', rest, { dim: -1 });
  checkTensor('glu', input);
  if (input.ndim === 0) throw new RuntimeError('glu does not support scalars because halving size must be even');
  const at = normalDim(dim, input.ndim);
  const size = input.shape[at]!;
  if (size % 2 !== 0) {
    throw new RuntimeError(`Halving dimension must be even, but dimension ${at} is size ${size}`);
  }
  checkFloat('glu', 'glu_cpu', input);
  const halves = (x: Tensor) => [0, size / 2].map((start) => cropDim(x, at, start, size / 2)) as [Tensor, Tensor];
  const [a, b] = halves(input.detach());
  const value = run('Multiply', { a: a._value, b: b.sigmoid()._value });
  return record(value, { name: 'Glu', inputs: [input], saves: [input] }, () => [
    (g) => {
      const [x, gate] = halves(input);
      const open = gate.sigmoid();
      const kept = g!.mul(open);
      return cat([kept, kept.mul(x).mul(open.neg().add(1))], at);
    },
  ]);
}

export interface GumbelSoftmaxOptions {
  /** One-hot, with the gradient of the soft one. */
  hard?: boolean;
  /** Without effect, as in PyTorch. */
  eps?: number;
  dim?: number;
}

/**
 * The softmax along `dim` (−1) of logits plus Gumbel noise from the default generator, over `tau` (Jang et al. 2016,
 * https://arxiv.org/abs/1611.00712). See torch.nn.functional.gumbel_softmax.
 */
export function gumbelSoftmax(logits: Tensor, ...rest: Optional<'tau', number, GumbelSoftmaxOptions>): Tensor {
  checkTensor('gumbelSoftmax', logits, 'logits');
  const { tau, hard, eps, dim } = readArgs('gumbelSoftmax', rest, { tau: 1, hard: false, eps: 1e-10, dim: -1 });
  if (eps !== 1e-10) console.warn('gumbelSoftmax: `eps` parameter is deprecated and has no effect.');
  if (logits.dtype !== 'float32') {
    throw new RuntimeError(
      `Exponential distribution is a continuous probability distribution. dtype must be a floating point but you specified ${logits.dtype}`,
    );
  }
  const soft = softmax(logits.add(gumbelNoise(logits)).div(tau), dim);
  if (!hard) return soft;
  const chosen = soft.argmax(dim, { keepdim: true });
  return zerosLike(logits).scatter(dim, chosen, 1).sub(soft.detach()).add(soft);
}

function gumbelNoise(like: Tensor): Tensor {
  const generator = defaultGenerator();
  const draw = () => Float32Array.from(generator.exponential(like._size), (x) => -Math.log(Math.fround(x)));
  return Tensor._of(fromHost(draw, like.shape, 'float32'));
}

/**
 * `input1ᵀ · weight[k] · input2 + bias[k]` for each k: inputs [*, in1] and [*, in2], weight [out, in1, in2], bias [out] give
 * [*, out]. See torch.nn.functional.bilinear.
 */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  noMore('bilinear(input1, input2, weight, bias)', arguments.length, 4);
  checkBilinear(input1, input2, weight, bias);
  const [out, in1, in2] = weight.shape as [number, number, number];
  const batch = input1.shape.slice(0, -1);
  const rows = batch.reduce((a, b) => a * b, 1);
  const byInput1 = reshapeTo(weight.permute(1, 0, 2), [in1, out * in2]);
  const forms = reshapeTo(matmul(reshapeTo(input1, [rows, in1]), byInput1), [rows, out, in2]);
  const product = reshapeTo(matmul(forms, reshapeTo(input2, [rows, in2, 1])), [...batch, out]);
  return bias === null ? product : product.add(bias);
}

function checkBilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null): void {
  for (const [name, x] of Object.entries({ input1, input2, weight, ...(bias && { bias }) })) {
    checkTensor('bilinear', x, name);
    if (x.dtype !== 'float32') {
      throw new RuntimeError(`bilinear: All tensors must have the same dtype, float32, got ${name}: ${x.dtype}`);
    }
  }
  const refuse = (what: string, got: number, and: number, word = 'and') => {
    throw new RuntimeError(`bilinear(): ${what}: got ${got} ${word} ${and}`);
  };
  if (input1.ndim !== input2.ndim) refuse('input dimensions do not match', input1.ndim, input2.ndim);
  if (weight.ndim !== 3 || input1.ndim === 0) {
    throw new IndexError(`bilinear(): weight must have 3 dimensions and inputs at least 1, got ${weight.ndim}`);
  }
  input1.shape.slice(0, -1).forEach((n, i) => {
    if (n !== input2.shape[i]) refuse(`input batch dimensions do not match at dim ${i}`, n, input2.shape[i]!);
  });
  [input1, input2].forEach((x, i) => {
    const [got, wanted] = [x.shape.at(-1)!, weight.shape[i + 1]!];
    if (got !== wanted) refuse(`input${i + 1} size does not match weight size`, got, wanted, 'but expected');
  });
  if (bias && bias.shape[0] !== weight.shape[0]) {
    refuse('bias size does not match weight size', bias.shape[0] ?? 1, weight.shape[0]!, 'but expected');
  }
}
