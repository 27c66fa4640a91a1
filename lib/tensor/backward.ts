import { type Optional, readArgs } from '../args';
import { RuntimeError, ValueError } from '../errors';
import { BackwardPass } from './backwardPass';
import { checkTensor } from './check';
import { zeros } from './creation';
import type { Tensor } from './tensor';

export interface BackwardOptions {
  /** The gradient of this tensor, of its shape; 1 by default for one element. */
  gradient?: Tensor | null;
  /** Keep what was saved for another backward through the same graph. By default as createGraph. */
  retainGraph?: boolean | null;
  /** Record the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulate only into these, leaves or not. */
  inputs?: Tensor | readonly Tensor[] | null;
}

const DEFAULTS = { gradient: null, retainGraph: null, createGraph: false, inputs: null };

/** Tensor.backward: see there. */
export function backward(root: Tensor, first?: Tensor | null | BackwardOptions, options?: BackwardOptions): void {
  const args = options === undefined ? [first] : [first, options];
  const { gradient, retainGraph, createGraph, inputs } = readArgs<{
    gradient: Tensor | null;
    retainGraph: boolean | null;
    createGraph: boolean;
    inputs: Tensor | readonly Tensor[] | null;
  }>('backward', args, DEFAULTS);
  accumulate([root], [gradient], createGraph, retainGraph, inputs);
}

type Several = Tensor | readonly Tensor[];
type Seeds = Tensor | readonly (Tensor | null)[] | null;

function accumulate(
  roots: readonly Tensor[],
  seeds: readonly (Tensor | null)[],
  createGraph: boolean,
  retainGraph: boolean | null,
  inputs: Several | null,
): void {
  const targets = inputs === null ? null : ([inputs].flat() as Tensor[]);
  if (targets?.length === 0) throw new RuntimeError('`inputs` argument to `backward` cannot be empty.');
  new BackwardPass(createGraph, retainGraph ?? createGraph, targets).run(roots, seeds);
}

/** One gradient for each of `outputs`; null is 1 for one element. */
function seedsOf(where: string, outputs: readonly Tensor[], given: Seeds): (Tensor | null)[] {
  for (const output of outputs) checkTensor(where, output, 'outputs');
  const seeds = given === null ? outputs.map(() => null) : ([given].flat() as (Tensor | null)[]);
  for (const seed of seeds) if (seed !== null) checkTensor(where, seed, 'gradients');
  if (seeds.length === outputs.length) return seeds;
  throw new RuntimeError(`${where}: got ${outputs.length} tensors and ${seeds.length} gradients`);
}

/** Accumulates the gradients of the leaves of all `tensors`, of which each may have one in `gradTensors`. See torch.autograd.backward. */
export function backwardOf(
  tensors: Several,
  ...rest: Optional<'gradTensors', Seeds, Omit<BackwardOptions, 'gradient'>>
): void {
  const { gradTensors, retainGraph, createGraph, inputs } = readArgs('backward', rest, {
    gradTensors: null as Seeds,
    retainGraph: null as boolean | null,
    createGraph: false,
    inputs: null as Several | null,
  });
  const roots = [tensors].flat() as Tensor[];
  accumulate(roots, seedsOf('backward', roots, gradTensors), createGraph, retainGraph, inputs);
}

export interface GradOptions {
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
  retainGraph?: boolean | null;
  createGraph?: boolean;
  allowUnused?: boolean | null;
  materializeGrads?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `grad`. An input that no output depends on is
 * an error, or null with `allowUnused`, or zeros with `materializeGrads`. See torch.autograd.grad.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  ...rest:
    | [options?: GradOptions]
    | [gradOutputs: Tensor | readonly (Tensor | null)[] | null | undefined, options?: GradOptions]
): Tensor[] {
  const { gradOutputs, retainGraph, createGraph, allowUnused, materializeGrads } = readArgs('grad', rest, {
    gradOutputs: null as Tensor | readonly (Tensor | null)[] | null,
    retainGraph: null as boolean | null,
    createGraph: false,
    allowUnused: null as boolean | null,
    materializeGrads: false,
  });
  const roots = [outputs].flat() as Tensor[];
  const wanted = [inputs].flat() as Tensor[];
  const seeds = seedsOf('grad', roots, gradOutputs);
  if (materializeGrads && allowUnused === false) {
    throw new ValueError('Expected allowUnused to be true or not given when materializeGrads is true, but got: false.');
  }
  const pass = new BackwardPass(createGraph, retainGraph ?? createGraph, null, wanted);
  const found = pass.run(roots, seeds);
  return found.map((g, i) => {
    if (g) return g;
    if (materializeGrads) return zeros(wanted[i]!.shape);
    if (allowUnused) return null as unknown as Tensor;
    throw new RuntimeError(
      `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set { allowUnused: true } if this is ` +
        'the desired behavior.',
    );
  });
}
