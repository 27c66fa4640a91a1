/** Raised for every misuse that has no closer JavaScript class (TypeError, RangeError). Mirrors Python's RuntimeError. */
export class RuntimeError extends Error {
  override name = 'RuntimeError';
}

/** A value of the right type that is out of its domain. Mirrors Python's ValueError. */
export class ValueError extends RuntimeError {
  override name = 'ValueError';
}

/** An index, dimension or class label out of its range. Mirrors Python's IndexError. */
export class IndexError extends RangeError {
  override name = 'IndexError';
}

/** PyTorch's refusal of the dimension `dim` of a tensor with `ndim` of them; 0-d tensors have an imagined one. */
export function dimOutOfRange(dim: number, ndim: number): IndexError | TypeError {
  if (!Number.isInteger(dim)) return new TypeError(`a dimension must be an integer, got ${String(dim)}`);
  const range = Math.max(ndim, 1);
  return new IndexError(
    `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`,
  );
}

/** A key that is not there. Mirrors Python's KeyError. */
export class KeyError extends RuntimeError {
  override name = 'KeyError';
}

/** Something that should hold does not. Mirrors Python's AssertionError. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}
