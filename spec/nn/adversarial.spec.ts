import * as f from '../../lib';
import { nn, optim } from '../../lib';
import { expectClose, expectNumbersClose, readGolden, type TensorJson } from '../support/fixtures';
import { describeGolden } from '../support/golden';

describe('focal loss and GAN losses', () => {
  describeGolden('losses_adversarial');
});

interface CriticSteps {
  losses: number[];
  penalties: number[];
  weights: Record<string, TensorJson>;
}

describe('gradientPenalty', () => {
  it('trains a WGAN-GP critic as PyTorch does', () => {
    const { criticSteps } = readGolden<never, { criticSteps: CriticSteps }>('losses_adversarial');
    f.manualSeed(0);
    const critic = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 1));
    const optimizer = new optim.Adam(critic.parameters(), { lr: 0.01, betas: [0.5, 0.9] });
    const criterion = new nn.GANLoss('wgan');
    const steps = criticSteps.losses.map(() => {
      const [real, fake] = [f.randn(8, 2).add(2), f.randn(8, 2)];
      const penalty = nn.functional.gradientPenalty(critic, real, fake);
      const loss = criterion.discriminator(critic(real), critic(fake)).add(penalty);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return [loss.item(), penalty.item()] as const;
    });
    expectNumbersClose(
      steps.map(([loss]) => loss),
      criticSteps.losses,
      { rtol: 1e-5 },
    );
    expectNumbersClose(
      steps.map(([, penalty]) => penalty),
      criticSteps.penalties,
      { rtol: 1e-5 },
    );
    const weights = critic.stateDict();
    for (const [name, json] of Object.entries(criticSteps.weights)) expectClose(weights[name]!, json, { atol: 1e-5 });
  });

  it('gives real and fake no gradient, and refuses what are no two batches of one shape', () => {
    const [real, fake] = [f.randn(4, 3, { requiresGrad: true }), f.randn(4, 3, { requiresGrad: true })];
    const critic = new nn.Linear(3, 1);
    nn.functional.gradientPenalty(critic, real, fake, { lambda: 1 }).backward();
    expect([real.grad, fake.grad]).toEqual([null, null]);
    expect(critic.weight.grad).not.toBeNull();
    expect(() => nn.functional.gradientPenalty(critic, real, f.randn(3, 3))).toThrow(
      'one shape, got [4, 3] and [3, 3]',
    );
  });

  it('is 0 for a critic of slope 1', () => {
    const [real, fake] = [f.randn(4, 3), f.randn(4, 3)];
    expect(nn.functional.gradientPenalty((x) => x.select(1, 0), real, fake).item()).toBeCloseTo(0, 6);
    expect(nn.functional.gradientPenalty((x) => x.select(1, 0).mul(3), real, fake, 1).item()).toBeCloseTo(4, 4);
  });
});

describe('GANLoss', () => {
  it('knows its modes, and adds both sides', () => {
    expect(() => new nn.GANLoss('wgangp' as never)).toThrow(
      'mode must be one of vanilla, lsgan, wgan, hinge, got wgangp',
    );
    const [real, fake] = [f.tensor([2, 0.5]), f.tensor([-2, 0])];
    const hinge = new nn.GANLoss('hinge');
    expect(hinge.discriminator(real, fake).item()).toBeCloseTo(0.25 + 0.5);
    expect(hinge.generator(fake).item()).toBeCloseTo(1);
  });
});
