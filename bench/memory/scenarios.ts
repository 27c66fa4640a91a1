import { autograd, cat, manualSeed, nn, noGrad, optim, randint, randn, type Tensor, utils } from 'flambeau';

const { DataLoader, TensorDataset } = utils.data;

/** Runs `steps` training steps, calling `tick` after each. */
export type Scenario = (steps: number, tick: () => void) => void | Promise<void>;

const BATCH = 16;

function setUp() {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(32, 64), new nn.ReLU(), new nn.Dropout(0.1), new nn.Linear(64, 10));
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const [images, labels] = [randn(BATCH, 32), randint(10, [BATCH])];
  const train = (x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = criterion(model(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const loader = new DataLoader(new TensorDataset(randn(320, 32), randint(10, [320])), {
    batchSize: BATCH,
    shuffle: true,
  });
  return { model, criterion, optimizer, images, labels, train, loader };
}

function check(ok: boolean, what: string): void {
  if (!ok) throw new Error(`memory: ${what}`);
}

export const scenarios: Record<string, Scenario> = {
  'plain loop': (steps, tick) => {
    const { train, images, labels } = setUp();
    for (let i = 0; i < steps; i++, tick()) train(images, labels);
  },

  'plain loop, asynchronous': async (steps, tick) => {
    const { train, images, labels } = setUp();
    for await (const _ of asyncCount(steps)) {
      train(images, labels);
      tick();
    }
  },

  DataLoader: (steps, tick) => {
    const { train, loader } = setUp();
    for (let i = 0; i < steps; ) {
      for (const [x, y] of loader) {
        train(x, y);
        tick();
        if (++i >= steps) break;
      }
    }
  },

  'DataLoader, for await': async (steps, tick) => {
    const { train, loader } = setUp();
    for (let i = 0; i < steps; ) {
      for await (const [x, y] of loader) {
        train(x, y);
        tick();
        if (++i >= steps) break;
      }
    }
  },

  'evaluation, with and without noGrad': (steps, tick) => {
    const { model, criterion, images, labels } = setUp();
    model.eval();
    for (let i = 0; i < steps; i++, tick()) {
      const evaluate = () => criterion(model(images), labels).item();
      if (i % 2) noGrad(evaluate);
      else evaluate();
    }
  },

  'break, throw and early return': (steps, tick) => {
    const { model, criterion, images, labels, loader } = setUp();
    const leave = (how: number): number => {
      for (const [x, y] of loader) {
        const loss = criterion(model(x), y);
        if (how === 0) break;
        if (how === 1) throw new Error('on purpose');
        if (how === 2) return loss.item();
        model(images).add(labels.float()); // shapes that do not go together
      }
      return 0;
    };
    for (let i = 0; i < steps; i++, tick()) {
      try {
        leave(i % 4);
      } catch {
        // as intended
      }
    }
  },

  'gradient accumulation': (steps, tick) => {
    const { model, criterion, optimizer, images, labels } = setUp();
    for (let i = 0; i < steps; i++, tick()) {
      criterion(model(images), labels).div(4).backward();
      if (i % 4 === 3) {
        optimizer.step();
        optimizer.zeroGrad();
      }
    }
  },

  'two backward passes (GAN)': (steps, tick) => {
    manualSeed(0);
    const generator = new nn.Sequential(new nn.Linear(8, 32), new nn.ReLU(), new nn.Linear(32, 2));
    const critic = new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 1));
    const ofGenerator = new optim.Adam(generator.parameters(), { lr: 1e-4 });
    const ofCritic = new optim.Adam(critic.parameters(), { lr: 1e-4 });
    for (let i = 0; i < steps; i++, tick()) {
      const fake = generator(randn(BATCH, 8));
      ofCritic.zeroGrad();
      critic(fake.detach())
        .mean()
        .sub(critic(randn(BATCH, 2)).mean())
        .backward();
      ofCritic.step();
      ofGenerator.zeroGrad();
      critic(fake).mean().neg().backward();
      ofGenerator.step();
    }
  },

  'what is kept stays valid': (steps, tick) => {
    const { model, criterion, optimizer, images, labels } = setUp();
    const losses: Tensor[] = [];
    const outputs: Tensor[] = [];
    let activation: Tensor | null = null;
    model.get(1).registerForwardHook((_module, _args, output) => void (activation ??= output));
    for (let i = 0; i < steps; i++, tick()) {
      optimizer.zeroGrad();
      const output = model(images);
      const loss = criterion(output, labels);
      loss.backward();
      optimizer.step();
      if (losses.length < 10_000) losses.push(loss);
      if (outputs.length < 1000) outputs.push(output);
    }
    check(
      losses.every((loss) => Number.isFinite(loss.item())),
      'a loss that was kept is not valid',
    );
    check(
      outputs.every((output) => Number.isFinite(output.sum().item())),
      'an output that was kept is not valid',
    );
    check(Number.isFinite((activation as unknown as Tensor).sum().item()), 'the activation that was kept is not valid');
  },

  'truncated backpropagation through time': (steps, tick) => {
    manualSeed(0);
    const cell = new nn.Linear(8 + 16, 16);
    const head = new nn.Linear(16, 1);
    const optimizer = new optim.SGD([...cell.parameters(), ...head.parameters()], { lr: 1e-3 });
    let hidden = randn(BATCH, 16);
    for (let i = 0; i < steps; i++, tick()) {
      hidden = hidden.detach();
      let loss = head(hidden).square().mean();
      for (let t = 0; t < 4; t++) {
        hidden = cell(cat([randn(BATCH, 8), hidden], 1)).tanh();
        loss = loss.add(head(hidden).square().mean());
      }
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    }
  },

  'forwards without backward': (steps, tick) => {
    const { model, criterion, images, labels } = setUp();
    for (let i = 0; i < steps; i++, tick()) criterion(model(images), labels);
  },

  'second derivatives': (steps, tick) => {
    const { model, images } = setUp();
    for (let i = 0; i < steps; i++, tick()) {
      const x = images.detach().requiresGrad_();
      const [g] = autograd.grad(model(x).tanh().sum(), [x], { createGraph: true });
      g!.square().sum().backward();
      model.zeroGrad();
    }
  },
};

async function* asyncCount(n: number): AsyncGenerator<number> {
  for (let i = 0; i < n; i++) yield i;
}
