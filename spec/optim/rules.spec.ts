import * as f from '../../lib';
import { optim, type Tensor } from '../../lib';
import { decode, expectNumbersClose, numbersOf, readGolden, type TensorJson } from '../support/fixtures';
import { checkStateDict, fromJson, type StateDictJson } from './stateDictJson';

type Options = Record<string, unknown>;
interface Case {
  optimizer: Exclude<keyof typeof optim, 'Optimizer' | 'lrScheduler' | `register${string}`>;
  name: string;
  options: Options;
  groups?: ({ params: number[] } & Options)[];
  changes?: Record<string, Options>;
  init?: TensorJson[];
  grads?: TensorJson[][];
  sizes?: number[];
  resume?: { step: number; params: TensorJson[]; stateDict: StateDictJson };
  out: Record<string, TensorJson>;
  out64: TensorJson;
  drift: number;
  repr: string;
  stateDict: StateDictJson;
  error?: string;
  raises?: string;
}
interface Shared {
  init: TensorJson[];
  grads: TensorJson[][];
  matrices: TensorJson[];
  matrixGrads: TensorJson[][];
}

/** A float that is a whole number, of which JavaScript cannot know that it is a float. */
const WHOLE = /(\d)\.0\b/g;
const golden = readGolden<Case, Shared>('optim_rules');
const runs = golden.cases.filter((c) => c.out && !c.init);
const extremes = golden.cases.filter((c) => c.init);
const errors = golden.cases.filter((c) => c.error);
const rows = (cases: Case[]) => cases.map((c): [string, Case] => [c.name, c]);

/** Options with `{ tensor: x }` made a tensor. */
function optionsOf(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(optionsOf);
  if (typeof json !== 'object' || json === null) return json;
  if ('tensor' in json) return f.tensor(json.tensor as number);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, optionsOf(value)]));
}

function make(c: Case, params: Tensor[], options: unknown = optionsOf(c.options)): optim.Optimizer {
  const groups = c.groups?.map((group) => ({ ...group, params: group.params.map((i) => params[i]!) }));
  const Class = optim[c.optimizer] as new (params: unknown, options: unknown) => optim.Optimizer;
  return new Class(groups ?? params, options);
}

const starts = (c: Case) => c.init ?? (c.optimizer === 'Muon' ? golden.matrices : golden.init);
const gradsOf = (c: Case) => c.grads ?? (c.optimizer === 'Muon' ? golden.matrixGrads : golden.grads);
const isMissing = ({ optimizer }: Case, step: number, i: number) => optimizer !== 'Muon' && step % 3 === 0 && i === 3;
const flat = (params: Tensor[]) => params.flatMap((p) => Array.from(p.toTypedArray()));

/** Takes the steps after `start`; `after` is called with each step's number. */
function train(c: Case, params: Tensor[], optimizer: optim.Optimizer, start: number, after: (step: number) => void) {
  const grads = gradsOf(c);
  for (let step = start + 1; step <= grads.length; step++) {
    const size = c.sizes?.[step % c.sizes.length] ?? 1;
    params.forEach((p, i) => {
      p.grad = isMissing(c, step, i) ? null : decode(grads[step - 1]![i]!).mul(size);
    });
    for (const group of optimizer.paramGroups) Object.assign(group, c.changes?.[step]);
    optimizer.step();
    after(step);
  }
}

const distance = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

/**
 * Where the order of a sum lets one of Muon's roundings to bfloat16 fall to the other side, the rest of the run is another. It is
 * still to be nearer to PyTorch's than the same run without such roundings is.
 */
const toleranceOf = (c: Case, step: number) => (c.optimizer === 'Muon' && step > 1 ? c.drift : 1e-5);

it.each(rows(runs))('%s', (_name, c) => {
  const from = c.resume ?? { step: 0, params: starts(c), stateDict: null };
  const params = from.params.map((json) => decode(json).requiresGrad_());
  const optimizer = from.stateDict ? make(c, params, { lr: 9 }) : make(c, params);
  if (from.stateDict) optimizer.loadStateDict(fromJson(from.stateDict));
  train(c, params, optimizer, from.step, (step) => {
    const shown = c.out[step];
    const atol = toleranceOf(c, step);
    if (shown) expectNumbersClose(flat(params), numbersOf(shown), { rtol: 1.3e-6, atol });
  });
  // As near to float64 as PyTorch's own float32 comes, but for a few last bits.
  const exact = numbersOf(c.out64);
  const bits = 2 ** -22 * Math.max(...exact.map(Math.abs));
  expect(distance(flat(params), exact)).toBeLessThan(2 * c.drift + bits);
  checkStateDict(optimizer.stateDict(), c.stateDict);
  expect(optimizer.toString()).toBe(c.repr.replace(WHOLE, '$1'));
});

/** What an average, or a decayed parameter, makes of an infinite gradient: ∞ − ∞, where PyTorch keeps ∞. The others go on alike. */
const differs = ['Lion (not finite)', 'ASGD (not finite)'];

it.each(rows(extremes))('%s', (_name, c) => {
  const params = starts(c).map((json) => decode(json).requiresGrad_());
  train(c, params, make(c, params), 0, () => {});
  const gradients = numbersOf(c.grads![0]![0]!);
  const compared = (x: number[]) =>
    x.filter((_, i) => !differs.includes(c.name) || Math.abs(gradients[i]!) !== Number.POSITIVE_INFINITY);
  const [own, theirs] = [compared(flat(params)), compared(numbersOf(c.out[c.grads!.length]!))];
  expectNumbersClose(own, theirs, { rtol: 1.3e-6, atol: 1e-6 });
});

it.each(rows(errors))('%s is refused', (_name, c) => {
  const construct = () => make(c, [f.zeros(2, 2, { requiresGrad: true })]);
  expect(construct).toThrow(c.error!.replace(WHOLE, '$1'));
  expect(construct).toThrow(expect.objectContaining({ name: c.raises }));
});
