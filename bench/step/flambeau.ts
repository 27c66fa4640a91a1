/** One competitor of bench/step.ts: Flambeau, as anybody would write the loop; with `--tidy`, everything freed by hand. */
import { manualSeed, nn, optim, randint, randn, tidy } from 'flambeau';
import { serve, type Timed } from '../serve';

export interface StepTask extends Timed {
  batch: number;
  hidden: number;
}

const byHand = process.argv.includes('--tidy');

serve(({ batch, hidden }: StepTask) => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(784, hidden), new nn.ReLU(), new nn.Linear(hidden, 10));
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const images = randn(batch, 784);
  const labels = randint(10, [batch]);
  const step = () => {
    optimizer.zeroGrad();
    const loss = criterion(model(images), labels);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  return byHand ? () => tidy(step) : step;
});
