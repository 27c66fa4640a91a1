import { autograd, Tensor } from 'flambeau';
import { argumentsOf, call, type GoldenCase, reviveOptions, tensorsIn } from '../support/replay';
import { fixtures, surface } from '../support/surface';
import { SMOOTH } from './smooth';

/** What computes nothing that PyTorch has a number for, or is compared elsewhere. */
const ELSEWHERE: Record<string, string> = {
  getBackend: 'names the backend',
  libtensorflowVersion: 'names the library',
  fromTfjs: "wraps a function of TensorFlow.js': spec/tensor/autograd.spec.ts",
  memory: 'spec/tensor/memory.spec.ts',
  tidy: 'spec/tensor/memory.spec.ts',
  ...named('spec/tensor/autograd.spec.ts', 'enableGrad isGradEnabled noGrad setGradEnabled'),
  ...named(
    'the streams of spec/golden/rng.json',
    'defaultGenerator getRngState initialSeed manualSeed setRngState rand randperm',
  ),
  ...named('spec/golden/printing.json is made of them', 'tensor'),
  ...named(
    'spec/tensor/{isolated,inference,anomaly,deepcopy}.spec.ts',
    'isolated inferenceMode isInferenceModeEnabled isInference isAnomalyEnabled isAnomalyCheckNanEnabled deepcopy',
  ),
  ...named(
    'settings: spec/ops/habits.spec.ts',
    'device getDefaultDtype setDefaultDtype getNumThreads setNumThreads getFloat32MatmulPrecision setFloat32MatmulPrecision useDeterministicAlgorithms areDeterministicAlgorithmsEnabled seed',
  ),
  'nn.functional.gradientPenalty': 'spec/golden/losses_adversarial.json',
  ...named("what is in an empty tensor is nobody's promise", 'empty emptyLike'),
  slice: 'spec/golden/indexing.json',
};

/** The parts of Tensor that compute nothing. */
const PARTS: Record<string, string> = {
  ...named('properties: spec/tensor', 'gradFn shape dtype ndim length device isLeaf requiresGrad grad data'),
  ...named(
    'spec/tensor/autograd.spec.ts',
    'requiresGrad_ detach backward retainGrad retainsGrad registerHook registerPostAccumulateGradHook',
  ),
  ...named('spec/tensor/memory.spec.ts', 'dispose isDisposed'),
  ...named('spec/tensor/format.spec.ts', 'toString toTypedArray tolist'),
  tfjs: 'the same values for TensorFlow.js',
  ...named('spec/golden/indexing.json', 'index'),
  ...named(
    'spec/ops/habits.spec.ts',
    'to cpu cuda double half bfloat16 short char byte detach_ isInference isCpu isCuda isSparse itemsize nbytes newEmpty',
  ),
  ...named('the streams of spec/golden/rng.json', 'normal_ bernoulli_'),
};

function named(reason: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, reason]));
}

/** A function, its method and its form in another namespace are one implementation. */
const operation = (name: string) => name.replace(/^.*\./, '');

const byOperation = new Map<string, GoldenCase[]>();
for (const [name, cases] of fixtures()) {
  const key = operation(name);
  byOperation.set(key, [...(byOperation.get(key) ?? []), ...cases]);
}

describe('every export', () => {
  it('is compared with PyTorch', () => {
    const missing = surface().filter((name) => {
      const key = operation(name);
      // What changes its tensor in place is made of the function by one helper.
      const plain = key.replace(/_$/, '');
      return !(
        byOperation.has(key) ||
        byOperation.has(plain) ||
        (name.startsWith('Tensor.') ? PARTS[key] : ELSEWHERE[name])
      );
    });
    expect(missing).toEqual([]);
  });

  it('is listed as an exception only if it is there and has no fixtures', () => {
    const names = new Set(surface());
    const idle = (list: Record<string, string>, prefix: string) =>
      Object.keys(list).filter((key) => !names.has(prefix + key) || byOperation.has(key));
    expect([...idle(ELSEWHERE, ''), ...idle(PARTS, 'Tensor.')]).toEqual([]);
  });
});

/** Whose gradients finite differences cannot see, and why. */
const NO_DIFFERENCES: Record<string, string> = {
  normal: 'its gradient is 0 by definition, as in PyTorch: the derivative is not',
};

/** Whose second derivative PyTorch refuses, and so do we. */
const ONCE = new Set(['hardsigmoid', 'pdist', 'ctcLoss', 'CTCLoss']);

const isDifferentiable = ({ cotangents }: GoldenCase) => cotangents?.some((cotangent) => cotangent !== null);
const elements = (golden: GoldenCase) => tensorsIn(argumentsOf(golden)).reduce((n, t) => n + t._size, 0);

/** The smallest cases with a gradient. */
function smallest(cases: GoldenCase[]): GoldenCase[] {
  const sized = cases.filter(isDifferentiable).map((golden) => ({ golden, size: elements(golden) }));
  const fitting = sized.filter(({ size }) => size > 0 && size <= 130).sort((a, b) => a.size - b.size);
  return fitting.slice(0, 10).map(({ golden }) => golden);
}

/** The function of the leaves that a case is, and the leaves. */
function asFunction(golden: GoldenCase): [fn: (...leaves: Tensor[]) => Tensor[], leaves: Tensor[]] {
  const args = argumentsOf(golden);
  const leaves = tensorsIn(args).filter((t) => t.requiresGrad);
  const fn = (...given: Tensor[]) => {
    const filled = (x: unknown): unknown => {
      if (Array.isArray(x)) return x.map(filled);
      return x instanceof Tensor && x.requiresGrad ? given[leaves.indexOf(x)] : x;
    };
    return tensorsIn(call(golden, args.map(filled), reviveOptions(golden.options))).filter((t) => t.requiresGrad);
  };
  return [fn, leaves];
}

/** Whether one of the cases, most of which lie away from kinks, passes. */
function passes(cases: GoldenCase[], check: typeof autograd.gradcheck): boolean {
  return cases.some((golden) => {
    try {
      return check(...asFunction(golden), { raiseException: false });
    } catch {
      return false;
    }
  });
}

describe('finite differences agree with the gradients of', () => {
  const pooled = new Map<string, GoldenCase[]>();
  for (const [name, cases] of byOperation) {
    // What changes its tensor is the same operation.
    const key = name.replace(/_$/, '');
    pooled.set(key, [...(pooled.get(key) ?? []), ...cases]);
  }
  const differentiable = [...pooled].filter(
    ([name, cases]) => !NO_DIFFERENCES[name] && !SMOOTH[name] && cases.some(isDifferentiable),
  );
  it.each(differentiable)('%s', (name, cases) => {
    const small = smallest(cases);
    expect(passes(small, autograd.gradcheck)).toBe(true);
    if (!ONCE.has(name)) expect(passes(small, autograd.gradgradcheck)).toBe(true);
  });

  it.each(Object.entries(SMOOTH))('%s, at inputs of its own', (name, inputs) => {
    expect(pooled.has(name)).toBe(true);
    expect(autograd.gradcheck(...inputs())).toBe(true);
    if (!ONCE.has(name)) expect(autograd.gradgradcheck(...inputs())).toBe(true);
  });
});
