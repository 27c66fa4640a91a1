import { autograd, noGrad, ones, Tensor, tensor } from 'flambeau';
import { expectClose, readGolden, type TensorJson } from '../support/fixtures';

type Result = TensorJson | boolean | null;
interface Case {
  kind: 'program' | 'message';
  name: string;
  results?: Record<string, Result>;
  throws?: string;
  raises?: string;
}

const { cases } = readGolden<Case>('autograd_more');
const leaf = (...data: number[]) => tensor(data, { requiresGrad: true });

type Answer = (grad: Tensor) => (Tensor | null)[];

class Doubled extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, x: Tensor, answer: Answer) {
    ctx.answer = answer;
    return x.mul(2);
  }
  static override backward(ctx: autograd.FunctionContext, grad: Tensor) {
    return ctx.answer(grad);
  }
}

function doubled(answer: Answer): Tensor | null {
  const x = leaf(1, 2);
  Doubled.apply(x, answer).sum().backward();
  return x.grad;
}

class Dirty extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, x: Tensor) {
    ctx.markDirty(x);
    return x.mul_(2);
  }
  static override backward(_ctx: autograd.FunctionContext, grad: Tensor) {
    return grad.mul(2);
  }
}

/** The programs of spec/reference/autograd_more.py. */
const PROGRAMS: Record<string, () => Record<string, Tensor | boolean | null>> = {
  several_roots() {
    const x = leaf(1, 2);
    autograd.backward([x.sum(), x.mul(x)], [null, tensor([1, 2])]);
    return { grad: x.grad };
  },
  inputs_inside() {
    const x = leaf(1, 2);
    const y = x.mul(2);
    y.mul(y)
      .sum()
      .backward({ inputs: [y] });
    return { x: x.grad, y: y.grad };
  },
  after_accumulation() {
    const x = leaf(1, 2);
    const seen: Tensor[] = [];
    const handle = x.registerPostAccumulateGradHook((at) => void seen.push(at.grad!.clone()));
    x.sum().backward();
    x.mul(2).sum().backward();
    handle.remove();
    x.sum().backward();
    return { first: seen[0]!, second: seen[1]!, noMore: seen.length === 2, grad: x.grad };
  },
  retained_through_a_change() {
    const x = leaf(1, 2);
    const y = x.mul(2);
    y.retainGrad();
    y.mul_(3);
    y.sum().backward();
    return { x: x.grad, y: y.grad, leaf: x.retainsGrad, inside: y.retainsGrad, other: x.mul(2).retainsGrad };
  },
  data_assigned() {
    const x = leaf(1, 2);
    x.data = tensor([5, 6]);
    x.mul(x).sum().backward();
    return { x: x.detach(), grad: x.grad };
  },
  gradients_that_fit() {
    return {
      extra: doubled((grad) => [grad, null, null]),
      summed: doubled(() => [ones(3, 2), null]),
      none: doubled(() => [null, null]),
    };
  },
};

const REFUSALS: Record<string, () => unknown> = {
  too_many_gradients: () => doubled((grad) => [grad, null, grad]),
  too_small_a_gradient: () => doubled((grad) => [grad.sum(), null]),
  gradient_of_another_shape: () => doubled(() => [ones(3), null]),
  gradient_of_no_tensor: () => doubled((grad) => [grad, grad]),
  dirty_leaf: () => Dirty.apply(leaf(1)),
  unused_yet_materialized() {
    const x = leaf(1);
    autograd.grad(x.sum(), x, { materializeGrads: true, allowUnused: false });
  },
  fewer_gradients_than_roots() {
    const x = leaf(1);
    autograd.backward([x.sum(), x.mul(x)], [null]);
  },
  hook_after_no_leaf: () =>
    leaf(1)
      .mul(2)
      .registerPostAccumulateGradHook(() => {}),
  hook_after_no_gradient: () => tensor([1]).registerPostAccumulateGradHook(() => {}),
  unrecorded_view_changed() {
    const y = leaf(1, 2).mul(1);
    noGrad(() => y.index(0)).mul_(2);
  },
};

/** Where ours have JavaScript's names. */
const OWN_WORDS: Record<string, string> = {
  too_many_gradients: 'returned an incorrect number of gradients (expected 2, got 3)',
  too_small_a_gradient: 'returned an invalid gradient at index 0',
  gradient_of_another_shape: 'returned an invalid gradient at index 0',
  gradient_of_no_tensor: 'returned a gradient different from null at position 2',
  unused_yet_materialized: 'Expected allowUnused to be true or not given',
  fewer_gradients_than_roots: 'got 2 tensors and 1 gradients',
  hook_after_no_leaf: 'post accumulate grad hooks cannot be registered on non-leaf tensors',
  hook_after_no_gradient: "cannot register a hook on a tensor that doesn't require gradient",
  unrecorded_view_changed: 'A view was created in noGrad mode and is being modified inplace with grad mode enabled',
};

it.each(cases.map((c): [string, Case] => [c.name, c]))('%s', (name, { kind, results, throws, raises }) => {
  if (kind === 'message') {
    const words = throws!.split(/[.-] /)[0]!.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    expect(REFUSALS[name]!).toThrow(OWN_WORDS[name] ?? words);
    expect(REFUSALS[name]!).toThrow(expect.objectContaining({ name: raises }));
    return;
  }
  const found = PROGRAMS[name]!();
  expect(Object.keys(found)).toEqual(Object.keys(results!));
  for (const [key, wanted] of Object.entries(results!)) {
    const ours = found[key]!;
    if (ours instanceof Tensor) expectClose(ours, wanted as TensorJson);
    else expect(ours).toBe(wanted);
  }
});

it('data refuses another shape, another dtype and what is no tensor', () => {
  const x = leaf(1, 2);
  const assign = (value: unknown) => () => {
    x.data = value as Tensor;
  };
  expect(assign(ones(3))).toThrow(/float32 tensor of shape \[2\] cannot take a float32 one of shape \[3\]/);
  expect(assign(tensor([1, 2], { dtype: 'int32' }))).toThrow(/cannot take a int32 one/);
  expect(assign([1, 2])).toThrow(TypeError);
  expect(x.tolist()).toEqual([1, 2]);
});
