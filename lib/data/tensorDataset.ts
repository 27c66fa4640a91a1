import { IndexError, RuntimeError } from '../errors';
import { indexSelect, select } from '../ops/indexing';
import { fromTypedArray } from '../tensor/creation';
import { Tensor } from '../tensor/tensor';
import type { Collated } from './collate';
import { checkIndex, Dataset } from './dataset';

type TypedArray = ReturnType<Tensor['toTypedArray']>;

/**
 * Tensors that agree in their first dimension: sample i is row i of each, a batch is those rows stacked. A row is a copy.
 * See torch.utils.data.TensorDataset.
 */
export class TensorDataset<T extends readonly Tensor[]> extends Dataset<T> {
  readonly tensors: T;
  private readonly _columns: HostRows[];

  constructor(...tensors: T) {
    super();
    tensors.forEach(checkTensor);
    if (tensors.length === 0) throw new IndexError('TensorDataset: takes at least one tensor');
    if (tensors.some((tensor) => tensor.shape[0] !== tensors[0]!.shape[0])) {
      throw new RuntimeError(`Size mismatch between tensors: ${tensors.map(({ shape }) => `[${shape}]`).join(', ')}`);
    }
    this.tensors = tensors;
    this._columns = tensors.map((tensor) => new HostRows(tensor));
  }

  override get length(): number {
    return this.tensors[0]!.shape[0]!;
  }

  override get(index: number): T {
    const place = checkIndex(index, this.length);
    return this._columns.map((column) => column.row(place)) as unknown as T;
  }

  override getBatch(indices: readonly number[]): Collated<T> {
    const places = indices.map((index) => checkIndex(index, this.length));
    return this._columns.map((column) => column.gather(places)) as Collated<T>;
  }
}

function checkTensor(tensor: unknown, i: number): void {
  if (!(tensor instanceof Tensor)) throw new TypeError(`TensorDataset: argument ${i + 1} is not a tensor`);
  if (tensor.shape.length > 0) return;
  throw new IndexError(`TensorDataset: argument ${i + 1} has no dimensions, the samples are rows of the first`);
}

/** The content of a tensor on the host, fetched again whenever the tensor has changed. */
export class HostCopy {
  readonly tensor: Tensor;
  private _data: TypedArray | null = null;
  private _version = -1;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  data(): TypedArray {
    if (this._data === null || this._version !== this.tensor._version) {
      this._data = this.tensor.toTypedArray();
      this._version = this.tensor._version;
    }
    return this._data;
  }
}

class HostRows extends HostCopy {
  row(at: number): Tensor {
    if (this.tensor.requiresGrad) return select(this.tensor, 0, at);
    return this._copy([at], this.tensor.shape.slice(1));
  }

  /** Those rows in one new tensor; backward reaches the rows of a tensor that requires grad. */
  gather(indices: readonly number[]): Tensor {
    if (this.tensor.requiresGrad)
      return indexSelect(this.tensor, 0, fromTypedArray(Int32Array.from(indices), [indices.length]));
    return this._copy(indices, [indices.length, ...this.tensor.shape.slice(1)]);
  }

  private _copy(indices: readonly number[], shape: readonly number[]): Tensor {
    const size = this.tensor.shape.slice(1).reduce((a, b) => a * b, 1);
    return fromTypedArray(copyRows(this.data(), indices, size), shape, this.tensor.dtype);
  }
}

/** The rows of `size` elements at `indices`, one after the other in a new array: a tensor may keep the array it is given. */
export function copyRows<A extends TypedArray>(data: A, indices: readonly number[], size: number): A {
  const out = new (data.constructor as new (length: number) => A)(indices.length * size);
  if (size === 1) {
    for (let i = 0; i < indices.length; i++) out[i] = data[indices[i]!]!;
    return out;
  }
  indices.forEach((from, to) => {
    out.set(data.subarray(from * size, (from + 1) * size), to * size);
  });
  return out;
}
