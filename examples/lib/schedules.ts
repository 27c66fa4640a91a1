import { optim, tensor } from 'flambeau';
import { type Panel, panelChart } from './panels';

const { lrScheduler, swaUtils } = optim;
const EPOCHS = 100;

type Make = (optimizer: optim.SGD) => { step(): void } | optim.lrScheduler.ReduceLROnPlateau;

/** A schedule, as its code has it behind the optimizer. */
const SCHEDULES: [name: string, args: string, make: Make][] = [
  ['LambdaLR', '(epoch) => 1 / (1 + epoch / 10)', (o) => new lrScheduler.LambdaLR(o, (epoch) => 1 / (1 + epoch / 10))],
  ['MultiplicativeLR', '() => 0.97', (o) => new lrScheduler.MultiplicativeLR(o, () => 0.97)],
  ['StepLR', '30, 0.5', (o) => new lrScheduler.StepLR(o, 30, 0.5)],
  ['MultiStepLR', '[20, 50, 80], 0.4', (o) => new lrScheduler.MultiStepLR(o, [20, 50, 80], 0.4)],
  ['ConstantLR', '0.3, { totalIters: 20 }', (o) => new lrScheduler.ConstantLR(o, 0.3, { totalIters: 20 })],
  ['LinearLR', '0.1, { totalIters: 40 }', (o) => new lrScheduler.LinearLR(o, 0.1, { totalIters: 40 })],
  ['ExponentialLR', '0.95', (o) => new lrScheduler.ExponentialLR(o, 0.95)],
  ['PolynomialLR', '90, { power: 2 }', (o) => new lrScheduler.PolynomialLR(o, 90, { power: 2 })],
  ['CosineAnnealingLR', '100', (o) => new lrScheduler.CosineAnnealingLR(o, 100)],
  ['CosineAnnealingWarmRestarts', '14, 2', (o) => new lrScheduler.CosineAnnealingWarmRestarts(o, 14, 2)],
  [
    'CyclicLR',
    "0.01, 0.1, 15, { mode: 'triangular2' }",
    (o) => new lrScheduler.CyclicLR(o, 0.01, 0.1, 15, { mode: 'triangular2' }),
  ],
  ['OneCycleLR', '0.1, 100', (o) => new lrScheduler.OneCycleLR(o, 0.1, 100)],
  [
    'ReduceLROnPlateau',
    "'min', { factor: 0.5, patience: 8 }",
    (o) => new lrScheduler.ReduceLROnPlateau(o, 'min', { factor: 0.5, patience: 8 }),
  ],
  [
    'SequentialLR',
    '[LinearLR, CosineAnnealingLR], [10]',
    (o) => {
      const parts = [
        new lrScheduler.LinearLR(o, 0.1, { totalIters: 10 }),
        new lrScheduler.CosineAnnealingLR(o, EPOCHS - 10),
      ];
      return new lrScheduler.SequentialLR(o, parts, [10]);
    },
  ],
  [
    'ChainedScheduler',
    '[ExponentialLR, StepLR]',
    (o) =>
      new lrScheduler.ChainedScheduler([new lrScheduler.ExponentialLR(o, 0.98), new lrScheduler.StepLR(o, 40, 0.5)]),
  ],
  ['swaUtils.SWALR', '0.03, 40', (o) => new swaUtils.SWALR(o, 0.03, 40)],
];

/** The learning rate of each epoch, from 0.1. The loss falls for 30 epochs and then no more. */
function follow(make: Make): number[] {
  const optimizer = new optim.SGD([tensor([0])], { lr: 0.1 });
  const scheduler = make(optimizer);
  return Array.from({ length: EPOCHS }, (_, epoch) => {
    const { lr } = optimizer.paramGroups[0]!;
    optimizer.step();
    if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(1 / (1 + Math.min(epoch, 30)));
    else scheduler.step();
    return lr;
  });
}

/** The picture in docs/learning-rate-schedules.md. */
export function schedulesPicture(): string {
  const panels = SCHEDULES.map(([title, note, make]): Panel => ({ title, note, values: follow(make) }));
  return panelChart('Learning rates over 100 epochs', panels);
}

/** The schedules that the picture shows. */
export const shownSchedules: readonly string[] = SCHEDULES.map(([name]) => name);
