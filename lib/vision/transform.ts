import { inspect } from 'node:util';

/** A transform is called like a function, with the arguments and the result of its `forward`. */
export interface Transform {
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/** Base of the transforms: `new ToTensor()` makes a function. Any function of one argument can stand in for one. */
export abstract class Transform {
  /** True if each value of the result depends on one byte and its channel alone: a batch can then be looked up in a table. */
  get pixelwise(): boolean {
    return false;
  }

  constructor() {
    const self = ((input: unknown) => self.forward(input)) as unknown as this;
    Object.setPrototypeOf(self, new.target.prototype);
    // biome-ignore lint/correctness/noConstructorReturn: what makes a transform callable
    return self;
  }

  // biome-ignore lint/suspicious/noExplicitAny: every transform has an argument of its own
  abstract forward(input: any): any;

  /** torchvision's repr. */
  toString(): string {
    return `${this.constructor.name}()`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** True for a transform whose result can be looked up byte by byte. */
export function isPixelwise(transform: unknown): boolean {
  return transform instanceof Transform && transform.pixelwise;
}

/** A subclass may do anything, so it vouches for itself. */
export function isExactly(transform: Transform, type: { prototype: object }): boolean {
  return Object.getPrototypeOf(transform) === type.prototype;
}

/** A function as Python would print it. */
export function describe(transform: (...args: never[]) => unknown): string {
  return transform instanceof Transform ? transform.toString() : `<function ${transform.name || '<lambda>'}>`;
}

export function className(value: unknown): string {
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return value === null ? 'null' : typeof value;
}
