import { constant, fromArray, run } from '../backend/engine';
import { RuntimeError } from '../errors';
import { watched } from './anomaly';
import { withGrad } from './context';
import { Flow } from './flow';
import { AccumulateGrad, type Edge, edgeOf, type Node } from './graph';
import { scoped, track } from './memory';
import { Tensor } from './tensor';

/** One walk from roots to leaves. */
export class BackwardPass {
  readonly #createGraph: boolean;
  readonly #retainGraph: boolean;
  readonly #flow = new Flow();
  readonly #wanted: Edge[] | null;
  readonly #found: (Tensor | null)[];
  readonly #targets: readonly Tensor[] | null;
  #leading: Set<Node> | null = null;

  constructor(
    createGraph: boolean,
    retainGraph: boolean,
    targets: readonly Tensor[] | null,
    wanted: readonly Tensor[] | null = null,
  ) {
    this.#createGraph = createGraph;
    this.#retainGraph = retainGraph;
    for (const target of targets ?? []) mustNeedGrad(target, 'inputs');
    this.#targets = targets;
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
    const goals = (this.#wanted ?? this.#targets?.map((target) => edgeOf(target)!))?.map((edge) => edge.node);
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
      if (!this.#wanted && (this.#targets?.includes(node.leaf) ?? true)) {
        this.#accumulate(node.leaf, grads[0]!);
        for (const hook of node.after) hook(node.leaf);
      }
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
    for (const keeper of this.#keepers(node, index)) {
      this.#flow.escape(current);
      keeper._setGrad(keeper._grad ? keeper._grad.add(current) : current, false);
    }
    return current;
  }

  /** Tensors inside the graph that keep their gradient. */
  #keepers(node: Node, index: number): Set<Tensor> {
    if (this.#wanted || node instanceof AccumulateGrad) return new Set();
    const asked = this.#targets?.filter((t) => t.gradFn === node && t._outputIndex === index) ?? [];
    const retained = node.retained[index];
    return new Set(retained ? [retained, ...asked] : asked);
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
