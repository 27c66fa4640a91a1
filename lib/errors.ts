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

/** A key that is not there. Mirrors Python's KeyError. */
export class KeyError extends RuntimeError {
  override name = 'KeyError';
}
