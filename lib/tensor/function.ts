import { RuntimeError } from '../errors';
import { withGrad } from './context';
import { zerosLike } from './creation';
import { AccumulateGrad, edgeOf, Node, needsGraph } from './graph';
import { Tensor } from './tensor';

/** What forward and backward of a {@link Function} share. See torch.autograd.function.FunctionCtx. */
export class FunctionContext {
  /** For each argument of forward: whether it is a tensor whose gradient is wanted. */
  needsInputGrad: boolean[] = [];
  /** @internal */ _saved: (Tensor | null)[] = [];
  /** @internal */ _dirty = new Set<Tensor>();
  /** @internal */ _constant = new Set<Tensor>();
  /** @internal */ _materialize = true;
  // biome-ignore lint/suspicious/noExplicitAny: users keep their own values here, as in PyTorch
  [key: string]: any;

  /** Keeps tensors for backward, where an in-place change of one in between is an error. */
  saveForBackward(...tensors: (Tensor | null)[]): void {
    this._saved = tensors;
  }

  /** What {@link saveForBackward} kept. */
  get savedTensors(): Tensor[] {
    return this._saved as Tensor[];
  }

  /** Says which inputs forward changed in place. */
  markDirty(...tensors: Tensor[]): void {
    this._dirty = new Set(tensors);
  }

  /** Says which outputs no gradient flows through. */
  markNonDifferentiable(...tensors: Tensor[]): void {
    this._constant = new Set(tensors);
  }

  /** Whether backward gets zeros (true, the default) or null for an output without a gradient. */
  setMaterializeGrads(value: boolean): void {
    this._materialize = value;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments are whatever the user's forward takes
type Any = any;
type Outputs = Tensor | Tensor[];

/**
 * An operation with a gradient of one's own: subclass it with static `forward(ctx, ...args)` and `backward(ctx, ...grads)`,
 * the latter returning one gradient (or null) per argument, and call `apply(...args)`. With a static
 * `setupContext(ctx, inputs, output)`, forward takes no ctx. See torch.autograd.Function.
 */
export abstract class Function {
  static forward(..._args: Any[]): Outputs {
    throw new RuntimeError('You must implement the static forward of an autograd.Function');
  }

  static backward(_ctx: FunctionContext, ..._grads: Any[]): Tensor | null | (Tensor | null)[] {
    throw new RuntimeError('You must implement the static backward of an autograd.Function to use it with autograd');
  }

  static setupContext?: (ctx: FunctionContext, inputs: Any[], output: Any) => void;

  /** Runs forward and records backward. */
  static apply<R extends Outputs = Tensor>(...args: Any[]): R {
    const ctx = new FunctionContext();
    const tensors = args.map((arg) => (arg instanceof Tensor ? arg : null));
    ctx.needsInputGrad = tensors.map((t) => t?.requiresGrad ?? false);
    // Before forward: in-place changes give the inputs a new history.
    const edges = tensors.map((t) => t && edgeOf(t));
    const recorded = needsGraph(tensors.filter((t) => t !== null));
    const outputs = withGrad(false, () => runForward(this, ctx, args));
    tensors.forEach((t, i) => {
      if (!recorded || !t || !ctx._dirty.has(t) || !(edges[i]?.node instanceof AccumulateGrad)) return;
      throw new RuntimeError('a leaf Variable that requires grad has been used in an in-place operation.');
    });
    const list = [outputs].flat() as Tensor[];
    for (const output of list) {
      if (!(output instanceof Tensor))
        throw new TypeError(`${this.name}.forward: must return tensors, got ${typeof output}`);
    }
    const results = list.map((output) =>
      tensors.includes(output) && !ctx._dirty.has(output) ? output.detach() : output,
    );
    if (recorded) recordBackward(this, ctx, edges, tensors, results);
    return (Array.isArray(outputs) ? results : results[0]) as R;
  }
}

type FunctionClass = typeof Function;

// Functions, not private members: a subclass has none of those.

function runForward(cls: FunctionClass, ctx: FunctionContext, args: Any[]): Outputs {
  if (!cls.setupContext) return cls.forward(ctx, ...args);
  const outputs = cls.forward(...args);
  cls.setupContext(ctx, args, outputs);
  return outputs;
}

function recordBackward(
  cls: FunctionClass,
  ctx: FunctionContext,
  edges: ReturnType<typeof edgeOf>[],
  inputs: readonly (Tensor | null)[],
  outputs: Tensor[],
): void {
  const shapes = inputs.map((t) => t?.shape ?? null);
  const templates = outputs.map((output) => output.detach());
  const rule = (grads: (Tensor | null)[]) => {
    const given = templates.map((like, i) => grads[i] ?? (ctx._materialize ? zerosLike(like) : null));
    const result = cls.backward(ctx, ...given);
    const list = Array.isArray(result) ? [...result] : [result];
    while (list.length > edges.length && list.at(-1) === null) list.pop();
    if (list.length !== edges.length) {
      throw new RuntimeError(
        `function ${cls.name}Backward returned an incorrect number of gradients (expected ${edges.length}, got ${list.length})`,
      );
    }
    return list.map((grad, i) => fitted(cls, grad, shapes[i]!, i));
  };
  const saved = ctx._saved.filter((t) => t !== null);
  const node = new Node(`${cls.name}Backward`, edges, rule, saved, true);
  outputs.forEach((output, i) => {
    if (ctx._constant.has(output) || output.dtype !== 'float32') return;
    output.gradFn = node;
    output._outputIndex = i;
  });
}

/** The gradient of an input of `shape` (null: of what is no tensor), summed where backward broadcast it. */
function fitted(
  cls: FunctionClass,
  grad: Tensor | null,
  shape: readonly number[] | null,
  index: number,
): Tensor | null {
  if (grad === null || grad === undefined) return null;
  const where = `function ${cls.name}Backward returned`;
  if (!(grad instanceof Tensor))
    throw new TypeError(`${where} a ${typeof grad} at index ${index}, expected Tensor or null`);
  if (shape === null) {
    throw new RuntimeError(
      `${where} a gradient different from null at position ${index + 1}, but the corresponding forward input was not a Tensor`,
    );
  }
  if (String(grad.shape) === String(shape)) return grad;
  const added = grad.ndim - shape.length;
  if (added >= 0 && shape.every((size, i) => size === 1 || size === grad.shape[added + i]))
    return grad.sumToSize(shape);
  throw new RuntimeError(
    `${where} an invalid gradient at index ${index} - got [${grad.shape.join(', ')}] but expected shape compatible with ` +
      `[${shape.join(', ')}]`,
  );
}
