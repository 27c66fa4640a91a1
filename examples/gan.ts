/**
 * A small GAN: the generator learns to put points on a ring, from noise, by what the critic says of them; Wasserstein loss with
 * gradient penalty. The picture shows the real points and its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { manualSeed, nn, noGrad, optim, rand, randn, stack, type Tensor } from 'flambeau';
import { scatterChart } from './lib/scatter';

const [BATCH, STEPS, CRITIC_STEPS, NOISE] = [128, 400, 3, 4];
const CHART = process.env.CHART ?? 'out/gan.svg';

manualSeed(0);

/** Points near a circle of radius 1. */
function ring(n: number): Tensor {
  const angle = rand(n).mul(2 * Math.PI);
  const radius = randn(n).mul(0.05).add(1);
  return stack([angle.cos().mul(radius), angle.sin().mul(radius)], 1);
}

const network = (inputs: number, outputs: number) =>
  new nn.Sequential(
    new nn.Linear(inputs, 48),
    new nn.ReLU(),
    new nn.Linear(48, 48),
    new nn.ReLU(),
    new nn.Linear(48, outputs),
  );
const generator = network(NOISE, 2);
const critic = network(2, 1);
const criterion = new nn.GANLoss('wgan');
const betas: [number, number] = [0.5, 0.9];
const ofGenerator = new optim.Adam(generator.parameters(), { lr: 2e-3, betas });
const ofCritic = new optim.Adam(critic.parameters(), { lr: 2e-3, betas });

const fakes = (n: number): Tensor => generator(randn(n, NOISE));

for (let step = 1; step <= STEPS; step++) {
  for (let i = 0; i < CRITIC_STEPS; i++) {
    const real = ring(BATCH);
    const fake = noGrad(() => fakes(BATCH));
    const loss = criterion
      .discriminator(critic(real), critic(fake))
      .add(nn.functional.gradientPenalty(critic, real, fake, { lambda: 1 }));
    ofCritic.zeroGrad();
    loss.backward();
    ofCritic.step();
  }
  const loss = criterion.generator(critic(fakes(BATCH)));
  ofGenerator.zeroGrad();
  loss.backward();
  ofGenerator.step();
  if (step % 100 === 0) console.log(`step ${step}: the generator's loss ${loss.item().toFixed(3)}`);
}

const [real, fake] = noGrad(() => [ring(500), fakes(500)]);
const radius = fake.norm(2, 1);
console.log(
  `radius of the fakes: ${radius.mean().item().toFixed(2)} ± ${radius.std().item().toFixed(2)} (real: 1.00 ± 0.05)`,
);

const points = (cloud: Tensor) => cloud.tolist() as [number, number][];
const clouds = [
  { name: 'real', points: points(real) },
  { name: 'generated', points: points(fake) },
];
mkdirSync(path.dirname(CHART), { recursive: true });
writeFileSync(CHART, scatterChart(clouds, 'A GAN on 2-d data'));
console.log(`Picture: ${CHART}`);
