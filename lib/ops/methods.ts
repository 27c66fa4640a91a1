/** Puts the operations on Tensor: one implementation for function and method. */
import { Tensor } from '../tensor/tensor';
import * as arithmetic from './arithmetic';
import * as cast from './cast';
import * as compare from './compare';
import * as indexing from './indexing';
import * as inplace from './inplace';
import * as join from './join';
import * as matmul from './matmul';
import * as pointwise from './pointwise';
import * as reduce from './reduce';
import * as shape from './shape';
import * as softmax from './softmax';
import * as statistics from './statistics';

const { where: _, ...pointwiseMethods } = pointwise;

/** Whole families of functions whose first argument is the method's self. */
const families = { ...arithmetic, ...cast, ...compare, ...inplace, ...pointwiseMethods };

type Method<F> = F extends (self: Tensor, ...args: infer A) => infer R ? (...args: A) => R : never;
type Methods = { [K in keyof typeof families]: Method<(typeof families)[K]> };

declare module '../tensor/tensor' {
  interface Tensor extends Methods {}
}

for (const [name, fn] of Object.entries(families)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...args: unknown[]) {
      return (fn as (...all: unknown[]) => unknown)(this, ...args);
    },
    writable: true,
    configurable: true,
  });
}
