import { setTimeout } from 'node:timers/promises';
import {
  defaultGenerator,
  enableGrad,
  initialSeed,
  isGradEnabled,
  isolated,
  manualSeed,
  nn,
  noGrad,
  optim,
  rand,
  randn,
  randperm,
  seed,
  setGradEnabled,
  utils,
} from '../../lib';

const { DataLoader, TensorDataset, WeightedRandomSampler, randomSplit } = utils.data;

interface Run {
  losses: number[];
  weights: number[];
  order: number[];
}

/** A training that draws wherever one can draw, and gives way after every step. */
async function train(number: number, rest: () => Promise<unknown>): Promise<Run> {
  manualSeed(number);
  const data = new TensorDataset(randn(24, 4), randn(24, 2));
  const [part] = randomSplit(data, [20, 4]);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Dropout(0.4), new nn.Linear(8, 2));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
  const losses: number[] = [];
  await rest();
  for (let epoch = 0; epoch < 3; epoch++) {
    for await (const [x, y] of new DataLoader(part!, { batchSize: 5, shuffle: true })) {
      optimizer.zeroGrad();
      const loss = new nn.MSELoss()(model(x.add(rand(1))), y);
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
      await rest();
      // An evaluation beside it, whose grad mode must not reach the others.
      await noGrad(async () => {
        await rest();
        expect(model(x).requiresGrad).toBe(false);
      });
      expect(isGradEnabled()).toBe(true);
    }
  }
  const weights = model.parameters().flatMap((p) => [...p.toTypedArray()]);
  return { losses, weights, order: [...new WeightedRandomSampler([1, 2, 3], 9), ...randperm(5).toTypedArray()] };
}

describe('isolated', () => {
  it('four trainings at once each give what they give alone', async () => {
    const seeds = [1, 2, 3, 4];
    const alone: Run[] = [];
    for (const number of seeds) alone.push(await train(number, () => Promise.resolve()));
    expect(new Set(alone.map((run) => run.losses[0])).size).toBe(4);
    const steps: number[] = [];
    const together = await Promise.all(
      seeds.map((number) =>
        isolated(() =>
          train(number, () => {
            steps.push(number);
            return setTimeout(number % 2);
          }),
        ),
      ),
    );
    expect(together).toEqual(alone);
    // They did take turns.
    expect(steps.filter((number, i) => number !== steps[i + 1]).length).toBeGreaterThan(40);
  });

  it('without it they would share one generator', async () => {
    const alone = await train(1, () => Promise.resolve());
    const [first] = await Promise.all([1, 2].map((number) => train(number, () => setTimeout(0))));
    expect(first!.losses).not.toEqual(alone.losses);
  });

  it('begins as a program does, and leaves the program around it as it was', () => {
    manualSeed(5);
    const expected = [rand(2).tolist(), rand(2).tolist()];
    manualSeed(5);
    expect(rand(2).tolist()).toEqual(expected[0]);
    const outer = defaultGenerator();
    const inner = noGrad(() =>
      isolated(() => {
        expect(isGradEnabled()).toBe(true);
        expect(defaultGenerator()).not.toBe(outer);
        expect(initialSeed()).toBe(67280421310721);
        rand(3);
        setGradEnabled(false);
        return [isGradEnabled(), seed() === initialSeed()];
      }),
    );
    expect(inner).toEqual([false, true]);
    expect([isGradEnabled(), defaultGenerator() === outer, initialSeed()]).toEqual([true, true, 5]);
    expect(rand(2).tolist()).toEqual(expected[1]);
  });

  it('nests, and gives the same each time', () => {
    const draw = () => {
      manualSeed(3);
      const before = rand(1).item();
      const inside = isolated(() => isolated(() => rand(1).item()));
      return [before, inside, rand(1).item()];
    };
    manualSeed(3);
    const plain = [rand(1).item(), rand(1).item()];
    expect(isolated(draw)).toEqual(draw());
    expect([draw()[0], draw()[2]]).toEqual(plain);
  });

  it('ends with an exception, sync or async', async () => {
    manualSeed(1);
    const fail = () => {
      setGradEnabled(false);
      manualSeed(9);
      throw new Error('stop');
    };
    expect(() => isolated(fail)).toThrow('stop');
    await expect(isolated(async () => setTimeout(1).then(fail))).rejects.toThrow('stop');
    expect([isGradEnabled(), initialSeed()]).toEqual([true, 1]);
    expect(() => isolated(5 as never)).toThrow(TypeError);
  });
});

describe('setGradEnabled', () => {
  it('holds until the end of what it is called in', () => {
    noGrad(() => {
      setGradEnabled(true);
      expect(isGradEnabled()).toBe(true);
      enableGrad(() => setGradEnabled(false));
      expect(isGradEnabled()).toBe(true);
    });
    expect(isGradEnabled()).toBe(true);
    setGradEnabled(false);
    expect(isGradEnabled()).toBe(false);
    setGradEnabled(true);
  });

  it('with a function holds for it, sync or async', async () => {
    expect(setGradEnabled(false, isGradEnabled)).toBe(false);
    const later = setGradEnabled(false, async () => {
      await setTimeout(1);
      return isGradEnabled();
    });
    expect(isGradEnabled()).toBe(true);
    expect(await later).toBe(false);
    expect(() => setGradEnabled(1 as never)).toThrow(TypeError);
  });
});
