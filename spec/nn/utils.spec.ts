import { setTimeout } from 'node:timers/promises';
import { memory, nn, optim, RuntimeError, type Tensor, tensor, zeros } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';

const { utils } = nn;

type Grads = (TensorJson | null)[];
interface Case {
  fn: 'getTotalNorm' | 'clipGradNorm_' | 'clipGradsWithNorm_' | 'clipGradValue_' | 'vectorToParameters';
  name: string;
  grads: Grads;
  args: (number | string | TensorJson)[];
  options: object;
  out: TensorJson | null;
  after: Grads;
  throws?: string;
}
type VectorCase = Case & { vector: TensorJson; params: TensorJson[]; joined: TensorJson; after: TensorJson[] };

const { cases } = readGolden<Case>('nn_utils');
const named = <C extends Case>(rows: C[]) => rows.map((c) => [`${c.fn} ${c.name}`, c] as const);
const clipping = cases.filter((c) => c.fn !== 'vectorToParameters');
const vectors = cases.filter((c): c is VectorCase => c.fn === 'vectorToParameters');

/** Parameters with the gradients of a case. */
function withGrads(grads: Grads): Tensor[] {
  return grads.map((json) => {
    const p = zeros(json?.shape ?? [3]).requiresGrad_();
    p.grad = json && decode(json);
    return p;
  });
}

function readArg(arg: number | string | TensorJson): number | Tensor {
  if (typeof arg === 'object') return decode(arg);
  return typeof arg === 'string' ? Number(arg) : arg;
}

function call({ fn, grads, args, options }: Case, params: Tensor[]): unknown {
  const first = fn === 'getTotalNorm' ? grads.flatMap((json) => (json ? [decode(json)] : [])) : params;
  const rest = [...args.map(readArg), ...(Object.keys(options).length > 0 ? [options] : [])];
  return (utils[fn] as (...args: unknown[]) => unknown)(first, ...rest);
}

it.each(named(clipping))('%s', (_, c) => {
  const params = withGrads(c.grads);
  const grads = params.map((p) => p.grad);
  if (c.throws !== undefined) {
    expect(() => call(c, params)).toThrow(new RuntimeError(c.throws));
    expect(grads.map((grad) => grad?._version ?? 0)).toEqual(grads.map(() => 0));
    return;
  }
  const out = call(c, params);
  if (c.out) {
    expectClose(out as Tensor, c.out);
    expect((out as Tensor).requiresGrad).toBe(false);
  } else expect(out).toBeUndefined();
  if (c.fn === 'getTotalNorm') return;
  c.after.forEach((json, i) => {
    expect(params[i]!.grad).toBe(grads[i]);
    if (json) expectClose(grads[i]!, json);
  });
});

it.each(named(vectors))('%s', (_, c) => {
  const params = c.params.map((json) => decode(json).requiresGrad_());
  const vector = decode(c.vector);
  if (c.throws !== undefined) {
    expect(() => utils.vectorToParameters(vector, params)).toThrow(new RuntimeError(c.throws));
    params.forEach((p, i) => expectClose(p, c.params[i]!, { rtol: 0, atol: 0 }));
    return;
  }
  expectClose(utils.parametersToVector(params), c.joined, { rtol: 0, atol: 0 });
  utils.vectorToParameters(vector, params);
  params.forEach((p, i) => expectClose(p, c.after[i]!, { rtol: 0, atol: 0 }));
  expect(params.every((p) => p.isLeaf && p.requiresGrad)).toBe(true);
});

describe('clipping', () => {
  const one = (grad: number[]) => {
    const p = zeros(grad.length).requiresGrad_();
    p.grad = tensor(grad);
    return p;
  };

  it('takes one tensor, a generator, and infinity as a word', () => {
    expect(utils.clipGradNorm_(one([3, 4]), 1).item()).toBe(5);
    expect(utils.clipGradNorm_(new Set([one([3, -4])]), 1, 'inf').item()).toBe(4);
    expect(utils.getTotalNorm(tensor([3, -4]), '-inf').item()).toBe(3);
    const p = one([3, 4]);
    utils.clipGradNorm_(
      (function* () {
        yield p;
      })(),
      1,
      { normType: 1 },
    );
    expectClose(p.grad!, tensor([3 / 7, 4 / 7]));
    utils.clipGradValue_(p, 0.5);
    expectClose(p.grad!, tensor([3 / 7, 0.5]));
  });

  it('of nothing is nothing, with a warning for an empty generator', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    expect(utils.clipGradNorm_([], 1).item()).toBe(0);
    utils.clipGradValue_([], 1);
    utils.clipGradValue_([zeros(3)], 1);
    expect(warn).not.toHaveBeenCalled();
    utils.clipGradNorm_([][Symbol.iterator](), 1);
    expect(warn.mock.calls).toEqual([['`parameters` is an empty generator, no gradient clipping will occur.']]);
    utils.clipGradNorm([], 1);
    expect(warn).toHaveBeenLastCalledWith(expect.stringContaining('`torch.nn.utils.clip_grad_norm` is now deprecated'));
    warn.mockRestore();
  });

  it('reaches the tensor that a gradient is a view of', () => {
    const whole = tensor([
      [3, 4],
      [1, 1],
    ]);
    const p = zeros(2).requiresGrad_();
    p.grad = whole.select(0, 0);
    utils.clipGradNorm_(p, 1);
    expectClose(whole, tensor([0.6, 0.8, 1, 1]).view(2, 2));
    expectClose(p.grad, tensor([0.6, 0.8]));
  });

  it('scales twice what is given twice', () => {
    const p = one([3, 4]);
    expectClose(utils.clipGradNorm_([p, p], 1), tensor(Math.sqrt(50)));
    expectClose(p.grad!, tensor([3 / 50, 4 / 50]));
  });

  it('goes between backward and step, and leaks nothing', async () => {
    const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Linear(3, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 1 });
    const train = () => {
      optimizer.zeroGrad();
      model(zeros(2, 4).add(100)).sum().backward();
      utils.clipGradNorm_(model.parameters(), 0.5).dispose();
      expect(utils.getTotalNorm(model.parameters().map((p) => p.grad!)).item()).toBeCloseTo(0.5, 5);
      optimizer.step();
    };
    train();
    await setTimeout(0);
    const before = memory().numTensors;
    for (let i = 0; i < 3; i++) train();
    await setTimeout(0);
    expect(memory().numTensors).toBe(before);
  });

  it.each<[string, () => unknown, string]>([
    [
      'no bound',
      () => utils.clipGradNorm_([], undefined as never),
      'clipGradNorm_: maxNorm must be a number, got undefined',
    ],
    [
      'no value',
      () => utils.clipGradValue_([], null as never),
      'clipGradValue_: clipValue must be a number, got object',
    ],
    ['a word', () => utils.getTotalNorm([], 'two' as never), "normType must be a number, 'inf' or '-inf', got two"],
    [
      'an option',
      () => utils.clipGradNorm_([], 1, { errorIfNonFinite: true } as never),
      "did you mean 'errorIfNonfinite'",
    ],
    ['no vector', () => utils.vectorToParameters([1, 2] as never, []), 'expected torch.Tensor, but got: object'],
    ['no parameters', () => utils.parametersToVector([]), 'torch.cat(): expected a non-empty list of Tensors'],
  ])('refuses %s', (_, refuse, message) => expect(refuse).toThrow(message));
});

it('the gradient of a vector of parameters goes to the parameters', () => {
  const params = [zeros(2).requiresGrad_(), zeros(1, 2).requiresGrad_()];
  utils
    .parametersToVector(params)
    .mul(tensor([1, 2, 3, 4]))
    .sum()
    .backward();
  expect(params.map((p) => p.grad!.tolist())).toEqual([[1, 2], [[3, 4]]]);
});
