import * as f from '../../lib';
import { memory, nn, optim, type Tensor, tensor } from '../../lib';
import { leftOver, turn } from '../support/leaks';

function setUp() {
  const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 3));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const criterion = new nn.CrossEntropyLoss();
  const [x, y] = [f.randn(4, 8), f.randint(3, [4])];
  const step = () => {
    optimizer.zeroGrad();
    const loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { model, optimizer, criterion, x, y, step };
}

const loops: Record<string, () => unknown> = {
  'a training loop': () => {
    const { step } = setUp();
    for (let i = 0; i < 50; i++) step();
  },
  'an asynchronous training loop': async () => {
    const { step } = setUp();
    for (let i = 0; i < 20; i++) {
      step();
      await turn();
    }
  },
  'forwards without backward': () => {
    const { model, criterion, x, y } = setUp();
    for (let i = 0; i < 50; i++) criterion(model(x), y);
  },
  'evaluation under noGrad': () => {
    const { model, x } = setUp();
    f.noGrad(() => model.eval()(x).argmax(1));
  },
  'a forward that throws': () => {
    const { model } = setUp();
    for (let i = 0; i < 10; i++) expect(() => model(f.randn(4, 7))).toThrow();
  },
  'a backward that throws half-way': () => {
    const { model, criterion, x, y } = setUp();
    for (let i = 0; i < 10; i++) {
      const hidden = model.get(0)(x);
      hidden.registerHook(() => {
        throw new Error('on purpose');
      });
      expect(() => criterion(model.get(3)(hidden), y).backward()).toThrow('on purpose');
    }
  },
  'gradient accumulation and a retained graph': () => {
    const { model, criterion, x, y } = setUp();
    const loss = criterion(model(x), y);
    for (let i = 0; i < 5; i++) loss.backward({ retainGraph: true });
  },
  'second derivatives': () => {
    const { model, x } = setUp();
    const input = x.clone().requiresGrad_();
    const [g] = f.autograd.grad(model(input).tanh().sum(), [input], { createGraph: true });
    g!.square().sum().backward();
  },
  'truncated backpropagation through time': () => {
    const cell = new nn.Linear(16, 8);
    let hidden = f.zeros(4, 8);
    for (let i = 0; i < 20; i++) {
      hidden = cell(f.cat([hidden.detach(), f.randn(4, 8)], 1)).tanh();
      hidden.sum().backward();
      cell.zeroGrad();
    }
  },
  'hooks, retained gradients and custom functions': () => {
    const { model, x } = setUp();
    const kept: Tensor[] = [];
    model.get(1).registerFullBackwardHook((_m, gradInput) => void kept.push(gradInput[0]!));
    const hidden = model.get(0)(x);
    hidden.retainGrad();
    model.get(3)(model.get(1)(hidden)).sum().backward();
    expect(kept[0]!.sum().item()).toBeCloseTo(hidden.grad!.sum().item(), 4);
  },
  'optimizers, state dicts and the models that they trained': () => {
    const { model, optimizer, step } = setUp();
    step();
    optimizer.loadStateDict(optimizer.stateDict());
    model.loadStateDict(model.stateDict());
    step();
  },
  'in-place changes': () => {
    const x = f.zeros(10);
    for (let i = 0; i < 20; i++) x.add_(1).mul_(0.5).clamp_(0, 1);
  },
};

describe('nothing leaks', () => {
  it.each(Object.entries(loops))('%s', async (_name, body) => {
    expect(await leftOver(body)).toBeLessThanOrEqual(0);
  });
});

describe('what a program can reach stays valid', () => {
  it('losses, outputs, activations and gradients that are kept', () => {
    const { model, step, x } = setUp();
    const losses = Array.from({ length: 200 }, step);
    const outputs = Array.from({ length: 50 }, () => model(x));
    const gradients = model.parameters().map((p) => p.grad!);
    f.memory(); // a full collection
    for (let i = 0; i < 20; i++) step();
    for (const kept of [...losses, ...outputs, ...gradients]) expect(Number.isFinite(kept.sum().item())).toBe(true);
  });

  it('a value that was read from a parameter before it changed', () => {
    const { model, step } = setUp();
    const weight = model.get(0).parameters()[0]!;
    step();
    const copy = weight.clone();
    const numbers = copy.tolist();
    step();
    expect(copy.tolist()).toEqual(numbers);
    expect(weight.tolist()).not.toEqual(numbers);
  });

  it('tensors of many megabytes are freed inside a synchronous loop', () => {
    const held = () => process.memoryUsage().external; // array buffers are in it
    // Specs that ran before in this process may have left something to be collected.
    const before = held();
    let most = 0;
    for (let i = 0; i < 400; i++) {
      f.zeros(2 ** 19); // 2 MB each, 800 MB in all
      if (i % 100 === 99) most = Math.max(most, held() - before);
    }
    expect(most).toBeLessThan(450 * 2 ** 20);
  });
});

describe('tidy', () => {
  it('frees at once what it does not return', () => {
    const before = memory().numTensors;
    let inner: Tensor | undefined;
    const result = f.tidy(() => {
      inner = tensor([1, 2]);
      return { sum: inner.add(1), parts: [inner.mul(2)] };
    });
    expect([result.sum.tolist(), result.parts[0]!.tolist(), inner!.isDisposed]).toEqual([[2, 3], [2, 4], true]);
    expect(memory().numTensors - before).toBe(2);
    expect(() => inner!.add(1)).toThrow(/tidy freed it/);
  });

  it('keeps what backward through a result needs, gradients, and parameters', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const loss = f.tidy(() => w.mul(3).exp().sum());
    f.tidy(() => loss.backward());
    expect(w.grad!.tolist()).toEqual(w.mul(3).exp().mul(3).tolist());
    const layer = f.tidy(() => new nn.Linear(2, 2));
    expect(layer.weight.isDisposed).toBe(false);
  });

  it('takes no asynchronous function', () => {
    expect(() => f.tidy(async () => tensor(1))).toThrow(/synchronous/);
  });
});

describe('dispose', () => {
  it('makes a later use an error that says so', () => {
    const x = tensor([1, 2]);
    x.dispose();
    x.dispose();
    expect(() => x.add(1)).toThrow(/Tensor of shape \[2\]: used after dispose\(\)/);
    expect(() => x.tolist()).toThrow(/used after dispose/);
  });

  it('leaves those that share the storage alone', () => {
    const x = tensor([1, 2]);
    const y = x.detach();
    x.dispose();
    expect(y.tolist()).toEqual([1, 2]);
  });
});
