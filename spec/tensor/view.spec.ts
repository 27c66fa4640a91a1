import * as f from '../../lib';
import { type Tensor, tensor } from '../../lib';

const leaf = (data: f.TensorData) => tensor(data, { requiresGrad: true });

/** Values and gradients here are those of the same lines in PyTorch 2.13. */
describe('in-place changes of views', () => {
  it('reach the base, its other views, and what is detached from them', () => {
    const x = f.zeros(2, 3);
    const [row, column, flat] = [x.select(0, 1), x.t().select(0, 2), x.view(6).detach()];
    row.add_(1);
    column.mul_(5);
    flat.narrow(0, 0, 1).fill_(9);
    expect(x.tolist()).toEqual([
      [9, 0, 0],
      [1, 1, 5],
    ]);
    expect([row.tolist(), column.tolist(), flat.tolist()]).toEqual([
      [1, 1, 5],
      [0, 5],
      [9, 0, 0, 1, 1, 5],
    ]);
  });

  it('of integers and bools, too', () => {
    const [i, b] = [f.arange(4), tensor([true, true])];
    i.view(2, 2).select(1, 0).add_(10);
    b.select(0, 0).fill_(false);
    expect([i.tolist(), b.tolist()]).toEqual([
      [10, 1, 12, 3],
      [false, true],
    ]);
  });

  it('initialise part of a parameter', () => {
    const { weight } = new f.nn.Linear(2, 2);
    f.noGrad(() => weight.select(0, 0).zero_());
    weight.data.t().select(0, 1).fill_(7);
    expect([weight.tolist(), weight.requiresGrad, weight.isLeaf]).toEqual([
      [
        [0, 7],
        [expect.any(Number), 7],
      ],
      true,
      true,
    ]);
    expect(() => weight.select(0, 0).zero_()).toThrow(/a view of a leaf Variable that requires grad/);
  });

  it('have gradients: of what was overwritten none, of the new value its own', () => {
    const [w, v] = [leaf([1, 2, 3]), leaf(4)];
    const x = w.mul(2);
    x.select(0, 1).copy_(v);
    x.mul(x).sum().backward();
    expect([w.grad!.tolist(), v.grad!.item()]).toEqual([[8, 0, 24], 8]);
  });

  it('save a copy of what they overwrite, so that backward goes through them', () => {
    const [x, y] = [leaf([1, -2]), leaf([3, 4])];
    x.clone().mul_(y).abs_().div_(y).pow_(2).sum().backward();
    expect([x.grad!.tolist(), y.grad!.tolist()]).toEqual([
      [2, -4],
      [0, 0],
    ]);
  });

  it('give the view a new history', () => {
    const w = leaf([1, 2]);
    const x = w.mul(1);
    const view = x.select(0, 0);
    view.mul_(3);
    view.mul(view).backward();
    expect([x.gradFn!.name, view.item(), w.grad!.tolist()]).toEqual(['CopySlicesBackward0', 3, [18, 0]]);
  });

  it('of the base give its views a new history', () => {
    const w = leaf([1, 2]);
    const x = w.mul(1);
    const view = x.view(1, 2);
    x.mul_(5);
    view.sum().backward();
    expect(w.grad!.tolist()).toEqual([5, 5]);
  });

  it('make backward through what was saved an error', () => {
    const x = leaf([1, 2]).mul(1);
    const view = x.view(2, 1);
    const y = view.mul(view);
    x.add_(1);
    expect(() => y.sum().backward()).toThrow(/modified by an inplace operation/);
  });

  it('an optimizer step shows in views of the parameter', () => {
    const w = leaf([
      [1, 2],
      [3, 4],
    ]);
    const transposed = w.detach().t();
    w.grad = f.ones(2, 2);
    new f.optim.SGD([w], 1).step();
    expect(transposed.tolist()).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it('leak nothing, and views outlive the name of their base', () => {
    const before = f.memory().numTensors;
    const viewOf = (): Tensor => f.arange(6).view(2, 3);
    const x = viewOf();
    x.select(0, 0).zero_();
    expect(x.tolist()).toEqual([
      [0, 0, 0],
      [3, 4, 5],
    ]);
    expect(f.memory().numTensors - before).toBeLessThanOrEqual(3);
  });
});
