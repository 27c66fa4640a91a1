/**
 * Classes that are rare: 900 samples of one, 60 and 40 of the two others, which overlap with it. Cross entropy, the same with
 * weights, and the focal loss, by how many samples of each class the model finds.
 */
import { cat, manualSeed, nn, noGrad, optim, randn, type Tensor, tensor } from 'flambeau';

const COUNTS = [900, 60, 40];
const CENTRES = [
  [0, 0],
  [1.5, 1],
  [-1, 1.5],
];

/** So many points of each class, normally distributed around its centre, and their labels. */
function sample(counts: readonly number[]): [Tensor, Tensor] {
  const points = counts.map((n, i) => randn(n, 2).mul(0.8).add(tensor(CENTRES[i]!)));
  const labels = counts.flatMap((n, i) => new Array<number>(n).fill(i));
  return [cat(points, 0), tensor(labels, { dtype: 'long' })];
}

/** The share of each class that the trained model finds. */
function recall(criterion: nn.Module): number[] {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 16), new nn.ReLU(), new nn.Linear(16, 3));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
  for (let step = 0; step < 200; step++) {
    optimizer.zeroGrad();
    criterion(model(x), y).backward();
    optimizer.step();
  }
  const hits = noGrad(() => (model(xTest) as Tensor).argmax(1).eq(yTest).float());
  return hits.split(500).map((part) => part.mean().item());
}

manualSeed(1);
const [x, y] = sample(COUNTS);
const [xTest, yTest] = sample([500, 500, 500]);

// What is rare counts the more: each class as much as the others.
const weight = tensor(COUNTS.map((n) => 1000 / (3 * n)));

const criteria: Record<string, nn.Module> = {
  'cross entropy': new nn.CrossEntropyLoss(),
  'with weights': new nn.CrossEntropyLoss({ weight }),
  'focal loss': new nn.FocalLoss({ gamma: 2 }),
  'focal, weights': new nn.FocalLoss({ gamma: 2, weight }),
};
console.log(`found of class    0     1     2   mean`);
for (const [name, criterion] of Object.entries(criteria)) {
  const found = recall(criterion);
  const mean = found.reduce((a, b) => a + b) / found.length;
  console.log(
    `${name.padEnd(15)} ${[...found, mean].map((share) => `${(100 * share).toFixed(0)}%`.padStart(4)).join('  ')}`,
  );
}
