import { type Optional, readArgs } from '../args';
import { constant, fromArray, run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { watched } from './anomaly';
import { checkTensor } from './check';
import { withGrad } from './context';
import { zeros } from './creation';
import { Flow } from './flow';
import { AccumulateGrad, type Edge, edgeOf, type Node } from './graph';
import { scoped, track } from './memory';
import { Tensor } from './tensor';

export interface BackwardOptions {
  /** The gradient of this tensor, of its shape; 1 by default for one element. */
  gradient?: Tensor | null;
  /** Keep what was saved for another backward through the same graph. By default as createGraph. */
  retainGraph?: boolean | null;
  /** Record the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulate only into these leaves. */
  inputs?: Tensor | readonly Tensor[] | null;
}

const DEFAULTS = { gradient: null, retainGraph: null, createGraph: false, inputs: null };

/**
 * Accumulates the gradients of `tensors` in the leaves' `grad`, weighted by `gradTensors` (null for 1, where there is one
 * element). See torch.autograd.backward.
 */
export function backward(
  tensors: Tensor | readonly Tensor[],
  ...rest: Optional<'gradTensors', Tensor | readonly (Tensor | null)[] | null, Omit<BackwardOptions, 'gradient'>>
): void {
  const { gradTensors, ...options } = readArgs('backward', rest, {
    gradTensors: null as Tensor | readonly (Tensor | null)[] | null,
    retainGraph: null as boolean | null,
    createGraph: false,
    inputs: null as Tensor | readonly Tensor[] | null,
  });
  const roots = [tensors].flat() as Tensor[];
  for (const root of roots) checkTensor('backward', root, 'tensors');
  passOf(options).run(roots, seedsFor('backward', roots, gradTensors));
}

/** Tensor.backward: see there. */
export function backwardFrom(root: Tensor, first?: Tensor | null | BackwardOptions, options?: BackwardOptions): void {
  const args = options === undefined ? [first] : [first, options];
  const { gradient, ...how } = readArgs<Required<BackwardOptions>>('backward', args, DEFAULTS);
  passOf(how).run([root], [gradient]);
}

function passOf({ retainGraph, createGraph, inputs }: Omit<Required<BackwardOptions>, 'gradient'>): BackwardPass {
  const targets = inputs === null ? null : [inputs].flat();
  if (targets?.length === 0) throw new RuntimeError('`inputs` argument to `backward` cannot be empty.');
  return new BackwardPass(createGraph, retainGraph ?? createGraph, targets);
}

/** A gradient, or null, for each root. */
function seedsFor(
  where: string,
  roots: readonly Tensor[],
  given: Tensor | readonly (Tensor | null)[] | null,
): (Tensor | null)[] {
  const seeds = given === null ? roots.map(() => null) : ([given].flat() as (Tensor | null)[]);
  if (seeds.length === roots.length) return seeds;
  throw new RuntimeError(`${where}: got ${roots.length} tensors and ${seeds.length} gradients`);
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
  for (const root of roots) checkTensor('grad', root, 'outputs');
  const seeds = seedsFor('grad', roots, gradOutputs);
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

class BackwardPass {
  readonly #createGraph: boolean;
  readonly #retainGraph: boolean;
  readonly #flow = new Flow();
  readonly #wanted: Edge[] | null;
  readonly #found: (Tensor | null)[];
  readonly #leaves: Set<Node> | null;
  #leading: Set<Node> | null = null;

  constructor(
    createGraph: boolean,
    retainGraph: boolean,
    leaves: readonly Tensor[] | null,
    wanted: readonly Tensor[] | null = null,
  ) {
    this.#createGraph = createGraph;
    this.#retainGraph = retainGraph;
    this.#leaves = leaves && new Set(leaves.map((leaf) => mustNeedGrad(leaf, 'inputs').node));
    this.#wanted = wanted?.map((t) => mustNeedGrad(t, 'inputs')) ?? null;
    this.#found = wanted ? wanted.map(() => null) : [];
  }

  /** Returns the gradients of the wanted tensors, null where none arrived. */
  run(roots: readonly Tensor[], seeds: readonly (Tensor | null)[]): (Tensor | null)[] {
    return withGrad(this.#createGraph, () => {
      try {
        roots.forEach((root, i) => this.#seed(root, seeds[i]!));
        for (const node of this.#order(roots)) this.#visit(node);
        return this.#found;
      } finally {
        this.#flow.clear();
      }
    });
  }

  #seed(root: Tensor, seed: Tensor | null): void {
    const edge = edgeOf(root);
    if (!edge) throw new RuntimeError('element 0 of tensors does not require grad and does not have a grad_fn');
    if (seed === null) {
      if (root._size !== 1) throw new RuntimeError('grad can be implicitly created only for scalar outputs');
      const one =
        root.ndim === 0 ? run('Identity', { x: constant(1) }) : fromArray(Float32Array.of(1), root.shape, 'float32');
      const ones = this.#quietly(() => Tensor._of(one));
      this.#flow.add(edge, ones, this.#sum);
      return;
    }
    if (String(seed.shape) !== String(root.shape)) {
      throw new RuntimeError(
        `Mismatch in shape: grad_output[0] has a shape of [${seed.shape.join(', ')}] and output[0] has a shape of ` +
          `[${root.shape.join(', ')}].`,
      );
    }
    this.#flow.add(edge, seed, this.#sum);
  }

  /** All nodes that the roots reach, later operations first; leaves last, for theirs is complete only then. */
  #order(roots: readonly Tensor[]): Node[] {
    const nodes = new Set<Node>();
    const stack = roots.map((root) => edgeOf(root)!.node);
    while (stack.length) {
      const node = stack.pop()!;
      if (nodes.has(node)) continue;
      nodes.add(node);
      for (const edge of node.edges) if (edge) stack.push(edge.node);
    }
    const rank = (node: Node) => (node instanceof AccumulateGrad ? -1 : node.sequence);
    const order = [...nodes].sort((a, b) => rank(b) - rank(a));
    this.#leading = this.#leadingTo(order);
    return order;
  }

  /** The nodes that are asked for or lead to one that is; null where all leaves are asked for. */
  #leadingTo(order: readonly Node[]): Set<Node> | null {
    const goals = this.#wanted ? this.#wanted.map((edge) => edge.node) : this.#leaves;
    if (!goals) return null;
    const leading = new Set<Node>(goals);
    for (const node of [...order].reverse()) {
      if (node.edges.some((edge) => edge && leading.has(edge.node))) leading.add(node);
    }
    return leading;
  }

  #visit(node: Node): void {
    const arrived = this.#flow.take(node);
    if (!arrived) return;
    const grads = arrived.map((grad, i) => (grad ? this.#runHooks(node, i, grad) : null));
    this.#capture(node, grads);
    if (node instanceof AccumulateGrad) {
      if (!this.#wanted) this.#accumulate(node.leaf, grads[0]!);
    } else this.#differentiate(node, grads);
    this.#flow.done(grads);
  }

  #differentiate(node: Node, grads: (Tensor | null)[]): void {
    const needed = node.edges.map((edge) => edge !== null && (this.#leading?.has(edge.node) ?? true));
    if (!needed.includes(true)) return;
    if (node.foreign) for (const grad of grads) if (grad) this.#flow.escape(grad);
    const apply = () => node.apply(grads, needed);
    const inputs = watched(node, () => (node.foreign ? apply() : this.#quietly(apply)));
    node.edges.forEach((edge, i) => {
      const grad = inputs[i];
      if (edge && grad && needed[i]) this.#flow.add(edge, grad, this.#sum);
    });
    if (!this.#retainGraph) node.release();
  }

  /** Runs our own code and frees what it makes but does not return; what it returns belongs to the flow. */
  #quietly<R extends Tensor | (Tensor | null)[]>(fn: () => R): R {
    if (this.#createGraph) return fn();
    const { result, made } = scoped(fn);
    const returned = new Set([result].flat() as (Tensor | null)[]);
    for (const tensor of made) {
      if (returned.has(tensor)) this.#flow.own(tensor);
      else tensor._free('backward was done with it');
    }
    return result;
  }

  readonly #sum = (a: Tensor, b: Tensor): Tensor => this.#quietly(() => a.add(b));

  #runHooks(node: Node, index: number, grad: Tensor): Tensor {
    let current = grad;
    const hooks = node.hooks[index];
    for (const hook of hooks ?? []) {
      this.#flow.escape(current);
      const replaced = hook(current);
      if (replaced) current = checkHookResult(replaced, current);
    }
    const retained = node.retained[index];
    if (retained && !this.#wanted) {
      this.#flow.escape(current);
      retained._setGrad(retained._grad ? retained._grad.add(current) : current, false);
    }
    return current;
  }

  #capture(node: Node, grads: readonly (Tensor | null)[]): void {
    this.#wanted?.forEach((edge, i) => {
      const grad = edge.node === node ? grads[edge.index] : null;
      if (!grad) return;
      this.#flow.escape(grad);
      this.#found[i] = grad;
    });
  }

  #accumulate(leaf: Tensor, grad: Tensor): void {
    if (this.#leaves && !this.#leaves.has(leaf._accumulator!)) return;
    const present = leaf._grad;
    if (present && this.#createGraph) leaf._setGrad(present.add(grad), false);
    else if (present) present.add_(grad);
    else {
      // A gradient that only the pass knows moves into the leaf; any other is shared as a tensor of its own.
      const own = this.#flow.claim(grad) ? grad : grad.clone();
      own._view = null;
      if (own._tag < 0) track(own);
      leaf._setGrad(own, !this.#createGraph);
    }
    for (const hook of leaf._accumulator!.postHooks) hook(leaf);
  }
}

function mustNeedGrad(tensor: Tensor, what: string): Edge {
  const edge = tensor instanceof Tensor ? edgeOf(tensor) : null;
  if (!edge) throw new RuntimeError(`One of the differentiated Tensors does not require grad (${what})`);
  return edge;
}

function checkHookResult(replaced: unknown, current: Tensor): Tensor {
  if (!(replaced instanceof Tensor)) {
    throw new TypeError(`a hook on a tensor must return a Tensor or nothing, got ${typeof replaced}`);
  }
  if (String(replaced.shape) !== String(current.shape)) {
    throw new RuntimeError(`hook has changed the size of value: [${current.shape}] to [${replaced.shape}]`);
  }
  return replaced;
}
