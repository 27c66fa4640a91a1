/** Elements that change places between channels and space. */
import { noMore } from '../args';
import { RuntimeError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { checkTensor } from './define';
import { show } from './dims';
import { permuteTo, reshapeTo } from './layout';

/** Splits the last dimensions by `split`, puts the parts into `order` (counted from the first of them), and gives the result `shape`. */
function rearrange(x: Tensor, split: readonly number[], order: readonly number[], shape: readonly number[]): Tensor {
  const before = x.shape.slice(0, -3);
  const perm = [...before.map((_, i) => i), ...order.map((i) => i + before.length)];
  return reshapeTo(permuteTo(reshapeTo(x, [...before, ...split]), perm), [...before, ...shape]);
}

function checkFactor(where: string, x: Tensor, name: string, factor: number): void {
  checkTensor(where, x);
  if (x.ndim < 3) {
    throw new RuntimeError(
      `${where} expects input to have at least 3 dimensions, but got input with ${x.ndim} dimension(s)`,
    );
  }
  if (!(factor > 0)) throw new RuntimeError(`${where} expects a positive ${name}, but got ${factor}`);
}

/** [*, C·r², H, W] as [*, C, H·r, W·r], r the factor (Shi et al. 2016). See torch.nn.functional.pixel_shuffle. */
export function pixelShuffle(input: Tensor, upscaleFactor: number): Tensor {
  noMore('pixelShuffle(input, upscaleFactor)', arguments.length, 2);
  checkFactor('pixel_shuffle', input, 'upscale_factor', upscaleFactor);
  const [r, [channels, h, w]] = [upscaleFactor, input.shape.slice(-3) as [number, number, number]];
  if (channels % (r * r) !== 0) {
    throw new RuntimeError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but ` +
        `input.size(-3)=${channels} is not divisible by ${r * r}`,
    );
  }
  const c = channels / (r * r);
  return rearrange(input, [c, r, r, h, w], [0, 3, 1, 4, 2], [c, h * r, w * r]);
}

/** [*, C, H·r, W·r] as [*, C·r², H, W]: the opposite of {@link pixelShuffle}. See torch.nn.functional.pixel_unshuffle. */
export function pixelUnshuffle(input: Tensor, downscaleFactor: number): Tensor {
  noMore('pixelUnshuffle(input, downscaleFactor)', arguments.length, 2);
  checkFactor('pixel_unshuffle', input, 'downscale_factor', downscaleFactor);
  const [r, [c, height, width]] = [downscaleFactor, input.shape.slice(-3) as [number, number, number]];
  for (const [name, dim, size] of [['height', -2, height] as const, ['width', -1, width] as const]) {
    if (size % r === 0) continue;
    throw new RuntimeError(
      `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${dim})=${size} is not divisible by ${r}`,
    );
  }
  const [h, w] = [height / r, width / r];
  return rearrange(input, [c, h, r, w, r], [0, 2, 4, 1, 3], [c * r * r, h, w]);
}

/** The channels (dimension 1) of [N, C, *] in turn from each of `groups` groups. See torch.nn.functional.channel_shuffle. */
export function channelShuffle(input: Tensor, groups: number): Tensor {
  noMore('channelShuffle(input, groups)', arguments.length, 2);
  checkTensor('channelShuffle', input);
  const { shape } = input;
  if (input.ndim <= 2) {
    throw new RuntimeError(`channel_shuffle expects input with > 2 dims, but got input with sizes ${show(shape)}`);
  }
  const [n, c] = shape as [number, number];
  if (!(groups > 0)) {
    throw new RuntimeError(`Number of groups to divide channels in must be positive. Value of groups:${groups}`);
  }
  if (c % groups !== 0) {
    throw new RuntimeError(`Number of channels must be divisible by groups. Got ${c} channels and ${groups} groups.`);
  }
  const rest = shape.slice(2).reduce((a, b) => a * b, 1);
  return reshapeTo(permuteTo(reshapeTo(input, [n, groups, c / groups, rest]), [0, 2, 1, 3]), shape);
}
