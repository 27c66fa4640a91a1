import * as f from '../../lib';
import { nn, type Tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';
import { leftOver } from '../support/leaks';
import { buildModule } from '../support/pythonModule';

// softmin without dim warns.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(() => void jest.restoreAllMocks());

interface Case {
  name: string;
  repr: string;
  stateDict: Record<string, TensorJson>;
  inputs?: TensorJson[];
  out: TensorJson;
  cotangent: TensorJson;
  inputGrads: (TensorJson | null)[];
  grads: Record<string, TensorJson | null>;
  throws?: string;
}

const { cases } = readGolden<Case>('activation_modules');
const rows = (wanted: (c: Case) => unknown) => cases.filter(wanted).map((c) => [c.name, c] as const);
const expression = (name: string) => name.replace(/(?<=\)) \[.*$/, '');
const build = (name: string): nn.Module => {
  f.manualSeed(0);
  return buildModule(expression(name));
};

it.each(rows((c) => c.repr))('%s is built', (name, c) => {
  const module = build(name);
  expect(String(module)).toBe(c.repr);
  const stateDict = module.stateDict();
  expect(Object.keys(stateDict)).toEqual(Object.keys(c.stateDict));
  for (const [key, value] of Object.entries(c.stateDict)) expectClose(stateDict[key]!, value);
});

function check(name: string, c: Case): void {
  const module = build(name);
  const inputs = c.inputs!.map((json) => decode(json).requiresGrad_());
  f.manualSeed(1);
  const out = module(...inputs) as Tensor;
  expectClose(out, c.out);
  out.backward(decode(c.cotangent));
  c.inputGrads.forEach((grad, i) => {
    if (grad) expectClose(inputs[i]!.grad!, grad);
  });
  for (const [path, grad] of Object.entries(c.grads)) if (grad) expectClose(module.getParameter(path).grad!, grad);
}

it.each(rows((c) => c.inputs))('%s is called', check);

it('nothing is left behind', async () => {
  expect(await leftOver(() => rows((c) => c.inputs).forEach(([name, c]) => void check(name, c)))).toBe(0);
});

it.each(rows((c) => c.throws))('%s is refused', (name, c) => {
  expect(() => build(name)).toThrow(c.throws);
  expect(() => build(name)).toThrow(f.ValueError);
});

describe('in place', () => {
  const content = () => f.tensor([[-2, -0.5, 0.3, 8]]);
  const modules: (new (options: { inplace: boolean }) => nn.Module)[] = [
    ...[nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.RReLU, nn.ELU, nn.SELU, nn.CELU, nn.SiLU, nn.Mish, nn.Hardswish],
    ...[nn.Hardsigmoid, nn.Hardtanh, nn.Dropout, nn.Dropout1d],
  ];

  it.each(modules.map((m) => [m.name, m] as const))('%s writes into its input, with the same gradient', (_, Class) => {
    const [a, b] = [0, 1].map(() => content().requiresGrad_()) as [Tensor, Tensor];
    f.manualSeed(1);
    const out = new Class({ inplace: false })(a) as Tensor;
    f.manualSeed(1);
    const copy = b.clone();
    const written = new Class({ inplace: true })(copy) as Tensor;
    expectClose(copy, out, {});
    expectClose(written, out, {});
    for (const y of [out, written]) y.mul(content()).sum().backward();
    expectClose(b.grad!, a.grad!, {});
  });

  type Form = (x: Tensor, ...rest: number[]) => Tensor;
  const F = nn.functional;
  const forms: [string, Form, Form, number[]][] = [
    ['relu_', F.relu_, F.relu as Form, []],
    ['elu_', F.elu_ as Form, F.elu as Form, [0.5]],
    ['selu_', F.selu_, F.selu as Form, []],
    ['celu_', F.celu_ as Form, F.celu as Form, [2]],
    ['leakyRelu_', F.leakyRelu_ as Form, F.leakyRelu as Form, [0.3]],
    ['rrelu_', F.rrelu_ as Form, F.rrelu as Form, [0.2]],
    ['hardtanh_', F.hardtanh_ as Form, F.hardtanh as Form, [-0.4]],
    ['threshold_', F.threshold_ as Form, F.threshold as Form, [0, 7]],
  ];

  it.each(forms)('%s returns its input, and refuses a leaf', (name, write, plain, rest) => {
    const x = content();
    expect(write(x, ...rest)).toBe(x);
    expectClose(x, plain(content(), ...rest), {});
    const leaf = content().requiresGrad_();
    expect(() => write(leaf, ...rest)).toThrow(
      `a leaf Variable that requires grad is being used in an in-place operation (${name})`,
    );
  });

  it('a saved input that is overwritten is an error in backward', () => {
    for (const name of ['softplus', 'elu', 'gelu', 'silu', 'leakyRelu', 'hardswish', 'logsigmoid', 'glu'] as const) {
      const x = f.randn(2, 4, { requiresGrad: true }).mul(1);
      const y = (F[name] as Form)(x);
      x.add_(1);
      expect(() => y.sum().backward()).toThrow('modified by an inplace operation: [torch.FloatTensor [2, 4]]');
    }
    // relu keeps its output, as PyTorch's does.
    const x = f.randn(3, { requiresGrad: true }).mul(1);
    const y = F.relu(x);
    x.add_(1);
    y.sum().backward();
    const changed = F.relu(f.randn(3, { requiresGrad: true }))
      .add_(1)
      .sum();
    expect(() => changed.backward()).toThrow('modified by an inplace operation: [torch.FloatTensor [3]]');
  });

  it('dropout in evaluation passes a leaf', () => {
    const leaf = content().requiresGrad_();
    expect(new nn.Dropout({ inplace: true }).eval()(leaf)).toBe(leaf);
    expect(f.dropout_(leaf, 0, true)).toBe(leaf);
  });
});

it.each([
  'relu',
  'softsign',
  'tanhshrink',
  'softmin',
  'softmax',
  'glu',
  'elu',
  'prelu',
  'dropout',
  'dropout1d',
  'normalize',
  'pdist',
] as const)('%s takes tensors only', (name) => {
  const call = nn.functional[name] as unknown as (x: unknown, ...rest: unknown[]) => Tensor;
  const rest = name === 'prelu' ? [f.ones(1)] : [];
  for (const wrong of [null, 3, 'x', [1]])
    expect(() => call(wrong, ...rest)).toThrow(/argument 'input' must be Tensor/);
});

it('PReLU starts over', () => {
  const layer = new nn.PReLU(2, { init: 0.5 });
  layer.weight.data.fill_(3);
  layer.resetParameters();
  expect(layer.weight.tolist()).toEqual([0.5, 0.5]);
});

it.each([
  ['hardsigmoid', 'aten::hardsigmoid_backward'],
  ['pdist', 'aten::_pdist_backward'],
] as const)('%s is differentiated once, as in PyTorch', (name, backward) => {
  const x = f.randn(3, 2, { requiresGrad: true });
  const [g] = f.autograd.grad(nn.functional[name](x).sum(), x, { createGraph: true });
  expect(() => g!.sum().backward()).toThrow(`derivative for ${backward} is not implemented`);
});

it('warns where PyTorch does', () => {
  const warn = jest.mocked(console.warn);
  const F = nn.functional;
  F.softmax(f.ones(2, 3));
  F.dropout2d(f.ones(2, 3, 4));
  F.dropout3d(f.ones(2, 3));
  F.gumbelSoftmax(f.ones(2), { eps: 1e-5 });
  expect(warn.mock.calls.map(([text]) => String(text).slice(0, 30))).toEqual([
    'Implicit dimension choice for ',
    'dropout2d: Received a 3D input',
    'dropout3d: Received a 2-D inpu',
    'gumbelSoftmax: `eps` parameter',
  ]);
});
