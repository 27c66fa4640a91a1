import * as f from '../../lib';
import { nn, type Tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';

type Value = number | boolean | string | TensorJson | Value[];

interface Case {
  kind: 'seen' | 'trained';
  fn: string;
  name: string;
  args: Value[];
  options: Record<string, Value>;
  repr: string;
  attributes: Record<string, unknown>;
  stateDict: Record<string, TensorJson>;
  input: TensorJson;
  target: TensorJson;
  grads: Record<string, TensorJson | null>;
  logProb?: TensorJson;
  predict?: TensorJson;
}

const { cases, names } = readGolden<Case, { names: string[] }>('losses_modules');
const of = (kind: Case['kind']) => cases.filter((c) => c.kind === kind).map((c): [string, Case] => [c.name, c]);
const isTensor = (value: Value): value is TensorJson => typeof value === 'object' && !Array.isArray(value);
const revive = (value: Value) => (isTensor(value) ? decode(value) : value);

/** The module of a case, made under seed 0. */
function make({ fn, args, options }: Case): nn.Module {
  f.manualSeed(0);
  const Class = (nn as unknown as Record<string, new (...given: unknown[]) => nn.Module>)[fn]!;
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, revive(value)]));
  return new Class(...args.map(revive), named);
}

describe('what is seen of a loss module', () => {
  it.each(of('seen'))('%s', (_, c) => {
    const module = make(c);
    expect(String(module)).toBe(c.repr);
    expect({ ...module }).toMatchObject(c.attributes);
    const stateDict = module.stateDict();
    expect(Object.keys(stateDict)).toEqual(Object.keys(c.stateDict));
    for (const [key, json] of Object.entries(c.stateDict)) expectClose(stateDict[key]!, json);
  });

  it('covers every loss of torch.nn', () => {
    const losses = Object.keys(nn).filter((name) => name.endsWith('Loss'));
    expect(losses.sort()).toEqual([...names, 'FocalLoss', 'GANLoss'].sort());
  });

  it('may be changed afterwards, as in PyTorch', () => {
    const criterion = new nn.HuberLoss();
    criterion.reduction = 'sum';
    criterion.delta = 2;
    expect(criterion(f.tensor([0, 3]), f.zeros(2)).item()).toBe(4);
  });
});

describe('training the parameters of a loss', () => {
  it.each(of('trained'))('%s', (_, c) => {
    const module = make(c);
    const [x, target] = [f.randn(c.input.shape), decode(c.target)];
    expectClose(x, c.input);
    const out = module(x, target) as Tensor | nn.OutputLoss;
    (out instanceof f.Tensor ? out : out.loss).backward();
    for (const [name, grad] of Object.entries(c.grads)) {
      const own = module.getParameter(name).grad;
      if (grad) expectClose(own!, grad);
      else expect(own).toBeNull();
    }
    if (!(module instanceof nn.AdaptiveLogSoftmaxWithLoss)) return;
    f.noGrad(() => module.head.weight.narrow(0, module.shortlistSize, module.nClusters).mul_(20));
    expectClose(module.logProb(x), c.logProb!);
    expectClose(module.predict(x), c.predict!);
  });

  it('AdaptiveLogSoftmaxWithLoss draws its weights anew', () => {
    f.manualSeed(3);
    const module = new nn.AdaptiveLogSoftmaxWithLoss(16, 20, [4, 10]);
    const before = module.parameters().map((p) => p.tolist());
    f.manualSeed(3);
    module.resetParameters();
    expect(module.parameters().map((p) => p.tolist())).toEqual(before);
  });

  it('LinearCrossEntropyOptions are checked, printed, and change no value', () => {
    const { LinearCrossEntropyOptions } = nn;
    expect(String(new LinearCrossEntropyOptions({ batchChunkSize: 2 }))).toBe(
      "LinearCrossEntropyOptions(allow_retain_graph=False, batch_chunk_size=2, chunking_method='auto', acc_policy='auto', acc_dtype=None)",
    );
    expect(() => new LinearCrossEntropyOptions({ chunkingMethod: 'aspect_ratio:0' })).toThrow(
      'invalid chunking_method',
    );
    expect(() => new LinearCrossEntropyOptions({ accPolicy: 'fast' })).toThrow("invalid acc_policy: 'fast'");
    expect(() => new LinearCrossEntropyOptions({ batchChunkSize: 0 })).toThrow('must be positive int or None, got 0');
    const losses = [null, new LinearCrossEntropyOptions()].map((options) => {
      f.manualSeed(0);
      const criterion = new nn.LinearCrossEntropyLoss(3, 4, { options });
      return criterion(f.randn(5, 3), f.LongTensor([0, 1, 2, 3, 0])).item();
    });
    expect(losses[1]).toBe(losses[0]);
  });
});

describe('TripletMarginWithDistanceLoss', () => {
  const [anchor, positive, negative] = [f.tensor([[0, 0]]), f.tensor([[3, 4]]), f.tensor([[1, 1]])];

  it('takes any distance: a function', () => {
    const manhattan = (a: Tensor, b: Tensor) => a.sub(b).abs().sum(1);
    const criterion = new nn.TripletMarginWithDistanceLoss({ distanceFunction: manhattan, margin: 0.5 });
    expect(criterion(anchor, positive, negative).item()).toBe(5.5);
  });

  it('takes any distance: a module, whose parameters are the loss’s own', () => {
    class Scaled extends nn.Module {
      scale = new nn.Parameter(f.tensor(2));
      forward(a: Tensor, b: Tensor): Tensor {
        return a.sub(b).square().sum(1).mul(this.scale);
      }
    }
    const criterion = new nn.TripletMarginWithDistanceLoss({ distanceFunction: new Scaled() });
    const loss = criterion(anchor, positive, negative);
    expect(loss.item()).toBe(1 + 2 * 25 - 2 * 2);
    loss.backward();
    expect(criterion.parameters().map((p) => p.grad!.item())).toEqual([23]);
    expect(Object.keys(criterion.stateDict())).toEqual(['distance_function.scale']);
  });
});

describe('warnings', () => {
  const { functional: F } = nn;

  it.each(['l1Loss', 'mseLoss', 'smoothL1Loss', 'huberLoss'] as const)(
    '%s warns of a target of another shape',
    (fn) => {
      const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
      try {
        F[fn](f.ones(2, 3), f.ones(2, 3));
        expect(warn).not.toHaveBeenCalled();
        F[fn](f.ones(2, 1), f.ones(2));
        expect(warn.mock.calls).toEqual([
          [
            'Using a target size ([2]) that is different to the input size ([2, 1]). This will likely lead to incorrect results ' +
              'due to broadcasting. Please ensure they have the same size.',
          ],
        ]);
      } finally {
        warn.mockRestore();
      }
    },
  );

  it('klDiv warns of its mean, once', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      for (const reduction of ['batchmean', 'mean', 'mean'] as const) F.klDiv(f.zeros(2), f.ones(2), reduction);
      expect(warn.mock.calls).toEqual([[expect.stringContaining("reduction: 'mean' divides the total loss by both")]]);
    } finally {
      warn.mockRestore();
    }
  });
});

it('ctcLoss refuses labels that are no classes, and has no second derivative', () => {
  const logProbs = f.randn(4, 1, 3).logSoftmax(2).detach().requiresGrad_();
  expect(() => nn.functional.ctcLoss(logProbs, f.LongTensor([[1, 7]]), [4], [2])).toThrow('target 7 of sample 0');
  const loss = nn.functional.ctcLoss(logProbs, f.LongTensor([[1, 2]]), [4], [2]);
  const [slope] = f.autograd.grad(loss, logProbs, { createGraph: true });
  expect(() => slope!.sum().backward()).toThrow('derivative for aten::_ctc_loss_backward is not implemented');
});

it('weights of classes have no gradient where PyTorch has none', () => {
  const { functional: F } = nn;
  const [x, labels, weight] = [f.randn(2, 3), f.LongTensor([0, 2]), f.ones(3).requiresGrad_()];
  for (const fn of [F.crossEntropy, F.nllLoss, F.multiMarginLoss])
    expect(() => fn(x, labels, { weight })).toThrow("not differentiable with respect to argument 'weight'");
  expect(F.crossEntropy(x, f.rand(2, 3), { weight }).requiresGrad).toBe(true);
});

it('losses are nodes of the names that PyTorch prints', () => {
  const { functional: F } = nn;
  const [x, t] = [f.rand(3).requiresGrad_(), f.rand(3)];
  const nameOf = (loss: f.Tensor) => loss.gradFn!.name;
  expect(nameOf(F.l1Loss(x, t))).toBe('MeanBackward0');
  expect(nameOf(F.l1Loss(x, t, 'none'))).toBe('AbsBackward0');
  expect(nameOf(F.mseLoss(x, t, 'sum'))).toBe('MseLossBackward0');
  expect(nameOf(F.klDiv(x, t, 'batchmean'))).toBe('DivBackward0');
  expect(nameOf(F.poissonNllLoss(x, t))).toBe('MeanBackward0');
  expect(nameOf(F.binaryCrossEntropy(x, t))).toBe('BinaryCrossEntropyBackward0');
});
