import type { Tensor } from '../../lib';
import * as f from '../../lib';

const { autograd, tensor } = f;
const leaf = (data: f.TensorData) => tensor(data, { requiresGrad: true });
const values = (t: Tensor | null) => t?.tolist();

describe('backward', () => {
  it('accumulates, also into a gradient that somebody holds', () => {
    const x = leaf([1, 2]);
    x.mul(3).sum().backward();
    const held = x.grad;
    x.mul(x).sum().backward();
    expect(values(held)).toEqual([5, 7]);
    expect(x.grad).toBe(held);
  });

  it('gives each leaf a gradient of its own where two share one', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.add(b).sum().backward();
    a.grad!.mul_(10);
    expect(values(b.grad)).toEqual([1, 1]);
  });

  it('does not alias the gradient that it is given', () => {
    const x = leaf([1, 2]);
    const g = tensor([1, 1]);
    x.backward(g);
    x.grad!.mul_(2);
    expect(values(g)).toEqual([1, 1]);
  });

  it('sums over all paths of a graph, and over broadcast dimensions', () => {
    const x = leaf([[1], [2]]);
    const y = x.mul(tensor([1, 2, 3]));
    y.add(y.mul(x)).sum().backward();
    expect(values(x.grad)).toEqual([[18], [30]]);
  });

  it('takes a gradient for outputs of more than one element', () => {
    const x = leaf([1, 2]);
    x.mul(x).backward(tensor([1, 10]));
    expect(values(x.grad)).toEqual([2, 40]);
    expect(() => x.mul(2).backward()).toThrow('grad can be implicitly created only for scalar outputs');
    expect(() => x.mul(2).backward(tensor([1, 2, 3]))).toThrow(/shape of \[3\].*shape of \[2\]/);
  });

  it('with inputs, fills only those', () => {
    const [a, b] = [leaf([1]), leaf([2])];
    a.mul(b)
      .sum()
      .backward(null, { inputs: [a] });
    expect([values(a.grad), b.grad]).toEqual([[2], null]);
  });

  it('walks a graph of 20,000 operations', () => {
    const x = leaf([1]);
    let y = x.add(0);
    for (let i = 0; i < 20_000; i++) y = y.add(x);
    y.sum().backward();
    expect(values(x.grad)).toEqual([20_001]);
  });

  it.each([
    [
      'twice',
      () => {
        const y = leaf([1]).exp().sum();
        y.backward();
        y.backward();
      },
      /backward through the graph a second time/,
    ],
    ['without requiresGrad', () => tensor([1]).sum().backward(), /does not require grad and does not have a grad_fn/],
    [
      'after a saved value changed',
      () => {
        const x = leaf([1]).mul(1);
        const y = x.mul(x).sum();
        x.add_(1);
        y.backward();
      },
      /modified by an inplace operation: \[torch.FloatTensor \[1\]\].* is at version 1; expected version 0/,
    ],
    ['a leaf in place', () => leaf([1]).add_(1), /a leaf Variable that requires grad/],
    [
      'in place with a larger shape',
      () => tensor([1]).add_(tensor([1, 2])),
      /output with shape \[1\] doesn't match the broadcast shape \[2\]/,
    ],
    ['shapes that do not go together', () => tensor([1, 2]).add(tensor([1, 2, 3])), /\[2\] and \[3\]/],
    ['integers that require grad', () => tensor([1], { dtype: 'int32' }).requiresGrad_(), /floating point/],
    [
      'an unknown option',
      () =>
        leaf([1])
          .sum()
          .backward({ retain_graph: true } as never),
      /unknown option 'retain_graph'; did you mean 'retainGraph'/,
    ],
  ])('throws: %s', (_name, run, message) => {
    expect(run).toThrow(message as RegExp);
  });

  it('goes through the same graph again with retainGraph', () => {
    const x = leaf([1, 2]);
    const y = x.exp().sum();
    y.backward({ retainGraph: true });
    y.backward();
    expect(x.grad!.tolist()).toEqual(x.exp().mul(2).tolist());
  });

  it('a parameter that the optimizer changed is an error', () => {
    const w = leaf([1, 2]);
    const y = w.mul(w).sum();
    const optimizer = new f.optim.SGD([w], { lr: 0.1 });
    y.backward({ retainGraph: true });
    optimizer.step();
    expect(() => y.backward()).toThrow(/modified by an inplace operation/);
  });
});

describe('grad', () => {
  it('leaves .grad alone and returns null or zeros for what is unused', () => {
    const [x, z] = [leaf([3]), leaf([1, 1])];
    const y = x.mul(x).sum();
    expect(autograd.grad(y, [x], { retainGraph: true }).map(values)).toEqual([[6]]);
    expect(x.grad).toBeNull();
    expect(() => autograd.grad(y, [x, z], { retainGraph: true })).toThrow(
      /Tensor at index 1 appears to not have been used/,
    );
    expect(autograd.grad(y, [z], { allowUnused: true, retainGraph: true })).toEqual([null]);
    expect(autograd.grad(y, [z], { materializeGrads: true }).map(values)).toEqual([[0, 0]]);
  });

  it('reaches tensors inside the graph', () => {
    const x = leaf([2]);
    const y = x.mul(x);
    const z = y.mul(y).sum();
    expect(autograd.grad(z, [y, x]).map(values)).toEqual([[8], [32]]);
  });

  it('differentiates derivatives', () => {
    const x = leaf([2]);
    const [g] = autograd.grad(x.pow(3).sum(), [x], { createGraph: true });
    const [h] = autograd.grad(g!.sum(), [x], { createGraph: true });
    const [third] = autograd.grad(h!.sum(), [x]);
    expect([g, h, third].map((t) => t!.item())).toEqual([12, 12, 6]);
  });
});

describe('hooks', () => {
  it('see and replace gradients, until they are removed', () => {
    const x = leaf([1, 2]);
    const seen: unknown[] = [];
    const y = x.mul(2);
    y.registerHook((g) => void seen.push(g.tolist()));
    const handle = x.registerHook((g) => g.mul(10));
    y.sum().backward({ retainGraph: true });
    handle.remove();
    y.sum().backward();
    expect([seen, values(x.grad)]).toEqual([
      [
        [1, 1],
        [1, 1],
      ],
      [22, 22],
    ]);
  });

  it('may keep what they are given', () => {
    const kept: Tensor[] = [];
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.registerHook((g) => void kept.push(g));
    y.exp().sum().backward();
    expect(kept[0]!.tolist()).toEqual(y.exp().tolist());
  });

  it('retainGrad keeps the gradient of a non-leaf', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.retainGrad();
    y.mul(y).sum().backward();
    expect(values(y.grad)).toEqual([4, 8]);
    expect(() => tensor([1]).retainGrad()).toThrow(/requires_grad=False/);
  });
});

describe('grad mode', () => {
  it('a change in place under noGrad keeps the history', () => {
    const x = f.ones(2, { requiresGrad: true });
    const y = x.mul(2);
    f.noGrad(() => y.add_(1));
    y.sum().backward();
    expect([y.tolist(), x.grad!.tolist()]).toEqual([
      [3, 3],
      [2, 2],
    ]);
  });

  it('noGrad and enableGrad nest and return the result', () => {
    const x = leaf([1]);
    expect(f.noGrad(() => x.mul(2).requiresGrad)).toBe(false);
    expect(f.noGrad(() => f.enableGrad(() => x.mul(2).requiresGrad))).toBe(true);
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  it('follows asynchronous code, and only that', async () => {
    const x = leaf([1]);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 2));
    const inside = f.noGrad(async () => {
      await pause();
      return x.mul(2).requiresGrad;
    });
    expect(x.mul(2).requiresGrad).toBe(true);
    expect(await inside).toBe(false);
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  it('is restored after an error', () => {
    expect(() =>
      f.noGrad(() => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(f.isGradEnabled()).toBe(true);
  });
});

describe('sizes', () => {
  it('as PyTorch names them', () => {
    const x = f.zeros(2, 3);
    expect([x.size(), x.size(0), x.size(-1), x.dim(), x.numel(), x.length]).toEqual([[2, 3], 2, 3, 2, 6, 2]);
    expect(() => x.size(2)).toThrow(/expected to be in range of \[-2, 1\], but got 2/);
    expect(() => x.size(-3)).toThrow(f.IndexError);
  });
});

describe('detach and data', () => {
  it('share the storage', () => {
    const x = leaf([1, 2]);
    x.data.mul_(3);
    x.detach().add_(1);
    expect([values(x), x.requiresGrad, x.data.requiresGrad]).toEqual([[4, 7], true, false]);
  });
});

describe('Function', () => {
  class Cube extends autograd.Function {
    static override forward(ctx: f.autograd.FunctionContext, x: Tensor) {
      ctx.saveForBackward(x);
      return x.mul(x).mul(x);
    }

    static override backward(ctx: f.autograd.FunctionContext, g: Tensor) {
      const [x] = ctx.savedTensors;
      return g.mul(x!.mul(x!).mul(3));
    }
  }

  it('runs the given forward and backward, and is differentiated itself', () => {
    const x = leaf([2]);
    const y = Cube.apply(x);
    expect(y.gradFn!.name).toBe('CubeBackward');
    const [g] = autograd.grad(y.sum(), [x], { createGraph: true });
    const [h] = autograd.grad(g!.sum(), [x]);
    expect([y.item(), g!.item(), h!.item()]).toEqual([8, 12, 12]);
    expect(autograd.gradgradcheck((t) => Cube.apply(t), leaf([0.5, -1.5]))).toBe(true);
  });

  it('tells which gradients are needed, and takes null for others', () => {
    let needed: boolean[] = [];
    class Scale extends autograd.Function {
      static override forward(ctx: f.autograd.FunctionContext, x: Tensor, by: number) {
        needed = ctx.needsInputGrad;
        ctx.by = by;
        return x.mul(by);
      }

      static override backward(ctx: f.autograd.FunctionContext, g: Tensor) {
        return [g.mul(ctx.by), null];
      }
    }
    const x = leaf([1]);
    Scale.apply(x, 4).sum().backward();
    expect([needed, values(x.grad)]).toEqual([[true, false], [4]]);
  });

  it('checks the number of gradients', () => {
    class Wrong extends autograd.Function {
      static override forward(_ctx: unknown, a: Tensor, b: Tensor) {
        return a.add(b);
      }

      static override backward(_ctx: unknown, g: Tensor) {
        return [g];
      }
    }
    expect(() =>
      Wrong.apply(leaf([1]), leaf([1]))
        .sum()
        .backward(),
    ).toThrow(/expected 2, got 1/);
  });
});

describe('gradcheck', () => {
  it('tells a right rule from a wrong one', () => {
    class Wrong extends autograd.Function {
      static override forward(_ctx: unknown, x: Tensor) {
        return x.mul(x);
      }

      static override backward(_ctx: unknown, g: Tensor) {
        return g;
      }
    }
    const x = leaf([0.5, -1.5, 2]);
    expect(autograd.gradcheck((t) => t.mul(t).exp(), leaf([0.5, -0.5]))).toBe(true);
    expect(() => autograd.gradcheck((t) => Wrong.apply(t), x)).toThrow(/Jacobian mismatch/);
    expect(autograd.gradcheck((t) => Wrong.apply(t), x, { raiseException: false })).toBe(false);
  });
});

describe('fromTfjs', () => {
  it('brings a tfjs function into the graph, first derivatives only', () => {
    // biome-ignore lint/suspicious/noExplicitAny: tfjs tensors
    const square = f.fromTfjs((x: any) => x.square());
    const x = leaf([1, 2, 3]);
    square(x).sum().backward();
    expect(values(x.grad)).toEqual([2, 4, 6]);
    expect(() => square(x).sum().backward({ createGraph: true })).toThrow(/no second derivative/);
  });

  it('hands out the tfjs tensor', () => {
    expect(Array.from(tensor([1, 2]).tfjs.dataSync())).toEqual([1, 2]);
  });
});
