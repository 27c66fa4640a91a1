import * as f from '../../lib';
import { autograd, noGrad, type Tensor, tensor } from '../../lib';
import { expectClose, readGolden, type TensorJson } from '../support/fixtures';

const { backward } = autograd;
const { hessian, hvp, jacobian, jvp, vhp, vjp } = autograd.functional;

interface Case {
  name: string;
  kind: 'program' | 'message';
  results: Record<string, TensorJson | boolean>;
  throws: string;
}
const { cases } = readGolden<Case>('autograd_functional');

const X = [
  [0.5, -1, 2],
  [1.5, 0.25, -0.75],
];
const Y = [0.3, -1.2, 0.9];
const xy = (): [Tensor, Tensor] => [tensor(X), tensor(Y)];
const leaf = (data: f.TensorData) => tensor(data, { requiresGrad: true });

const cubes = (x: Tensor) => x.pow(3).sum(1);
const mixed = (x: Tensor, y: Tensor) => [x.mul(y).sin().sum(1), y.exp().mul(x.select(0, 0)).sum()];
const scalar = (x: Tensor, y: Tensor) => x.tanh().mul(y.pow(2)).sum().add(x.select(0, 0).mul(y).prod());
const one = (x: Tensor) => x.pow(2).sin().sum();
const linear = (x: Tensor) => x.mul(2).sum();

type Nested = Tensor | readonly Nested[];
function flat(results: Nested): Record<string, Tensor> {
  if (results instanceof f.Tensor) return { '': results };
  const parts = results.map((part, i) =>
    Object.entries(flat(part)).map(([name, x]): [string, Tensor] => [`${i}${name}`, x]),
  );
  return Object.fromEntries(parts.flat());
}

/** The programs of spec/reference/autograd_functional.py. */
const programs: Record<string, () => Record<string, Tensor | boolean | null>> = {
  jacobian_of_one: () => flat(jacobian(cubes, tensor(X))),
  jacobian_of_many: () => flat(jacobian(mixed, xy())),
  jacobian_of_a_list_of_one: () => flat(jacobian(cubes, [tensor(X)])),
  jacobian_vectorized: () => flat(jacobian(mixed, xy(), { vectorize: true })),
  jacobian_without_dependence: () => flat(jacobian((x) => x!.mul(2), xy())),
  jacobian_differentiated() {
    const x = leaf(Y);
    const found = jacobian((z) => z!.pow(3), x, { createGraph: true });
    found.square().sum().backward();
    return { jacobian: found.detach(), grad: x.grad, recorded: found.requiresGrad };
  },
  hessian_of_one: () => flat(hessian(one, tensor(X))),
  hessian_of_many: () => flat(hessian(scalar, xy())),
  hessian_of_a_linear_function: () => flat(hessian(linear, tensor(Y))),
  hessian_differentiated() {
    const x = leaf(Y);
    const found = hessian((z) => z!.pow(4).sum(), x, true);
    found.sum().backward();
    return { hessian: found.detach(), grad: x.grad };
  },
  vjp_of_one: () => flat(vjp(cubes, tensor(X), tensor([2, -1]))),
  vjp_of_many: () => flat(vjp(mixed, xy(), [tensor([2, -1]), tensor(0.5)])),
  vjp_without_v: () => flat(vjp(one, tensor(X))),
  jvp_of_one: () => flat(jvp(cubes, tensor(X), tensor(X).mul(2))),
  jvp_of_many: () => flat(jvp(mixed, xy(), [tensor(X).add(1), tensor(Y).sub(1)])),
  jvp_without_v: () => flat(jvp((x) => f.cat([x!.sin(), x!.pow(2)]), tensor([0.7]))),
  vhp_of_many: () => flat(vhp(scalar, xy(), [tensor(X).add(1), tensor(Y).sub(1)])),
  hvp_of_many: () => flat(hvp(scalar, xy(), [tensor(X).add(1), tensor(Y).sub(1)])),
  hvp_of_one_element: () => flat(hvp((x) => x!.exp().sum(), tensor([0.7]))),
  hvp_differentiated() {
    const x = leaf(Y);
    const [, product] = hvp((z) => z!.pow(4).sum(), x, tensor([1, 2, 3]), { createGraph: true });
    product.sum().backward();
    return { product: product.detach(), grad: x.grad };
  },
  captured_inputs_are_others() {
    const x = tensor(Y);
    return flat(jacobian((z) => z!.mul(x), x));
  },
  without_grad_mode: () => noGrad(() => flat(hessian(one, tensor(Y)))),
  backward_from_many() {
    const [x, y] = [leaf(X), leaf(Y)];
    backward([x.mul(y).sum(), x.mul(2)], [null, tensor(X)]);
    return { x: x.grad, y: y.grad };
  },
  backward_into_some() {
    const [x, y] = [leaf(X), leaf(Y)];
    backward(x.mul(y).sum(), { inputs: [y] });
    return { x: x.grad, y: y.grad };
  },
  post_accumulate_hook() {
    const x = leaf(Y);
    const seen: Tensor[] = [];
    const handle = x.registerPostAccumulateGradHook((p) => void seen.push(p.grad!.clone()));
    x.pow(2).sum().backward();
    x.pow(3).sum().backward();
    handle.remove();
    x.sum().backward();
    return { first: seen[0]!, second: seen[1]!, calls: tensor(seen.length, { dtype: 'int32' }), grad: x.grad };
  },
  retains_grad() {
    const x = leaf(Y);
    const y = x.mul(2);
    const before = y.retainsGrad;
    y.retainGrad();
    return { before, after: y.retainsGrad, leaf: x.retainsGrad };
  },
};

describe('results equal PyTorch', () => {
  const rows = cases.filter((c) => c.kind === 'program');

  it('all are here', () => expect(Object.keys(programs).sort()).toEqual(rows.map((c) => c.name).sort()));

  it.each(rows.map((c): [string, Case] => [c.name, c]))('%s', (name, { results }) => {
    const got = programs[name]!();
    expect(Object.keys(got).sort()).toEqual(Object.keys(results).sort());
    for (const [key, expected] of Object.entries(results)) {
      const actual = got[key];
      if (actual instanceof f.Tensor) expectClose(actual, expected as TensorJson);
      else expect(actual).toBe(expected);
    }
  });
});

const refusals: Record<string, () => unknown> = {
  jacobian_of_nothing: () => jacobian((x) => x!.narrow(0, 0, 0), tensor(Y)),
  vjp_v_missing: () => vjp(cubes, tensor(X)),
  jvp_v_missing: () => jvp(cubes, tensor(X)),
  vhp_v_of_another_shape: () => vhp(one, tensor(X), tensor(Y)),
  hvp_v_too_many: () => hvp(one, tensor(X), xy()),
  vjp_v_too_few: () => vjp(mixed, xy(), [tensor([2, -1])]),
  hessian_of_many_elements: () => hessian((x) => x!.mul(x!), tensor(Y)),
  hessian_of_several_outputs: () => hessian(((x: Tensor) => [x.sum(), x.sum()]) as never, tensor(Y)),
  strict_without_dependence: () => jacobian((x) => x!.mul(2), xy(), { strict: true }),
  strict_constant: () => jacobian(() => tensor(1), tensor(Y), { strict: true }),
  strict_linear: () => hessian(linear, tensor(Y), { strict: true }),
  strict_vhp: () => vhp(linear, tensor(Y), tensor(Y), { strict: true }),
  strict_hvp: () => hvp((x, y) => x!.pow(2).sum().add(y!.sum()), xy(), xy(), { strict: true }),
  post_accumulate_hook_on_a_result: () =>
    leaf(Y)
      .mul(2)
      .registerPostAccumulateGradHook(() => {}),
  post_accumulate_hook_without_grad: () => tensor(Y).registerPostAccumulateGradHook(() => {}),
};

describe('refusals say what PyTorch says', () => {
  const rows = cases.filter((c) => c.kind === 'message');
  const inOurWords = (message: string) =>
    message
      .replace('be None', 'be null')
      .replace('a tuple of', 'an array of')
      .replace(/torch\.Size\(\[(.*?)\]\)/g, (_, sizes: string) => `[${sizes.replaceAll(', ', ',')}]`);

  it('all are here', () => expect(Object.keys(refusals).sort()).toEqual(rows.map((c) => c.name).sort()));

  it.each(rows.map((c): [string, Case] => [c.name, c]))('%s', (name, { throws }) => {
    expect(refusals[name]!).toThrow(inOurWords(throws));
  });

  it('only backwards', () => {
    expect(() => jacobian(cubes, tensor(X), { strategy: 'forward-mode' as never })).toThrow(
      /'reverse-mode', got forward-mode/,
    );
    expect(() => jacobian(cubes, tensor(X), { strict: true, vectorize: true })).toThrow(/not supported together/);
    expect(() => vjp(cubes, 3 as never)).toThrow(
      'The inputs given to vjp must be either a Tensor or an array of Tensors',
    );
  });
});
