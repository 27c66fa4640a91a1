import { noMore } from '../args';
import type { Tensor } from '../tensor/tensor';
import * as F from './functional';
import { Module } from './module';

/** [*, C·r², H, W] as [*, C, H·r, W·r]. See torch.nn.PixelShuffle. */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    noMore('new PixelShuffle(upscaleFactor)', arguments.length, 1);
    super();
    this.upscaleFactor = upscaleFactor;
  }

  forward(input: Tensor): Tensor {
    return F.pixelShuffle(input, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/** [*, C, H·r, W·r] as [*, C·r², H, W]. See torch.nn.PixelUnshuffle. */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    noMore('new PixelUnshuffle(downscaleFactor)', arguments.length, 1);
    super();
    this.downscaleFactor = downscaleFactor;
  }

  forward(input: Tensor): Tensor {
    return F.pixelUnshuffle(input, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/** The channels of [N, C, *] in turn from each of `groups` groups. See torch.nn.ChannelShuffle. */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(groups: number) {
    noMore('new ChannelShuffle(groups)', arguments.length, 1);
    super();
    this.groups = groups;
  }

  forward(input: Tensor): Tensor {
    return F.channelShuffle(input, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
