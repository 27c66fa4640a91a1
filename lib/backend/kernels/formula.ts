/** Formulas over float32 values, written once: TensorFlow's ops, called directly, or the same in tfjs' own kernels. */
import * as tf from '@tensorflow/tfjs';
import type { Attrs } from '../engine';
import { attrList, constant, defineKernel, nativeOp, type Value } from '../kernel';
import { hasOwnOps } from '../native';
import { select } from './moves';

/** A number is a 0-d literal. */
type Operand = Value | number;
type One = (x: Operand) => Value;
type Two = (a: Operand, b: Operand) => Value;

/** What formulas are made of. The gradients take that of the output first, as TensorFlow's ops do not all. */
export interface Ops {
  neg: One;
  abs: One;
  exp: One;
  expm1: One;
  square: One;
  sigmoid: One;
  tanh: One;
  erfc: One;
  softplus: One;
  relu6: One;
  elu: One;
  selu: One;
  add: Two;
  sub: Two;
  mul: Two;
  div: Two;
  maximum: Two;
  minimum: Two;
  less: Two;
  atMost: Two;
  select(condition: Value, t: Operand, e: Operand): Value;
  leakyRelu(x: Value, slope: number): Value;
  /** `g` where x is positive, else `slope` times it. */
  leakyReluGrad(g: Value, x: Value, slope: number): Value;
  /** `g` but where x ≤ 0, or x ≥ bound if that is not 0. */
  reluGrad(g: Value, x: Value, bound: number): Value;
  softplusGrad(g: Value, x: Value): Value;
  /** From the output. */
  sigmoidGrad(g: Value, y: Value): Value;
  /** From the output. */
  tanhGrad(g: Value, y: Value): Value;
}

const value = (x: Operand): Value => (typeof x === 'number' ? constant(x) : x);
const float = () => attrList({ T: 'float32' });
const leaky = (alpha: number) => attrList({ T: 'float32', alpha: { float: alpha } });
const op =
  (name: string) =>
  (...inputs: Operand[]): Value =>
    nativeOp(name, float(), inputs.map(value));

const NATIVE: Ops = {
  neg: op('Neg'),
  abs: op('Abs'),
  exp: op('Exp'),
  expm1: op('Expm1'),
  square: op('Square'),
  sigmoid: op('Sigmoid'),
  tanh: op('Tanh'),
  erfc: op('Erfc'),
  softplus: op('Softplus'),
  relu6: op('Relu6'),
  elu: op('Elu'),
  selu: op('Selu'),
  add: op('AddV2'),
  sub: op('Sub'),
  mul: op('Mul'),
  div: op('RealDiv'),
  maximum: op('Maximum'),
  minimum: op('Minimum'),
  less: op('Less'),
  atMost: op('LessEqual'),
  select: op('SelectV2'),
  leakyRelu: (x, slope) => nativeOp('LeakyRelu', leaky(slope), [x]),
  leakyReluGrad: (g, x, slope) => nativeOp('LeakyReluGrad', leaky(slope), [g, x]),
  // TensorFlow's multiplies by 0, which makes NaN of infinite gradients, and gives 0 at NaN.
  reluGrad: (g, x, bound) =>
    hasOwnOps()
      ? nativeOp('FlambeauReluGrad', attrList({ bound: { float: bound } }), [g, x])
      : reluGrad(NATIVE, g, x, bound),
  softplusGrad: op('SoftplusGrad'),
  sigmoidGrad: (g, y) => nativeOp('SigmoidGrad', float(), [y, g]),
  tanhGrad: (g, y) => nativeOp('TanhGrad', float(), [y, g]),
};

const one =
  (fn: (x: Value) => Value): One =>
  (x) =>
    fn(value(x));
const two =
  (fn: (a: Value, b: Value) => Value): Two =>
  (a, b) =>
    fn(value(a), value(b));

const PORTABLE: Ops = {
  neg: one(tf.neg),
  abs: one(tf.abs),
  exp: one(tf.exp),
  expm1: one(tf.expm1),
  square: one(tf.square),
  sigmoid: one(tf.sigmoid),
  tanh: one(tf.tanh),
  erfc: one((x) => tf.engine().runKernel('Erfc', { x })),
  softplus: one(tf.softplus),
  relu6: one(tf.relu6),
  elu: one(tf.elu),
  selu: one(tf.selu),
  add: two(tf.add),
  sub: two(tf.sub),
  mul: two(tf.mul),
  div: two(tf.div),
  maximum: two(tf.maximum),
  minimum: two(tf.minimum),
  less: two(tf.less),
  atMost: two(tf.lessEqual),
  select: (condition, t, e) => select(condition, value(t), value(e)),
  leakyRelu: (x, slope) => select(tf.greater(x, 0), x, tf.mul(x, slope)),
  leakyReluGrad: (g, x, slope) => select(tf.greater(x, 0), g, tf.mul(g, slope)),
  reluGrad: (g, x, bound) => reluGrad(PORTABLE, g, x, bound),
  softplusGrad: (g, x) => tf.mul(g, tf.sigmoid(x)),
  sigmoidGrad: (g, y) => tf.mul(g, tf.mul(y, tf.sub(1, y))),
  tanhGrad: (g, y) => tf.mul(g, tf.sub(1, tf.square(y))),
};

function reluGrad(o: Ops, g: Value, x: Value, bound: number): Value {
  const above = o.select(o.atMost(x, 0), 0, g);
  return bound === 0 ? above : o.select(o.atMost(bound, x), 0, above);
}

/** Registers the formula as a kernel with the inputs that `names` says. */
export function defineFormula<A extends Attrs>(
  kernel: string,
  names: readonly string[],
  formula: (o: Ops, inputs: Value[], attrs: A) => Value,
): void {
  const given = (inputs: Record<string, Value>) => names.map((name) => inputs[name]!);
  defineKernel<A>(kernel, {
    native: (inputs, attrs) => tf.tidy(() => formula(NATIVE, given(inputs), attrs)),
    reference: (inputs, attrs) => formula(PORTABLE, given(inputs), attrs),
  });
}

/** {@link defineFormula} where an op of ours does it in one pass, `native`; where the binding lacks that, the formula serves. */
export function defineOwnFormula(
  kernel: string,
  names: readonly string[],
  formula: (o: Ops, inputs: Value[]) => Value,
  native: (inputs: Record<string, Value>) => Value,
): void {
  if (!hasOwnOps()) return defineFormula(kernel, names, formula);
  defineKernel(kernel, {
    native,
    reference: (inputs) =>
      formula(
        PORTABLE,
        names.map((name) => inputs[name]!),
      ),
  });
}
