import * as f from '../../lib';
import { autograd, nn, type Tensor, tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';
import type { GoldenCase } from '../support/golden';

type Result = Tensor | boolean | null;
interface Case extends GoldenCase {
  kind?: 'program' | 'message';
  /** Weights of the first gradients whose sum is differentiated again. */
  gradCotangents: (TensorJson | null)[];
  secondGrads: (TensorJson | null)[];
  results: Record<string, TensorJson | boolean | null>;
}
const { cases } = readGolden<Case>('autograd');
const leaf = (data: f.TensorData) => tensor(data, { requiresGrad: true });

describe('second derivatives equal PyTorch', () => {
  const second = cases.filter((c) => c.kind === undefined);

  it.each(second.map((c): [string, Case] => [`${c.fn} ${c.name}`, c]))('%s', (_name, c) => {
    const namespace = (c.ns === '' ? f : nn.functional) as unknown as Record<string, (...args: unknown[]) => Tensor>;
    const revive = (json: unknown) =>
      typeof json === 'object' && json !== null && 'shape' in json ? decode(json as TensorJson) : json;
    const args = c.args.map(revive);
    const inputs = args.filter((arg, i): arg is Tensor => arg instanceof f.Tensor && c.grads[i] !== null);
    for (const x of inputs) x.requiresGrad_();
    const options = Object.fromEntries(Object.entries(c.options).map(([key, value]) => [key, revive(value)]));
    const out = namespace[c.fn]!(...args, ...(Object.keys(options).length > 0 ? [options] : []));
    expectClose(out, c.out as TensorJson);
    const first = autograd.grad(out, inputs, decode(c.cotangents[0]!), { createGraph: true });
    const given = <T>(list: T[]) => list.filter((_, i) => args[i] instanceof f.Tensor && c.grads[i] !== null);
    given(c.grads).forEach((grad, i) => expectClose(first[i]!, grad as TensorJson));
    const weights = given(c.gradCotangents);
    const rooted = first.filter((g, i) => g.requiresGrad && weights[i] !== null);
    const seeds = weights.filter((w, i) => first[i]!.requiresGrad && w !== null).map((w) => decode(w!));
    const again = autograd.grad(rooted, inputs, seeds, { allowUnused: true });
    given(c.secondGrads).forEach((grad, i) => {
      // What PyTorch gives as null or zeros may be either here.
      if (again[i]) expectClose(again[i], grad ?? f.zerosLike(inputs[i]!));
      else expectClose(f.zerosLike(inputs[i]!), grad ?? f.zerosLike(inputs[i]!));
    });
  });
});

/** The programs of spec/reference/autograd.py. */
const programs: Record<string, () => Record<string, Result>> = {
  accumulation() {
    const x = leaf([1, 2, 3]);
    x.pow(2).sum().backward();
    const first = x.grad!.clone();
    x.pow(3).sum().backward();
    return { first, both: x.grad };
  },
  retained_graph() {
    const x = leaf([1, 2]);
    const y = x.mul(x.exp()).sum();
    y.backward({ retainGraph: true });
    const first = x.grad!.clone();
    y.backward();
    return { first, both: x.grad };
  },
  diamond() {
    const x = leaf([0.5, -1]);
    const a = x.mul(2);
    a.mul(a).add(a.tanh().mul(x)).sum().backward();
    return { grad: x.grad };
  },
  same_tensor_twice() {
    const x = leaf([2, 3]);
    x.mul(x).div(x).add(x).sub(x).sum().backward();
    return { grad: x.grad };
  },
  given_gradient() {
    const x = leaf([1, 2, 3]);
    x.pow(2).backward(tensor([1, 0.1, -1]));
    return { grad: x.grad };
  },
  retained_grad() {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.retainGrad();
    y.pow(2).sum().backward();
    return { x: x.grad, y: y.grad };
  },
  only_some_inputs() {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.mul(b)
      .sum()
      .backward({ inputs: [a] });
    return { a: a.grad, b: b.grad };
  },
  detached() {
    const x = leaf([1, 2]);
    x.mul(x.detach()).sum().backward();
    return { grad: x.grad };
  },
  without_grad() {
    const x = leaf([1, 2]);
    const y = f.noGrad(() => x.mul(2));
    return { requiresGrad: y.requiresGrad, isLeaf: y.isLeaf, after: x.mul(2).requiresGrad };
  },
  hook() {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.registerHook((grad) => grad.mul(10));
    y.pow(2).sum().backward();
    return { grad: x.grad };
  },
  grad_function() {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const [gx, gy, unused] = autograd.grad(x.mul(y.pow(2)).sum(), [x, y, leaf([1])], { allowUnused: true });
    return { x: gx!, y: gy!, unused: unused!, xGrad: x.grad };
  },
  cubic() {
    const x = leaf([1, -2, 0.5]);
    const [first] = autograd.grad(x.pow(3).sum(), x, { createGraph: true });
    const [second] = autograd.grad(first!.sum(), x, { createGraph: true });
    const [third] = autograd.grad(second!.sum(), x);
    return { first: first!, second: second!, third: third! };
  },
  double_backward() {
    const x = leaf([1, 2]);
    x.pow(3).sum().backward({ createGraph: true });
    const first = x.grad!.clone();
    first.sum().backward();
    return { first, total: x.grad };
  },
  matmul_chain() {
    f.manualSeed(0);
    const [x, w1, w2] = [f.randn(4, 3), f.randn(3, 5, { requiresGrad: true }), f.randn(5, 2, { requiresGrad: true })];
    const y = x.matmul(w1).tanh().matmul(w2).softmax(1).select(1, 0).sum();
    const [g1, g2] = autograd.grad(y, [w1, w2], { createGraph: true });
    const [s1, s2] = autograd.grad(g1!.pow(2).sum().add(g2!.pow(2).sum()), [w1, w2]);
    return { x, w1, w2, y, g1: g1!, g2: g2!, s1: s1!, s2: s2! };
  },
  gradient_penalty() {
    f.manualSeed(1);
    const options = { requiresGrad: true };
    const [x, w, b] = [f.randn(6, 4, options), f.randn(3, 4, options), f.randn(3, options)];
    const loss = nn.functional.crossEntropy(nn.functional.linear(x, w, b), f.LongTensor([0, 1, 2, 2, 1, 0]));
    const [gx] = autograd.grad(loss, x, { createGraph: true });
    const total = loss.add(gx!.norm(2, 1).sub(1).square().mean().mul(0.5));
    total.backward();
    return { x, w, b, loss, total, xGrad: x.grad, wGrad: w.grad, bGrad: b.grad };
  },
  in_place_without_grad() {
    const w = leaf([1, 2]);
    w.pow(2).sum().backward();
    f.noGrad(() => w.sub_(w.grad!.mul(0.1)));
    return { w, requiresGrad: w.requiresGrad, isLeaf: w.isLeaf };
  },
  in_place_in_the_graph() {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.mul_(3).add_(1);
    y.mul(y).sum().backward();
    return { y, grad: x.grad };
  },
  broadcasting() {
    const a = f.ones(2, 1, { requiresGrad: true });
    const b = leaf([0, 1, 2]);
    a.add(b)
      .mul(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      )
      .sum()
      .backward();
    return { a: a.grad, b: b.grad };
  },
  leaves() {
    const x = leaf([1]);
    const y = x.mul(2);
    return {
      xLeaf: x.isLeaf,
      yLeaf: y.isLeaf,
      plainLeaf: tensor([1]).isLeaf,
      detachedLeaf: y.detach().isLeaf,
      xGradFn: x.gradFn === null,
      yRequiresGrad: y.requiresGrad,
      comparison: y.gt(1).requiresGrad,
      integer: y.int().requiresGrad,
      argmax: y.argmax().requiresGrad,
    };
  },
};

describe('programs equal PyTorch', () => {
  const rows = cases.filter((c) => c.kind === 'program');

  it('all are here', () => expect(Object.keys(programs).sort()).toEqual(rows.map((c) => c.name).sort()));

  it.each(rows.map((c): [string, Case] => [c.name, c]))('%s', (name, c) => {
    const results = programs[name]!();
    expect(Object.keys(results)).toEqual(Object.keys(c.results));
    for (const [key, expected] of Object.entries(c.results)) {
      const actual = results[key]!;
      if (typeof expected === 'object' && expected !== null) expectClose(actual as Tensor, expected);
      else expect(actual).toBe(expected);
    }
  });
});

/** What PyTorch refuses, and how its words begin here. */
const refusals: Record<string, () => unknown> = {
  backward_twice: () => {
    const y = leaf([1]).pow(2).sum();
    y.backward();
    y.backward();
  },
  grad_twice: () => {
    const x = leaf([1]);
    const y = x.exp();
    autograd.grad(y, x);
    autograd.grad(y, x);
  },
  not_a_scalar: () => leaf([1, 2]).mul(2).backward(),
  nothing_requires_grad: () => tensor(1).backward(),
  detached_loss: () => leaf([1]).mul(2).detach().sum().backward(),
  wrong_gradient_shape: () => leaf([1, 2]).mul(2).backward(f.ones(3)),
  wrong_gradient_shape_in_grad: () => {
    const x = leaf([1, 2]);
    autograd.grad(x.mul(2), x, f.ones(1, 2));
  },
  in_place_on_a_leaf: () => leaf([1, 2]).add_(1),
  in_place_on_a_view_of_a_leaf: () => leaf([1, 2]).view(2, 1).mul_(2),
  in_place_on_an_expanded_tensor: () =>
    f
      .zeros(1)
      .expand(3)
      .add_(tensor([1, 2, 3])),
  saved_input_changed: () => {
    const y = leaf([1, 2]).mul(2);
    const z = y.mul(y);
    y.add_(1);
    z.sum().backward();
  },
  saved_output_changed: () => {
    const y = leaf([1, 2]).exp();
    y.mul_(2);
    y.sum().backward();
  },
  weight_changed_before_backward: () => {
    const [x, w, v] = [f.ones(2, 3), f.ones(3, 4, { requiresGrad: true }), f.ones(4, 1, { requiresGrad: true })];
    const y = x.matmul(w).matmul(v).sum();
    f.noGrad(() => v.add_(1));
    y.backward();
  },
  unused_input: () => autograd.grad(leaf([1]).mul(2), leaf([1])),
  input_without_grad: () => autograd.grad(leaf([1]).mul(2), tensor([1])),
  integers_cannot_require_grad: () => tensor([1, 2], { dtype: 'int32', requiresGrad: true }),
  integers_cannot_require_grad_later: () => tensor([1, 2], { dtype: 'int32' }).requiresGrad_(),
  requires_grad_of_a_result: () => leaf([1]).mul(2).requiresGrad_(false),
  grad_of_another_shape: () => {
    leaf([1, 2]).grad = f.ones(3);
  },
  grad_of_another_dtype: () => {
    leaf([1, 2]).grad = f.LongTensor([1, 2]);
  },
  item_of_many: () => tensor([1, 2]).item(),
  item_of_none: () => f.zeros(0).item(),
  retain_grad_without_grad: () => tensor([1]).retainGrad(),
  hook_without_grad: () => tensor([1]).registerHook((grad) => grad),
  in_place_to_a_smaller_shape: () => f.zeros(2).add_(f.zeros(3)),
  in_place_does_not_broadcast_its_target: () => f.zeros(1).add_(f.zeros(3)),
  float_into_integers: () => f.LongTensor([1, 2]).add_(0.5),
  length_of_a_scalar: () => tensor(1).length,
  iteration_over_a_scalar: () => [...tensor(1)],
  ragged_list: () => tensor([[1, 2], [3]]),
  ragged_depth: () => tensor([[1], 2]),
  negative_size: () => f.zeros(2, -1),
  deepcopy_of_a_result: () => f.deepcopy(leaf([1]).mul(2)),
  arange_the_wrong_way: () => f.arange(5, 1),
  arange_without_step: () => f.arange(1, 5, 0),
};
/** No such thing here: no numpy, no truth of an object, and indexing is not there yet. */
const absent = /^(array_of|truth_of|index_|too_many_indices)/;
/** Where our words are others than PyTorch's, in names or in how much they say. */
const words: Record<string, RegExp> = {
  wrong_gradient_shape: /shape of \[3\] and output\[0\] has a shape of \[2\]/,
  wrong_gradient_shape_in_grad: /shape of \[1, 2\] and output\[0\] has a shape of \[2\]/,
  in_place_on_a_leaf: /a leaf Variable that requires grad is being used in an in-place operation/,
  in_place_on_a_view_of_a_leaf: /a view of a leaf Variable that requires grad is being used in an in-place operation/,
  in_place_on_an_expanded_tensor:
    /unsupported operation: more than one element of the written-to tensor refers to a single memory location/,
  unused_input: /The differentiated Tensor at index 0 appears to not have been used in the graph/,
  integers_cannot_require_grad: /only Tensors of floating point dtype can require gradients/,
  integers_cannot_require_grad_later: /only Tensors of floating point dtype can require gradients/,
  grad_of_another_dtype: /attempting to assign a gradient with dtype 'int32' to a tensor with dtype 'float32'/,
  float_into_integers: /result type float32 can't be cast to the desired output type int32/,
  length_of_a_scalar: /length of a 0-d tensor/,
  ragged_depth: /expected sequence/,
  negative_size: /zeros: sizes must be non-negative/,
};

describe('refusals say what PyTorch says', () => {
  const rows = cases.filter((c) => c.kind === 'message' && !absent.test(c.name));

  it('all are here', () => expect(Object.keys(refusals).sort()).toEqual(rows.map((c) => c.name).sort()));

  it.each(rows.map((c): [string, Case] => [c.name, c]))('%s', (name, c) => {
    const beginning = c.throws!.split(/[.:] |retain_graph/)[0]!;
    expect(refusals[name]!).toThrow(words[name] ?? beginning);
  });
});
