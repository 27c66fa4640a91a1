import { noMore } from '../args';
import { ValueError } from '../errors';

/** An image of bytes, pixel by pixel, row by row, channel by channel: what torchvision's datasets give as a PIL image. */
export class Image {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;

  constructor(data: Uint8Array, height: number, width: number, channels = 1) {
    noMore('new Image(data, height, width, channels)', arguments.length, 4);
    const sizes = [height, width, channels];
    if (!sizes.every(Number.isInteger) || data.length !== height * width * channels) {
      throw new ValueError(`Image: ${data.length} bytes cannot be height × width × channels = ${sizes.join(' × ')}`);
    }
    this.data = data;
    this.height = height;
    this.width = width;
    this.channels = channels;
  }
}
