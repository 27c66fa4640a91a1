import { RuntimeError } from '../errors';
import { type Origin, originNow } from './anomaly';
import { isGradEnabled } from './context';
import { TYPE_NAMES } from './dtype';
import { refuseSavingInference } from './inference';
import type { Tensor } from './tensor';

/** Where a gradient goes: input `index` of `node`, that is, output `index` of the operation that `node` differentiates. */
export interface Edge {
  readonly node: Node;
  readonly index: number;
}

/** The gradient of one input, from those of the outputs (null where an output has none). */
export type Rule = (...grads: (Tensor | null)[]) => Tensor | null;
/** All input gradients at once, for operations whose gradients share work. */
export type JointRule = (grads: (Tensor | null)[], needed: boolean[]) => (Tensor | null)[];

/** Sees the gradients of the outputs and may return others. */
export type GradHook = (grad: Tensor) => Tensor | undefined | null | void;

let sequence = 0;

/** One operation of the graph that backward walks. It hangs off the operation's output and goes when that goes. */
export class Node {
  /** Later operations have higher numbers, so descending order is a topological order. */
  readonly sequence = sequence++;
  /** Hooks on the gradient of each output, from Tensor.registerHook. */
  readonly hooks: (Set<GradHook> | undefined)[] = [];
  /** Outputs that asked for their gradient, from Tensor.retainGrad. */
  readonly retained: (Tensor | undefined)[] = [];
  readonly name: string;
  /** One per input; null where the input needs no gradient. */
  readonly edges: readonly (Edge | null)[];
  saved: readonly Tensor[];
  /** True where the rule runs a user's code, which may keep the tensors it sees. */
  readonly foreign: boolean;
  /** Where the operation was called, under anomaly detection. */
  readonly origin: Origin | null = originNow();
  #rule: JointRule | null;
  #versions: number[];

  constructor(
    name: string,
    edges: readonly (Edge | null)[],
    rule: JointRule,
    saved: readonly Tensor[],
    foreign = false,
  ) {
    refuseSavingInference(saved);
    this.name = name;
    this.edges = edges;
    this.saved = saved;
    this.foreign = foreign;
    this.#rule = rule;
    this.#versions = saved.map((t) => t._version);
  }

  /** Gradients of the inputs that are `needed`, given those of the outputs. */
  apply(grads: (Tensor | null)[], needed: boolean[]): (Tensor | null)[] {
    if (!this.#rule) throw new RuntimeError(BACKWARD_TWICE);
    this.saved.forEach((tensor, i) => this.#checkVersion(tensor, this.#versions[i]!));
    return this.#rule(grads, needed);
  }

  /** Forgets what was saved for backward, so that it can be freed. */
  release(): void {
    this.#rule = null;
    this.saved = [];
    this.#versions = [];
  }

  #checkVersion(tensor: Tensor, expected: number): void {
    if (tensor._version === expected) return;
    throw new RuntimeError(
      'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
        `[${TYPE_NAMES[tensor.dtype]} [${tensor.shape.join(', ')}]]${origin(tensor)} is at version ${tensor._version}; ` +
        `expected version ${expected} instead.`,
    );
  }
}

function origin(tensor: Tensor): string {
  return tensor.gradFn ? `, which is output ${tensor._outputIndex} of ${tensor.gradFn.name},` : ',';
}

const BACKWARD_TWICE =
  'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). ' +
  'Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify ' +
  '{ retainGraph: true } if you need to backward through the graph a second time or if you need to access saved tensors after ' +
  'calling backward.';

/** The node of a leaf: its gradient ends here. */
export class AccumulateGrad extends Node {
  readonly leaf: Tensor;
  /** Called with the leaf after each accumulation, from Tensor.registerPostAccumulateGradHook. */
  readonly after = new Set<(leaf: Tensor) => void>();

  constructor(leaf: Tensor) {
    super('AccumulateGrad', [], () => [], []);
    this.leaf = leaf;
  }
}

/** Where the gradient of `tensor` goes, or null if it needs none. */
export function edgeOf(tensor: Tensor): Edge | null {
  if (tensor.gradFn) return { node: tensor.gradFn, index: tensor._outputIndex };
  if (!tensor.requiresGrad) return null;
  tensor._accumulator ??= new AccumulateGrad(tensor);
  return { node: tensor._accumulator, index: 0 };
}

/** True if an operation on `inputs` is to be recorded. */
export function needsGraph(inputs: readonly Tensor[]): boolean {
  return inputs.some((t) => t.requiresGrad) && isGradEnabled();
}

/** Calls only the rules whose input needs a gradient. */
export function separate(rules: readonly Rule[]): JointRule {
  return (grads, needed) => rules.map((rule, i) => (needed[i] ? rule(...grads) : null));
}
