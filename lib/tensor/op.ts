import type { Value } from '../backend/engine';
import { withGrad } from './context';
import { edgeOf, type JointRule, Node, needsGraph, type Rule, separate } from './graph';
import { Tensor } from './tensor';

/** How an operation is differentiated. */
export interface Differentiation {
  /** The node's name after PyTorch's; `Backward0` may be left out. */
  readonly name: string;
  readonly inputs: readonly Tensor[];
  /** The inputs that the rules read: a later in-place change of one makes backward an error. */
  readonly saves?: readonly Tensor[];
}

/**
 * Wraps the `value` that an operation computed and, if gradients are wanted, records how to differentiate it: `rules` is
 * called once with the output (for rules that read it, as exp's) and gives one rule per input.
 */
export function record(
  value: Value,
  how: Differentiation,
  rules: (out: Tensor) => readonly Rule[],
  savesOut = false,
): Tensor {
  return attach(Tensor._of(value), how, rules, savesOut);
}

/** {@link record} of what tensor code computes anew: `rules` differentiate it, not its own history. */
export function recordComputed(
  compute: () => Tensor,
  how: Differentiation,
  rules: (out: Tensor) => readonly Rule[],
): Tensor {
  return attach(withGrad(false, compute), how, rules, false);
}

function attach(out: Tensor, how: Differentiation, rules: (out: Tensor) => readonly Rule[], savesOut: boolean): Tensor {
  if (needsGraph(how.inputs)) {
    const saved = savesOut ? [...(how.saves ?? []), out] : (how.saves ?? []);
    out.gradFn = new Node(nodeName(how.name), how.inputs.map(edgeOf), separate(rules(out)), saved);
  }
  return out;
}

/** {@link record} for an operation with several outputs; `rule` gets one gradient (or null) per output. */
export function recordMulti(
  values: readonly Value[],
  how: Differentiation,
  rule: (outs: Tensor[]) => JointRule,
  savedOuts: (outs: Tensor[]) => Tensor[] = () => [],
): Tensor[] {
  const outs = values.map((value) => Tensor._of(value));
  if (needsGraph(how.inputs)) {
    const saved = [...(how.saves ?? []), ...savedOuts(outs)];
    const node = new Node(nodeName(how.name), how.inputs.map(edgeOf), rule(outs), saved);
    outs.forEach((out, i) => {
      if (out.dtype !== 'float32') return;
      out.gradFn = node;
      out._outputIndex = i;
    });
  }
  return outs;
}

/** For results through which no gradient flows: comparisons, indices. */
export function unrecorded(value: Value): Tensor {
  return Tensor._of(value);
}

function nodeName(name: string): string {
  return /Backward\d$/.test(name) ? name : `${name}Backward0`;
}
