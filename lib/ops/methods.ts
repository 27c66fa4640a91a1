/** Puts the operations on Tensor: function and method are one implementation. */
import { noMore, type Optional } from '../args';
import { bernoulli, multinomial } from '../tensor/randomCreation';
import { Tensor } from '../tensor/tensor';
import * as arithmetic from './arithmetic';
import * as arrange from './arrange';
import { unfold } from './assemble';
import { type Attributes, attributeMethods, attributes, stride } from './attributes';
import * as cast from './cast';
import * as clamp from './clamp';
import * as compare from './compare';
import * as extremes from './extremes';
import { assemblyMethods } from './families/assembly';
import { linalgMethods } from './families/linalg';
import { mathMethods } from './families/mathMethods';
import { numericMethods } from './families/numeric';
import { scatteringMethods } from './families/scattering';
import * as sorting from './families/sorting';
import { specialMethods } from './families/special';
import { gather, indexAdd, indexSelect, narrow, scatterAdd, select, takeAlongDim } from './indexing';
import * as inplace from './inplace';
import * as inplaceMore from './inplaceMore';
import { chunk, split, unbind } from './join';
import { det, inv, logdet, matrixPower, slogdet } from './linalg/systems';
import * as masked from './masked';
import { addmm, bmm, dot, matmul, mm, mv, outer } from './matmul';
import type { ValuesIndices } from './named';
import * as newTensors from './newTensors';
import { nonzero } from './nonzero';
import { norm } from './norm';
import { hardshrink, prelu } from './piecewise';
import * as pointwise from './pointwise';
import { addbmm, addmv, addr, baddbmm, cross, inner, kron, trace, vdot } from './products';
import * as randomFills from './randomFill';
import type { KeepdimOptions } from './reduce';
import * as reduce from './reduce';
import * as shape from './shape';
import { logSoftmax, logsumexp, softmax } from './softmax';
import { std, variance } from './statistics';
import { index, indexPut_ } from './subscript';

const { ontoDiagonals: _ontoDiagonals, ...arrangeMethods } = arrange;
const { where: _where, ...pointwiseMethods } = pointwise;
const { broadcastTensors: _broadcastTensors, ...shapeMethods } = shape;
const { max, min, ...extremeMethods } = extremes;
const { inPlace: _inPlace, inPlaceOf: _inPlaceOf, replaced: _replaced, ...inplaceMethods } = inplace;

const { allclose, aminmax, argsort, bincount, cummax, cummin, cumprod, diff, equal, histc, isclose } = sorting;
const { kthvalue, logcumsumexp, median, mode, msort, nanmean, nanmedian, nanquantile, quantile, rot90 } = sorting;
const { repeatInterleave, sort, tensorSplit, topk, unique, uniqueConsecutive } = sorting;

/** Their types have several forms, which the interface below writes out. */
const overloaded = { max, min, median, nanmedian, repeatInterleave, unique, uniqueConsecutive, stride };

/** Their first argument is the method's self. */
const families = {
  ...arithmetic,
  ...mathMethods,
  ...scatteringMethods,
  ...assemblyMethods,
  ...numericMethods,
  ...specialMethods,
  ...linalgMethods,
  ...arrangeMethods,
  ...cast,
  ...clamp,
  ...newTensors,
  ...compare,
  ...extremeMethods,
  ...inplaceMethods,
  ...inplaceMore,
  ...randomFills,
  ...masked,
  ...pointwiseMethods,
  ...reduce,
  ...shapeMethods,
  ...{ addmm, bmm, dot, matmul, mm, mv, outer },
  ...{ gather, indexAdd, indexSelect, narrow, scatterAdd, select, takeAlongDim },
  ...{ chunk, split, unbind },
  ...{ logSoftmax, logsumexp, norm, softmax, std, var: variance },
  ...{ index, indexPut_, nonzero },
  ...{ allclose, aminmax, argsort, bincount, cummax, cummin, cumprod, diff, equal, histc, isclose },
  ...{ kthvalue, logcumsumexp, mode, msort, nanmean, nanquantile, quantile, rot90, sort, tensorSplit, topk, unfold },
  ...{ bernoulli, multinomial },
  ...{ hardshrink, prelu },
  ...{ addbmm, addmv, addr, baddbmm, cross, inner, kron, trace, vdot },
  ...{ det, inverse: inv, logdet, matrixPower, slogdet },
};

/** Methods whose self is not the function's first argument. */
const others = {
  ...attributeMethods,
  /** This tensor where `condition`, else `other`. See torch.Tensor.where. */
  where(self: Tensor, condition: Tensor, other: Tensor | number): Tensor {
    return pointwise.where(condition, self, other);
  },
};

type Functions = typeof families & typeof others;
type Method<F> = F extends (self: Tensor, ...args: infer A) => infer R ? (...args: A) => R : never;
type Methods = { [K in keyof Functions]: Method<Functions[K]> };

declare module '../tensor/tensor' {
  interface Tensor extends Methods, Attributes {
    /** The largest element; with `dim`, [values, indices] along it; with a tensor, the elementwise larger. See torch.max. */
    max(): Tensor;
    max(other: Tensor): Tensor;
    max(dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
    max(options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
    /** The smallest element; forms as {@link max}. See torch.min. */
    min(): Tensor;
    min(other: Tensor): Tensor;
    min(dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
    min(options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
    /** Each slice along `dim`, by default each element, so many times in a row. See torch.repeat_interleave. */
    repeatInterleave(
      repeats: number | Tensor,
      ...rest: Optional<'dim', number | null, { outputSize?: number | null }>
    ): Tensor;
    /** The middle element; with `dim`, [values, indices] along it. See torch.median. */
    median(): Tensor;
    median(dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
    median(options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
    /** {@link median} of what is not NaN. See torch.nanmedian. */
    nanmedian(): Tensor;
    nanmedian(dim: number, keepdim?: boolean | KeepdimOptions): ValuesIndices<Tensor>;
    nanmedian(options: KeepdimOptions & { dim: number }): ValuesIndices<Tensor>;
    /** The distinct elements, sorted. See torch.unique. */
    unique<O extends sorting.UniqueOptions & { sorted?: boolean }>(options?: O): sorting.Unique<O>;
    /** The distinct elements of runs. See torch.unique_consecutive. */
    uniqueConsecutive<O extends sorting.UniqueOptions>(options?: O): sorting.Unique<O>;
    /** How many elements lie between neighbours in each dimension, or in one. See torch.Tensor.stride. */
    stride(): number[];
    stride(dim: number): number;
    /** The transpose of a matrix. See torch.Tensor.T. */
    readonly T: Tensor;
    /** The last two dimensions exchanged. See torch.Tensor.mT. */
    readonly mT: Tensor;
  }
}

type Call = (self: Tensor, ...args: unknown[]) => unknown;

function attach(name: string, value: (this: Tensor, ...args: unknown[]) => unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}

for (const [name, fn] of Object.entries({ ...families, ...overloaded })) {
  const call = fn as Call;
  attach(name, function (...args) {
    return call(this, ...args);
  });
}

for (const [name, fn] of Object.entries(others)) {
  const call = fn as Call;
  const count = call.length - 1;
  attach(name, function (...args) {
    noMore(`${name}()`, args.length, count);
    return call(this, ...args);
  });
}

/** The class's own methods that take nothing. */
const plain = ['detach', 'dim', 'dispose', 'item', 'numel', 'retainGrad', 'tolist', 'toTypedArray'] as const;
for (const name of plain) {
  const call = Tensor.prototype[name] as (this: Tensor) => unknown;
  attach(name, function (...args) {
    noMore(`${name}()`, args.length, 0);
    return call.call(this);
  });
}

for (const [name, read] of Object.entries(attributes)) {
  Object.defineProperty(Tensor.prototype, name, {
    get(this: Tensor) {
      return read(this);
    },
    configurable: true,
  });
}

Object.defineProperties(Tensor.prototype, {
  T: {
    get(this: Tensor) {
      return shape.permute(this, this.shape.map((_, i) => i).reverse());
    },
    configurable: true,
  },
  mT: {
    get(this: Tensor) {
      return shape.transpose(this, -2, -1);
    },
    configurable: true,
  },
});
