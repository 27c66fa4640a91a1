import { noMore } from '../args';
import { constant, type DType, run, type Value } from '../backend/engine';
import { dimOutOfRange, RuntimeError } from '../errors';
import { checkTensor } from '../tensor/check';
import { dtypeOfNumber, promoteTypes } from '../tensor/dtype';
import { needsGraph } from '../tensor/graph';
import { record, unrecorded } from '../tensor/op';
import { Tensor } from '../tensor/tensor';

export { checkTensor };

/** What a binary operation takes on either side. */
export type Operand = Tensor | number | boolean;
/** Shape of the result of broadcasting, or PyTorch's error with both shapes. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const ndim = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < ndim; i++) {
    const x = a[i - ndim + a.length] ?? 1;
    const y = b[i - ndim + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RuntimeError(
        `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${i}: the shapes are ` +
          `[${a.join(', ')}] and [${b.join(', ')}]`,
      );
    }
    shape.push(x === 1 ? y : x);
  }
  return shape;
}

/** A dimension counted from the end if negative; out of range is PyTorch's IndexError. */
export function normalDim(dim: number, ndim: number): number {
  const range = Math.max(ndim, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) throw dimOutOfRange(dim, ndim);
  return dim < 0 ? dim + range : dim;
}

export const dtypeOf = (x: Operand): DType => (x instanceof Tensor ? x.dtype : dtypeOfNumber(x));
export const shapeOf = (x: Operand): readonly number[] => (x instanceof Tensor ? x.shape : []);

/** Calls `fn` with the values of `operands` as `dtype`; what had to be converted for it is freed. */
export function withValues<R>(operands: readonly Operand[], dtype: DType, fn: (...values: Value[]) => R): R {
  const temporary: Value[] = [];
  const valueOf = (x: Operand) => {
    if (!(x instanceof Tensor)) return constant(dtype === 'bool' ? Number(Boolean(x)) : Number(x), dtype);
    if (x.dtype === dtype) return x._value;
    const converted = run('Cast', { x: x._value }, { dtype });
    temporary.push(converted);
    return converted;
  };
  try {
    return fn(...operands.map(valueOf));
  } finally {
    for (const value of temporary) value.dispose();
  }
}

/** For arguments that are arrays: of sizes, of dimensions, of tensors. */
export function checkArray(where: string, x: unknown, argument: string): asserts x is readonly unknown[] {
  if (Array.isArray(x)) return;
  throw new TypeError(`${where}(): argument '${argument}' must be an array, not ${x === null ? 'null' : typeof x}`);
}

export function checkOperand(where: string, x: unknown, argument: string): asserts x is Operand {
  if (x instanceof Tensor || typeof x === 'number' || typeof x === 'boolean') return;
  throw new TypeError(
    `${where}(): argument '${argument}' must be a Tensor or a number, not ${x === null ? 'null' : typeof x}`,
  );
}

export function checkNumber(where: string, x: unknown, argument: string): asserts x is number {
  if (typeof x === 'number') return;
  throw new TypeError(`${where}(): argument '${argument}' must be Number, not ${x === null ? 'null' : typeof x}`);
}

/** The functions that PyTorch lets compute with two numbers, too. */
const OF_TWO_NUMBERS = new Set(['add', 'sub', 'mul', 'div', 'floorDivide']);

/** The two operands of a binary function: one must be a tensor. */
export function checkOperands(where: string, a: unknown, b: unknown): void {
  checkOperand(where, a, 'input');
  checkOperand(where, b, 'other');
  if (!(a instanceof Tensor || b instanceof Tensor || OF_TWO_NUMBERS.has(where))) {
    throw new TypeError(`${where}(): argument 'input' or 'other' must be a Tensor, got two numbers: ${a}, ${b}`);
  }
}

/** A function of one tensor, and of two operands. */
export type Unary = (input: Tensor) => Tensor;
export type Binary = (input: Operand, other: Operand) => Tensor;

/** Gradient of `x` from that of the output `g`; `y` is the output. */
type UnaryRule = (g: Tensor, x: Tensor, y: Tensor) => Tensor;
/** What the rule of a unary operation reads of the forward pass. */
type Saves = 'input' | 'output' | 'nothing';

/** A pointwise function of one tensor; integers and bools are taken as float32, as PyTorch does. */
export function unary(name: string, node: string, kernel: string, saves: Saves, rule: UnaryRule): Unary {
  const form = `${name}(input)`;
  return function (x) {
    noMore(form, arguments.length, 1);
    checkTensor(name, x);
    const value = withValues([x], 'float32', (v) => run(kernel, { x: v }));
    return recordUnary(value, node, x, saves, rule);
  };
}

export function recordUnary(value: Value, node: string, x: Tensor, saves: Saves, rule: UnaryRule): Tensor {
  const how = { name: node, inputs: [x], saves: saves === 'input' ? [x] : [] };
  // A rule keeps only what it reads; the rest can be freed before backward.
  if (saves === 'input') return record(value, how, () => [(g) => rule(g!, x, UNREAD)]);
  if (saves === 'nothing') return record(value, how, () => [(g) => rule(g!, UNREAD, UNREAD)]);
  return record(value, how, (y) => [(g) => rule(g!, UNREAD, y)], true);
}

/** Stands for what an operation says that its rules do not read. */
const UNREAD = undefined as unknown as Tensor;

/** Gradients of `a` and `b`, before they are summed over what was broadcast. */
type BinaryRules = [(g: Tensor, a: Operand, b: Operand) => Tensor, (g: Tensor, a: Operand, b: Operand) => Tensor];

/** What the two rules read: nothing, each the other operand, or each both. */
type BinarySaves = 'nothing' | 'other' | 'both';

export interface BinaryOptions {
  saves: BinarySaves;
  /** The dtype computed in, from the promoted one. */
  computeIn?: (promoted: DType) => DType;
}

/** An operation of two operands with broadcasting and PyTorch's promotion. */
export function binary(name: string, node: string, kernel: string, options: BinaryOptions, rules: BinaryRules): Binary {
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    checkOperands(name, a, b);
    const promoted = promoteTypes(dtypeOf(a), dtypeOf(b));
    const dtype = options.computeIn ? options.computeIn(promoted) : promoted;
    broadcastShape(shapeOf(a), shapeOf(b));
    const value = withValues([a, b], dtype, (x, y) => run(kernel, { a: x, b: y }));
    return recordBinary(value, node, a, b, options.saves, rules);
  };
}

export function recordBinary(
  value: Value,
  node: string,
  a: Operand,
  b: Operand,
  saves: BinarySaves,
  rules: BinaryRules,
): Tensor {
  const operands = [a, b];
  const inputs = operands.filter((x) => x instanceof Tensor);
  if (!needsGraph(inputs)) return unrecorded(value);
  const saved = saves === 'both' ? inputs : saves === 'other' ? savedForOther(a, b) : [];
  // A rule keeps only what it reads; the rest can be freed before backward.
  const [x, y] = operands.map((operand) =>
    operand instanceof Tensor && !saved.includes(operand) ? UNREAD : operand,
  ) as [Operand, Operand];
  const shapes = operands.map(shapeOf);
  return record(value, { name: node, inputs, saves: saved }, () =>
    operands.flatMap((operand, i) => {
      const [rule, shape] = [rules[i]!, shapes[i]!];
      return operand instanceof Tensor ? [(g: Tensor | null) => rule(g!, x, y).sumToSize(shape)] : [];
    }),
  );
}

/** Each operand that the gradient of the other will read, if it is wanted. */
export function savedForOther(a: Operand, b: Operand): Tensor[] {
  const needed = (x: Operand, other: Operand) =>
    x instanceof Tensor && other instanceof Tensor && other.requiresGrad ? [x] : [];
  return [...needed(a, b), ...needed(b, a)];
}

/** A comparison: bool, with broadcasting, without gradient. */
export function comparison(name: string, kernel: string): Binary {
  const form = `${name}(input, other)`;
  return function (a, b) {
    noMore(form, arguments.length, 2);
    checkOperands(name, a, b);
    broadcastShape(shapeOf(a), shapeOf(b));
    // Bools are compared as integers: not every kernel takes them.
    const promoted = promoteTypes(dtypeOf(a), dtypeOf(b));
    const dtype = promoted === 'bool' ? 'int32' : promoted;
    return unrecorded(withValues([a, b], dtype, (x, y) => run(kernel, { a: x, b: y })));
  };
}

/** A comparison, whichever side is the tensor. */
export const compared = (a: Operand, b: Operand, test: 'ge' | 'gt' | 'le' | 'lt'): Tensor =>
  a instanceof Tensor ? a[test](b) : (b as Tensor)[MIRRORED[test]](a);
const MIRRORED = { ge: 'le', gt: 'lt', le: 'ge', lt: 'gt' } as const;
