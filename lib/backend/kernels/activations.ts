/**
 * Activations and their gradients, in as few of TensorFlow's ops as give PyTorch's numbers. Each `name` becomes two kernels:
 * `${name}Forward` of x, and `${name}Backward` of x and dy, the gradient of the output.
 */
import type { Attrs } from '../engine';
import { attrList, nativeOp, type Value } from '../kernel';
import { defineFormula, defineOwnFormula, type Ops } from './formula';

interface Activation<A> {
  forward(o: Ops, x: Value, attrs: A): Value;
  backward(o: Ops, g: Value, x: Value, attrs: A): Value;
}

function define<A extends Attrs>(name: string, { forward, backward }: Activation<A>): void {
  defineFormula<A>(`${name}Forward`, ['x'], (o, [x], attrs) => forward(o, x!, attrs));
  defineFormula<A>(`${name}Backward`, ['dy', 'x'], (o, [g, x], attrs) => backward(o, g!, x!, attrs));
}

/** In the order of native/ops/activations.h. */
const OWN = ['Gelu', 'GeluTanh', 'Silu', 'Mish'] as const;

/** {@link define} of an activation that our op computes. */
function defineOwn(name: (typeof OWN)[number], { forward, backward }: Activation<Attrs>): void {
  const own = (x: Value, dy: Value, flag: boolean) =>
    nativeOp('FlambeauActivation', attrList({ k: OWN.indexOf(name), flag }), [x, dy]);
  defineOwnFormula(
    `${name}Forward`,
    ['x'],
    (o, [x]) => forward(o, x!, {}),
    ({ x }) => own(x!, x!, false),
  );
  defineOwnFormula(
    `${name}Backward`,
    ['dy', 'x'],
    (o, [g, x]) => backward(o, g!, x!, {}),
    ({ dy, x }) => own(x!, dy!, true),
  );
}

/** The gradients of relu, tanh and σ from their outputs. */
defineOwnFormula(
  'ReluGrad',
  ['dy', 'y'],
  (o, [g, y]) => o.reluGrad(g!, y!, 0),
  ({ dy, y }) => nativeOp('FlambeauReluGrad', [], [dy!, y!]),
);
defineFormula('TanhGrad', ['dy', 'y'], (o, [g, y]) => o.tanhGrad(g!, y!));
defineFormula('SigmoidGrad', ['dy', 'y'], (o, [g, y]) => o.sigmoidGrad(g!, y!));

define<{ slope: number }>('LeakyRelu', {
  forward: (o, x, { slope }) => o.leakyRelu(x, slope),
  backward: (o, g, x, { slope }) => o.leakyReluGrad(g, x, slope),
});

defineFormula('PreluForward', ['x', 'w'], (o, [x, w]) => o.select(o.less(0, x!), x!, o.mul(x!, w!)));

type Bounds = { min: number; max: number };
const isRelu6 = ({ min, max }: Bounds) => min === 0 && max === 6;

define<Bounds>('Hardtanh', {
  forward: (o, x, bounds) => (isRelu6(bounds) ? o.relu6(x) : o.minimum(o.maximum(x, bounds.min), bounds.max)),
  backward(o, g, x, bounds) {
    const { min, max } = bounds;
    if (isRelu6(bounds)) return o.reluGrad(g, x, 6);
    if (min === -max) return o.select(o.atMost(max, o.abs(x)), 0, g);
    return o.select(o.atMost(x, min), 0, o.select(o.atMost(max, x), 0, g));
  },
});

define<{ threshold: number; value: number }>('Threshold', {
  forward: (o, x, { threshold, value }) => o.select(o.atMost(x, threshold), value, x),
  backward: (o, g, x, { threshold }) => o.select(o.atMost(x, threshold), 0, g),
});

/** `y` where |x| > λ. */
const beyond = (o: Ops, y: Value, x: Value, { lambd }: { lambd: number }) => o.select(o.atMost(o.abs(x), lambd), 0, y);

define<{ lambd: number }>('Hardshrink', { forward: (o, x, attrs) => beyond(o, x, x, attrs), backward: beyond });
define<{ lambd: number }>('Softshrink', {
  forward: (o, x, { lambd }) => o.sub(x, o.minimum(o.maximum(x, -lambd), lambd)),
  backward: beyond,
});

define('Hardsigmoid', {
  forward: (o, x) => o.div(o.relu6(o.add(x, 3)), 6),
  backward: (o, g, x) => o.select(o.less(o.abs(x), 3), o.div(g, 6), 0),
});

define('Hardswish', {
  forward: (o, x) => o.div(o.mul(x, o.relu6(o.add(x, 3))), 6),
  backward: (o, g, x) => o.select(o.atMost(x, -3), 0, o.select(o.less(x, 3), o.mul(g, o.add(o.div(x, 3), 0.5)), g)),
});

/** `negative` · (e^(rate · x) − 1) up to 0, `positive` · x above. */
type Elu = { negative: number; positive: number; rate: number };
const isPlain = ({ negative, positive, rate }: Elu) => negative === 1 && positive === 1 && rate === 1;

/** selu as an elu (Klambauer et al. 2017, https://arxiv.org/abs/1706.02515). */
export const SELU: Readonly<Elu> = { negative: 1.7580993408473766, positive: 1.0507009873554805, rate: 1 };
const isSelu = ({ negative, positive }: Elu) => negative === SELU.negative && positive === SELU.positive;

define<Elu>('Elu', {
  forward(o, x, attrs) {
    const { negative, positive, rate } = attrs;
    if (isPlain(attrs)) return o.elu(x);
    if (isSelu(attrs)) return o.selu(x);
    const below = o.mul(o.expm1(rate === 1 ? x : o.mul(x, rate)), negative);
    return o.select(o.atMost(x, 0), below, positive === 1 ? x : o.mul(x, positive));
  },
  backward(o, g, x, { negative, positive, rate }) {
    // TensorFlow's EluGrad takes the output, near -1 of which the slope is lost.
    const power = o.exp(rate === 1 ? x : o.mul(x, rate));
    const below = negative * rate === 1 ? power : o.mul(power, negative * rate);
    return o.mul(o.select(o.atMost(x, 0), below, positive), g);
  },
});

defineOwn('Gelu', {
  // With erfc in the place of 1 + erf there is no cancellation at negative x.
  forward: (o, x) => o.mul(o.mul(x, 0.5), o.erfc(o.mul(x, -Math.SQRT1_2))),
  backward(o, g, x) {
    const cdf = o.mul(o.erfc(o.mul(x, -Math.SQRT1_2)), 0.5);
    const pdf = o.mul(o.exp(o.mul(o.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return o.mul(g, o.add(cdf, o.mul(x, pdf)));
  },
});

/** gelu ≈ x · σ(x · (RATE + CUBE · x²)), which is x/2 · (1 + tanh(…)) without cancellation. */
export const RATE = 2 * Math.sqrt(2 / Math.PI);
export const CUBE = RATE * 0.044715;

defineOwn('GeluTanh', {
  forward: (o, x) => o.mul(x, o.sigmoid(o.mul(x, o.add(o.mul(o.square(x), CUBE), RATE)))),
  backward(o, g, x) {
    const square = o.square(x);
    const y = o.sigmoid(o.mul(x, o.add(o.mul(square, CUBE), RATE)));
    const slope = o.mul(x, o.add(o.mul(square, 3 * CUBE), RATE));
    return o.mul(g, o.add(y, o.sigmoidGrad(slope, y)));
  },
});

defineOwn('Silu', {
  forward: (o, x) => o.mul(x, o.sigmoid(x)),
  backward(o, g, x) {
    const y = o.sigmoid(x);
    return o.mul(g, o.add(y, o.sigmoidGrad(x, y)));
  },
});

defineOwn('Mish', {
  forward: (o, x) => o.mul(x, o.tanh(o.softplus(x))),
  backward(o, g, x) {
    const y = o.tanh(o.softplus(x));
    return o.mul(g, o.add(y, o.softplusGrad(o.tanhGrad(x, y), x)));
  },
});

type Softplus = { beta: number; threshold: number };
/** From here on softplus(x) is x in float32. */
const LINEAR = 17;

define<Softplus>('Softplus', {
  forward(o, x, { beta, threshold }) {
    const scaled = beta === 1 ? x : o.mul(x, beta);
    const y = o.softplus(scaled);
    const curved = beta === 1 ? y : o.div(y, beta);
    return threshold >= LINEAR ? curved : o.select(o.less(threshold, scaled), x, curved);
  },
  backward(o, g, x, { beta, threshold }) {
    const scaled = beta === 1 ? x : o.mul(x, beta);
    const curved = o.softplusGrad(g, scaled);
    return threshold >= LINEAR ? curved : o.select(o.less(threshold, scaled), g, curved);
  },
});

define('LogSigmoid', {
  forward: (o, x) => o.neg(o.softplus(o.neg(x))),
  backward: (o, g, x) => o.softplusGrad(g, o.neg(x)),
});
