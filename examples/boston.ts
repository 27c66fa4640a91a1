/**
 * House prices with SGD and mean squared error: section 4.2 of the article.
 *
 * The data's column `b` encodes a racist assumption, for which scikit-learn withdrew the data set. It is kept here only to
 * match published runs; see data/README.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { manualSeed, nn, noGrad, optim, randperm, type Tensor, tensor, utils } from 'flambeau';
import { lossChart } from './lib/chart';
import { StandardScaler } from './lib/scaler';

const { DataLoader, TensorDataset } = utils.data;

const { values: flags } = parseArgs({
  options: {
    epochs: { type: 'string', default: '100' },
    data: { type: 'string', default: path.join(__dirname, '../data/boston.csv') },
    chart: { type: 'string', default: 'out/boston.svg' },
  },
});

manualSeed(0);

// The data: 13 features and the median value of a house, in 1000 dollars; 404 tracts to train with, 102 to test.
const rows = readFileSync(flags.data, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));
const order = randperm(rows.length).tolist() as number[];
const shuffled = order.map((i) => rows[i]!);
const [train, test] = [shuffled.slice(0, 404), shuffled.slice(404)];

const scaler = new StandardScaler();
const features = (part: number[][]) => part.map((row) => row.slice(0, 13));
const prices = (part: number[][]) => part.map((row) => row.slice(13));
const xTrain = tensor(scaler.fitTransform(features(train)));
const xTest = tensor(scaler.transform(features(test)));
const yTrain = tensor(prices(train));
const yTest = tensor(prices(test));

const trainLoader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 128, shuffle: true });

// The model.
class Net extends nn.Module {
  fc1 = new nn.Linear(13, 64);
  fc2 = new nn.Linear(64, 1);

  forward(x: Tensor): Tensor {
    x = nn.functional.relu(this.fc1(x));
    return this.fc2(x);
  }
}

const model = new Net();
const criterion = new nn.MSELoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });

const trainLosses: number[] = [];
const testLosses: number[] = [];
const epochs = Number(flags.epochs);

for (let epoch = 0; epoch < epochs; epoch++) {
  let total = 0;
  for (const [inputs, targets] of trainLoader) {
    optimizer.zeroGrad();
    const loss = criterion(model(inputs), targets);
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  trainLosses.push(total / trainLoader.length);
  testLosses.push(noGrad(() => criterion(model(xTest), yTest).item()));
  if ((epoch + 1) % 10 === 0) {
    console.log(
      `Epoch ${epoch + 1}/${epochs}: training loss ${trainLosses.at(-1)!.toFixed(3)}, test loss ${testLosses.at(-1)!.toFixed(3)}`,
    );
  }
}

const series = [
  { name: 'training', values: trainLosses },
  { name: 'test', values: testLosses },
];
mkdirSync(path.dirname(flags.chart), { recursive: true });
writeFileSync(
  flags.chart,
  lossChart(series, { title: 'Boston housing', xLabel: 'epoch', yLabel: 'mean squared error' }),
);
console.log(`Loss curves: ${flags.chart}`);
