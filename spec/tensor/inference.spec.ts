import { inferenceMode, isGradEnabled, isInferenceModeEnabled, nn, noGrad, ones, Tensor } from '../../lib';

describe('inferenceMode', () => {
  const x = inferenceMode(() => ones(2));
  const w = ones(2, { requiresGrad: true });

  it('records nothing, and marks what is made in it', async () => {
    const [made, used] = inferenceMode(() => [ones(2), w.mul(2)] as const);
    expect([made, used].map((t) => [t.isInference(), t.requiresGrad])).toEqual([
      [true, false],
      [true, false],
    ]);
    const modes = () => [isGradEnabled(), isInferenceModeEnabled()];
    expect([modes(), inferenceMode(modes), inferenceMode(() => inferenceMode(modes, { mode: false }))]).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
    const late = inferenceMode(async () => {
      await null;
      return ones(1);
    });
    expect(ones(1).isInference()).toBe(false);
    expect((await late).isInference()).toBe(true);
  });

  it('what is computed of inference tensors outside is normal, views of them are not', () => {
    expect([x.mul(2), x.clone(), x.view(1, 2), x.detach()].map((t) => t.isInference())).toEqual([
      false,
      false,
      true,
      true,
    ]);
    const normal = ones(2);
    const [view, same] = inferenceMode(() => [normal.view(2), normal.add_(1)] as const);
    expect([view.isInference(), same.isInference()]).toEqual([false, false]);
    expect(() => view.add_(1)).toThrow(/A view was created in inference mode and is being modified inplace/);
    expect(view.tolist()).toEqual([2, 2]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['in-place', () => x.add_(1), /Inplace update to inference tensor outside InferenceMode/],
    ['in-place on a view', () => x.view(2).zero_(), /Inplace update to inference tensor outside InferenceMode/],
    ['in-place in noGrad', () => noGrad(() => x.add_(1)), /Inplace update to inference tensor outside InferenceMode/],
    ['a factor', () => w.mul(x), /Inference tensors cannot be saved for backward/],
    ['a layer', () => new nn.Linear(2, 2)(x), /Inference tensors cannot be saved for backward/],
    ['requiresGrad_', () => x.requiresGrad_(), /Setting requires_grad=True on inference tensor outside/],
    ['a Parameter', () => new nn.Parameter(x), /Setting requires_grad=True on inference tensor outside/],
    ['no function', () => inferenceMode(true as never), /inferenceMode: takes a function/],
  ])('refuses %s', (_, misuse, message) => {
    expect(misuse).toThrow(message);
    expect(x.tolist()).toEqual([1, 1]);
  });

  it('allows what keeps nothing', () => {
    const leaf = ones(2, { requiresGrad: true });
    leaf.add(x).sum().backward();
    expect(leaf.grad!.tolist()).toEqual([1, 1]);
    expect(inferenceMode(() => x.add_(0))).toBeInstanceOf(Tensor);
    expect(inferenceMode(() => ones(1).requiresGrad_().requiresGrad)).toBe(true);
    expect(noGrad(() => new nn.Linear(2, 2)(x)).isInference()).toBe(false);
  });
});
