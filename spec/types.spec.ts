import { nn, ones, optim, type Tensor, utils, vision } from '../lib';

/** What a program that is type-checked relies on: these compile, and what is marked does not. */
describe('types', () => {
  const model = new nn.Linear(2, 2);

  it('every optimizer is an Optimizer, every layer and loss a Module', () => {
    const train = (optimizer: optim.Optimizer) => {
      optimizer.paramGroups[0]!.lr = 0.5;
      optimizer.zeroGrad();
      optimizer.step();
      return optimizer.paramGroups[0]!.lr;
    };
    expect(train(new optim.SGD(model.parameters(), { lr: 0.1 }))).toBe(0.5);
    expect(train(new optim.Adam(model.parameters()))).toBe(0.5);
    const scheduler: optim.lrScheduler.LRScheduler = new optim.lrScheduler.StepLR(
      new optim.Adam(model.parameters()),
      30,
      0.1,
    );
    const modules: nn.Module[] = [new nn.Linear(2, 2), new nn.ReLU(), new nn.CrossEntropyLoss()];
    expect([scheduler.lastEpoch, modules.length]).toEqual([0, 3]);
  });

  it('a module is called with the arguments of its forward and gives its result', () => {
    class Pair extends nn.Module {
      forward(x: Tensor, n: number): [Tensor, number] {
        return [x, n];
      }
    }
    const [x, n] = new Pair()(ones(1), 2);
    const doubled: Tensor = x.mul(n);
    const more: number = n + 1;
    // @ts-expect-error: the number is missing
    const incomplete = () => new Pair()(ones(1));
    expect([doubled.item(), more, typeof incomplete]).toEqual([2, 3, 'function']);
    const chain: Tensor = new nn.Sequential(...[new nn.ReLU(), new nn.Identity()])(x);
    expect(chain.item()).toBe(1);
  });

  it('a loader gives tensors for a pair of tensors, and for a labelled image', () => {
    const { DataLoader, TensorDataset } = utils.data;
    for (const [x, y] of new DataLoader(new TensorDataset(ones(2, 1), ones(2)))) {
      const sum: Tensor = x.add(y);
      expect(sum.shape).toEqual([1, 1]);
    }
    const open = () => new vision.datasets.MNIST('data', { transform: new vision.transforms.ToTensor() });
    const labelled = () => {
      for (const [images, labels] of new DataLoader(open())) return images.sum(1).add(labels);
      return null;
    };
    expect(typeof labelled).toBe('function');
  });

  it('backward takes its gradient either way', () => {
    const w = ones(2, { requiresGrad: true });
    w.mul(2).backward(ones(2));
    w.mul(2).backward({ gradient: ones(2) });
    expect(w.grad!.tolist()).toEqual([4, 4]);
  });
});
