import * as f from '../../lib';
import { nn, type Tensor } from '../../lib';
import { decode, expectClose, readGolden, type TensorJson } from '../support/fixtures';
import { buildModule } from '../support/pythonModule';

/** The fixture's own modules, as spec/reference/modules.py has them. */
class Net extends nn.Module {
  fc1 = new nn.Linear(4, 3);
  act = new nn.ReLU();
  fc2 = new nn.Linear(3, 2);

  forward(x: Tensor): Tensor {
    return this.fc2(this.act(this.fc1(x)));
  }
}

class Silent extends nn.Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}

class Order extends Silent {
  first = new nn.Linear(2, 1);
  scale = new nn.Parameter(f.ones(2));
  declare count: Tensor;
  last: Net;
  shift: nn.Parameter;

  constructor() {
    super();
    this.registerBuffer('count', f.zeros(1));
    this.last = new Net();
    this.shift = new nn.Parameter(f.zeros(3));
  }
}

class Tied extends Silent {
  encoder = new nn.Linear(3, 3);
  decoder = new nn.Linear(3, 3, { bias: false });

  constructor() {
    super();
    this.decoder.weight = this.encoder.weight;
  }
}

class Shared extends Silent {
  left = new nn.Linear(2, 2);
  right = this.left;
}

class Buffers extends Silent {
  scale: nn.Parameter;
  plain: Tensor;

  constructor() {
    super();
    this.registerBuffer('mean', f.zeros(2));
    this.registerBuffer('cache', f.ones(3), { persistent: false });
    this.registerBuffer('nothing', null);
    this.registerParameter('bias', null);
    this.scale = new nn.Parameter(f.ones(2));
    this.plain = f.ones(1);
  }
}

class Deep extends Silent {
  body = new nn.Sequential(new nn.Flatten(), new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU()), new Net());
  heads = new nn.ModuleList([new nn.Linear(2, 1), new nn.Linear(2, 3, { bias: false })]);
  by_name = new nn.ModuleDict({ mean: new nn.Linear(2, 1), act: new nn.ReLU() });
  weights = new nn.ParameterList([new nn.Parameter(f.zeros(2)), new nn.Parameter(f.zeros(1, 2))]);
  stats = new Buffers();
}

class Described extends Silent {
  text: string;
  declare child: nn.Module;

  constructor(text: string, child?: nn.Module) {
    super();
    this.text = text;
    if (child) this.child = child;
  }

  override extraRepr(): string {
    return this.text;
  }
}

const classes = { Net, Order, Tied, Shared, Buffers, Deep, Described };

const build = (python: string) => buildModule(python, classes);

type StateDict = Record<string, Tensor>;
type Json = Record<string, TensorJson>;
interface Case {
  kind: string;
  name: string;
  repr: string;
  seed: number;
  strict: boolean;
  stateDict: Json;
  stateDictKeys: string[];
  namedParameters: string[];
  namedParametersWithDuplicates: string[];
  namedParametersPrefixed: string[];
  ownParameters: string[];
  namedBuffers: string[];
  namedModules: [string, string][];
  namedModulesWithDuplicates: string[];
  namedChildren: string[];
  elements: number;
  input: TensorJson;
  out: TensorJson;
  cotangent: TensorJson;
  inputGrad: TensorJson | null;
  grads: Record<string, TensorJson | null>;
  after: Json;
  missingKeys: string[];
  unexpectedKeys: string[];
  throws?: string;
}

const golden = readGolden<Case>('modules');
/** What is not ported. */
const absent = /ParameterDict/;
const of = (kind: string): [string, Case][] =>
  golden.cases.filter((c) => c.kind === kind && !absent.test(c.name)).map((c) => [c.name, c]);
const expression = (name: string) => name.replace(/ \[[\d, ]*\]$/, '');
/** Some state dicts hold numbers in place of tensors, to be refused. */
const decodeAll = (json: Json) =>
  Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, typeof value === 'object' ? decode(value) : value]),
  ) as StateDict;
const keys = (named: [string, unknown][]) => named.map(([name]) => name);

describe('printing', () => {
  it.each(of('repr'))('%s', (name, { repr }) => {
    expect(String(build(name))).toBe(repr);
  });
});

describe('structure', () => {
  it.each(of('structure'))('%s', (name, c) => {
    f.manualSeed(c.seed);
    const module = build(name);
    expect(keys(module.namedParameters())).toEqual(c.namedParameters);
    expect(keys(module.namedParameters({ removeDuplicate: false }))).toEqual(c.namedParametersWithDuplicates);
    expect(keys(module.namedParameters({ prefix: 'model' }))).toEqual(c.namedParametersPrefixed);
    expect(keys(module.namedParameters({ recurse: false }))).toEqual(c.ownParameters);
    expect(keys(module.namedBuffers())).toEqual(c.namedBuffers);
    expect(module.namedModules().map(([path, m]) => [path, m.constructor.name])).toEqual(c.namedModules);
    expect(keys(module.namedModules({ removeDuplicate: false }))).toEqual(c.namedModulesWithDuplicates);
    expect(keys(module.namedChildren())).toEqual(c.namedChildren);
    const stateDict = module.stateDict();
    expect(Object.keys(stateDict)).toEqual(c.stateDictKeys);
    // The initial weights are PyTorch's under the same seed.
    for (const [key, value] of Object.entries(c.stateDict)) expectClose(stateDict[key]!, value);
  });
});

describe('loadStateDict', () => {
  it.each(of('loadStateDict'))('%s', (name, c) => {
    const module = build(name.replace(/ (?:[\w.]+ \[[\d, ]*\],? ?)*\s*strict=\w+$/, ''));
    const before = Object.values(module.stateDict({ keepVars: true })).map((t) => [t._version, t.tolist()]);
    const load = () => module.loadStateDict(decodeAll(c.stateDict), { strict: c.strict });
    if (c.throws !== undefined) {
      expect(load).toThrow(new Error(c.throws.replaceAll("<class 'int'>", 'number')));
      expect(Object.values(module.stateDict({ keepVars: true })).map((t) => [t._version, t.tolist()])).toEqual(before);
      return;
    }
    expect(load()).toEqual({ missingKeys: c.missingKeys, unexpectedKeys: c.unexpectedKeys });
    const after = module.stateDict();
    for (const [key, value] of Object.entries(c.stateDict)) if (key in after) expectClose(after[key]!, value);
  });
});

describe('forward and backward', () => {
  it.each(of('forward'))('%s', (name, c) => {
    f.manualSeed(c.seed);
    const module = build(expression(name));
    expect(Object.keys(module.stateDict())).toEqual(Object.keys(c.stateDict));
    const input = f.randn(c.input.shape, { requiresGrad: true });
    expectClose(input, c.input);
    const output = module(input) as Tensor;
    expectClose(output, c.out);
    output.backward(decode(c.cotangent));
    if (c.inputGrad) expectClose(input.grad!, c.inputGrad);
    for (const [path, grad] of Object.entries(c.grads)) {
      const actual = module.getParameter(path).grad;
      if (grad) expectClose(actual!, grad);
      else expect(actual).toBeNull();
    }
  });

  it.each(of('forwardError'))('throws: %s', (name, c) => {
    const module = build(expression(name));
    expect(() => module(decode(c.input))).toThrow(c.throws);
  });
});

describe('a module', () => {
  it('is called, is an instance of its class, and has names of its own', () => {
    class Named extends nn.Module {
      override name = 'mine';
      override length = 3;
      forward(a: number, b = 1): number {
        return a + b;
      }
    }
    const module = new Named();
    const sum: number = module(1, 2);
    expect([sum, module(5), module.name, module.length]).toEqual([3, 6, 'mine', 3]);
    expect(module).toBeInstanceOf(Named);
    expect(module).toBeInstanceOf(nn.Module);
  });

  it('checks arguments and results at compile time', () => {
    const layer = new nn.Linear(2, 2);
    // @ts-expect-error: not a tensor
    expect(() => layer('text')).toThrow(TypeError);
    // @ts-expect-error: a tensor is no number
    const wrong: number = layer(f.zeros(1, 2));
    expect(wrong).toBeInstanceOf(f.Tensor);
  });

  it('registers what is assigned later, and forgets what is deleted', () => {
    const net = new Net() as Net & { extra?: nn.Module };
    net.extra = new nn.Linear(1, 1, false);
    expect(Object.keys(net.stateDict())).toContain('extra.weight');
    delete net.extra;
    expect(Object.keys(net.stateDict())).toHaveLength(4);
  });

  it('refuses wrong registrations', () => {
    const net = new Net();
    expect(() => net.registerBuffer('a.b', null)).toThrow(/can't contain "\."/);
    expect(() => net.registerBuffer('fc1', null)).toThrow(/attribute 'fc1' already exists/);
    expect(() => net.registerParameter('w', f.zeros(1) as never)).toThrow(/nn.Parameter or null required/);
    expect(() => net.getParameter('fc1.nothing')).toThrow(/there are: fc1.weight/);
  });

  it('train and eval reach all below', () => {
    const net = new nn.Sequential(new nn.Dropout(0.5), new nn.Sequential(new nn.Dropout(0.5)));
    const x = f.ones(100);
    expect(net.eval()(x).tolist()).toEqual(x.tolist());
    expect(net.modules().some((m) => m.training)).toBe(false);
    expect(
      net
        .train()
        .modules()
        .every((m) => m.training),
    ).toBe(true);
  });

  it('zeroGrad drops or zeroes, and requiresGrad_ freezes', () => {
    const net = new Net();
    const run = () => net(f.ones(1, 4)).sum().backward();
    run();
    const held = net.fc1.weight.grad!;
    net.zeroGrad({ setToNone: false });
    expect([net.fc1.weight.grad === held, held.abs().sum().item()]).toEqual([true, 0]);
    net.zeroGrad();
    expect(net.fc1.weight.grad).toBeNull();
    net.fc1.requiresGrad_(false);
    run();
    expect([net.fc1.weight.grad, net.fc2.weight.grad === null]).toEqual([null, false]);
  });

  it('apply visits children first', () => {
    const visited: string[] = [];
    new Net().apply((m) => void visited.push(m.constructor.name));
    expect(visited).toEqual(['Linear', 'ReLU', 'Linear', 'Net']);
  });

  it('a state dict shares storage; assign puts the tensor itself in', () => {
    const net = new Net();
    const saved = net.stateDict();
    net.fc1.bias!.data.fill_(7);
    expect(saved['fc1.bias']!.tolist()).toEqual([7, 7, 7]);
    const other = new Net().stateDict();
    net.loadStateDict(other, { assign: true });
    other['fc1.bias']!.fill_(9);
    expect(net.fc1.bias!.tolist()).toEqual([9, 9, 9]);
    expect(net.fc1.bias).toBeInstanceOf(nn.Parameter);
  });
});

describe('hooks', () => {
  it('forward hooks see and replace arguments and results', () => {
    const layer = new nn.Identity();
    const seen: string[] = [];
    layer.registerForwardPreHook((_m, [x]) => {
      seen.push('pre');
      return x.mul(2);
    });
    const handle = layer.registerForwardHook((_m, _args, y) => {
      seen.push('post');
      return y.add(1);
    });
    expect(layer(f.tensor([1])).tolist()).toEqual([3]);
    handle.remove();
    expect(layer(f.tensor([1])).tolist()).toEqual([2]);
    expect(seen).toEqual(['pre', 'post', 'pre']);
  });

  it('a full backward hook sees the gradients of inputs and outputs, and replaces the former', () => {
    const layer = new nn.Linear(2, 1, false);
    const seen: unknown[] = [];
    layer.registerFullBackwardHook((_m, gradInput, gradOutput) => {
      seen.push(gradInput[0]!.tolist(), gradOutput[0]!.tolist());
      return [gradInput[0]!.mul(10)];
    });
    layer.registerFullBackwardPreHook((_m, gradOutput) => [gradOutput[0]!.mul(2)]);
    layer.weight.data.copy_(f.tensor([[1, 2]]));
    const x = f.tensor([[1, 1]], { requiresGrad: true });
    layer(x).sum().backward();
    expect(seen).toEqual([[[2, 4]], [[2]]]);
    expect(x.grad!.tolist()).toEqual([[20, 40]]);
    expect(layer.weight.grad!.tolist()).toEqual([[2, 2]]);
  });

  it('alwaysCall hooks run when forward throws', () => {
    const layer = new nn.Linear(2, 1);
    let called = 0;
    layer.registerForwardHook(() => void called++, { alwaysCall: true });
    expect(() => layer(f.zeros(1, 3))).toThrow();
    expect(called).toBe(1);
  });
});

describe('containers', () => {
  it('ModuleList and Sequential are lists', () => {
    const list = new nn.ModuleList([new nn.ReLU(), new nn.Linear(1, 1)]);
    list.append(new nn.Identity()).insert(0, new nn.Flatten());
    expect([...list].map((m) => m.constructor.name)).toEqual(['Flatten', 'ReLU', 'Linear', 'Identity']);
    expect(list.get(-1)).toBeInstanceOf(nn.Identity);
    expect(list.pop(1)).toBeInstanceOf(nn.ReLU);
    expect([list.length, Object.keys(list.stateDict())]).toEqual([3, ['1.weight', '1.bias']]);
    expect(() => list.get(3)).toThrow(f.IndexError);
    const named = new nn.Sequential({ first: new nn.Linear(2, 3), second: new nn.ReLU() });
    expect(Object.keys(named.stateDict())).toEqual(['first.weight', 'first.bias']);
  });

  it('ModuleDict is a map, ParameterList a list', () => {
    const dict = new nn.ModuleDict({ a: new nn.ReLU() });
    dict.set('b', new nn.Identity());
    expect([dict.length, dict.keys(), dict.has('a'), dict.has('c')]).toEqual([2, ['a', 'b'], true, false]);
    expect(dict.pop('a')).toBeInstanceOf(nn.ReLU);
    expect(() => dict.get('a')).toThrow(f.KeyError);
    const list = new nn.ParameterList([f.zeros(2), new nn.Parameter(f.ones(1))]);
    expect([list.length, list.get(0) instanceof nn.Parameter, list.parameters().length]).toEqual([2, true, 2]);
  });
});
