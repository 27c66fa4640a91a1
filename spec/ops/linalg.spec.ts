import * as flambeau from 'flambeau';
import { autograd, linalg, manualSeed, randn, svd, type Tensor, tensor } from 'flambeau';
import { expectClose } from '../support/fixtures';
import { describeGolden } from '../support/golden';

const DET = "PyTorch's gradient is 0 there; the derivative is the matrix of cofactors";
const LONG = 'the dtypes have other names';

describeGolden(
  'ops_linalg',
  {
    'linalg.det ([[1.0, 2.0], [2.0, 4.0]]) (singular)': DET,
    'linalg.det values[3, 3] (singular)': DET,
  },
  { 'linalg.eigh int[2,2]': LONG, 'linalg.eigvalsh int[2,2]': LONG },
);

type Row = [name: string, fn: (...xs: Tensor[]) => Tensor | Tensor[], ...shapes: number[][]];

/** Inputs whose singular values are well apart, so that finite differences can tell a wrong rule from a right one. */
function inputsOf(shapes: readonly number[][]): Tensor[] {
  manualSeed(1);
  return shapes.map((shape) => {
    const x = randn(shape).mul(0.4);
    if (shape.length < 2) return x.requiresGrad_();
    const [m, n] = shape.slice(-2) as [number, number];
    const ladder = Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1.5 + i : 0)));
    return x.add(tensor(ladder)).detach().requiresGrad_();
  });
}

const symmetric = (a: Tensor) => a.add(a.mT).mul(0.5);
const positive = (a: Tensor) => a.matmul(a.mT);
const row: [number, number] = [2, 3];

const DIFFERENTIABLE: Row[] = [
  ['inv', (a) => linalg.inv(a), [3, 3]],
  ['det', (a) => linalg.det(a), [2, 3, 3]],
  ['slogdet', (a) => linalg.slogdet(a).logabsdet, [2, 3, 3]],
  ['solve', (a, b) => linalg.solve(a, b), [3, 3], [3, 2]],
  ['solve a vector', (a, b) => linalg.solve(a, b), [3, 3], [3]],
  ['solveTriangular', (a, b) => linalg.solveTriangular(a, b, { upper: true }), [3, 3], [3, 2]],
  ['matrixPower', (a) => linalg.matrixPower(a, 3), [2, 2]],
  ['matrixPower of the inverse', (a) => linalg.matrixPower(a, -2), [3, 3]],
  ['cholesky', (a) => linalg.cholesky(positive(a)), [3, 3]],
  ['cholesky upper', (a) => linalg.cholesky(positive(a), { upper: true }), [2, 2, 2]],
  ['qr tall', (a) => [...linalg.qr(a)], [4, 3]],
  ['qr wide', (a) => [...linalg.qr(a)], [2, 4]],
  ['qr complete', (a) => [...linalg.qr(a, 'complete')], [2, 3]],
  ['svdvals', (a) => linalg.svdvals(a), [3, 2]],
  ['svd tall', (a) => projectors(a, false), [4, 2]],
  ['svd wide', (a) => projectors(a, false), [2, 4]],
  ['svd square, batched', (a) => projectors(a, true), [2, 2, 2]],
  ['svd tall, full', (a) => projectors(a, true), [4, 2]],
  ['eigvalsh', (a) => linalg.eigvalsh(symmetric(a)), [3, 3]],
  ['eigh', (a) => [linalg.eigh(symmetric(a)).eigenvectors.square()], [2, 3, 3]],
  ['pinv tall', (a) => linalg.pinv(a), [4, 2]],
  ['pinv wide', (a) => linalg.pinv(a), [2, 3]],
  ['matrixNorm nuc', (a) => linalg.matrixNorm(a, 'nuc'), row],
  ['matrixNorm 2', (a) => linalg.matrixNorm(a, 2), row],
  ['cond', (a) => linalg.cond(a), [2, 2]],
  ['cond fro', (a) => linalg.cond(a, 'fro'), [2, 2]],
  ['cond nuc', (a) => linalg.cond(a, 'nuc'), [2, 2]],
  ['cdist', (a, b) => flambeau.cdist(a, b), [2, 3], [3, 3]],
  ['kron', (a, b) => flambeau.kron(a, b), [2, 2], [2, 2]],
  ['cdist 3', (a, b) => flambeau.cdist(a, b, 3), [2, 3], [3, 3]],
  ['cross', (a, b) => flambeau.cross(a, b, 1), [2, 3], [2, 3]],
  ['einsum', (a, b) => flambeau.einsum('iij,jk->k', a.reshape(2, 2, 2), b), [4, 2], [2, 3]],
];

/** What is free of the signs of U and V. */
function projectors(a: Tensor, full: boolean): Tensor[] {
  const { U, S, Vh } = linalg.svd(a, full);
  const k = S.size(-1);
  const [u, v] = [U.narrow(-1, 0, k), Vh.narrow(-2, 0, k).mT];
  return [S, u.square(), v.square(), u.select(-1, 0).unsqueeze(-1).matmul(v.select(-1, 0).unsqueeze(-2))];
}

describe.each(DIFFERENTIABLE)('%s', (_, fn, ...shapes) => {
  it('passes gradcheck', () => expect(autograd.gradcheck(fn, inputsOf(shapes))).toBe(true));
  it('passes gradgradcheck', () =>
    expect(autograd.gradgradcheck(fn, inputsOf(shapes), { atol: 5e-3, rtol: 5e-3 })).toBe(true));
});

const CLOSE = { rtol: 1e-4, atol: 1e-4 };
const eye = (n: number) => flambeau.eye(n);

describe('factors', () => {
  it.each([[[3, 3]], [[4, 2]], [[2, 4]], [[2, 3, 2]], [[1, 3]], [[12, 12]]])('of %p make the matrix again', (shape) => {
    manualSeed(2);
    const a = randn(shape);
    const [m, n] = shape.slice(-2) as [number, number];
    const k = Math.min(m, n);
    const batched = (x: Tensor, size: number) =>
      expectClose(x, eye(size).expand([...shape.slice(0, -2), size, size]), CLOSE);
    for (const full of [true, false]) {
      const { U, S, Vh } = linalg.svd(a, full);
      expect([U.size(-1), S.size(-1), Vh.size(-2)]).toEqual(full ? [m, k, n] : [k, k, k]);
      const kept = U.narrow(-1, 0, k)
        .mul(S.unsqueeze(-2))
        .matmul(Vh.narrow(-2, 0, k));
      expectClose(kept, a, CLOSE);
      batched(U.mT.matmul(U), U.size(-1));
      batched(Vh.matmul(Vh.mT), Vh.size(-2));
      expectClose(S, linalg.svdvals(a), CLOSE);
    }
    for (const mode of ['reduced', 'complete'] as const) {
      const { Q, R } = linalg.qr(a, mode);
      expectClose(Q.matmul(R), a, CLOSE);
      batched(Q.mT.matmul(Q), mode === 'complete' ? m : k);
      expectClose(R.tril(-1), R.mul(0), CLOSE);
    }
    const s = a.matmul(a.mT);
    const { eigenvalues, eigenvectors } = linalg.eigh(s);
    expectClose(eigenvectors.mul(eigenvalues.unsqueeze(-2)).matmul(eigenvectors.mT), s, CLOSE);
    batched(eigenvectors.mT.matmul(eigenvectors), m);
  });

  it('svd by its older name gives V, and zeros where it is not asked for vectors', () => {
    const a = randn(2, 4, 3, { requiresGrad: true });
    for (const some of [true, false]) {
      const { U, Vh } = linalg.svd(a, !some);
      const { U: u, S, V } = svd(a, some);
      expect([u.equal(U), V.equal(Vh.mT), S.equal(linalg.svdvals(a))]).toEqual([true, true, true]);
    }
    const { U, S, V } = a.svd();
    expectClose(U.mul(S.unsqueeze(-2)).matmul(V.mT), a.detach(), CLOSE);
    const [zeroU, values, zeroV] = svd(a, { computeUv: false });
    expect([zeroU.shape, values.shape, zeroV.shape]).toEqual([
      [2, 4, 4],
      [2, 3],
      [2, 3, 3],
    ]);
    expect([zeroU.any().item(), zeroV.any().item()]).toEqual([false, false]);
  });

  it('of a matrix without full rank have orthonormal vectors', () => {
    const { U, S, Vh } = linalg.svd(
      tensor([
        [1, 2],
        [2, 4],
        [0, 0],
      ]),
    );
    expectClose(S, tensor([5, 0]), CLOSE);
    expectClose(U.mT.matmul(U), eye(3), CLOSE);
    expectClose(Vh.matmul(Vh.mT), eye(2), CLOSE);
  });

  it('of nothing are nothing', () => {
    expect(linalg.svd(randn(0, 3)).Vh.shape).toEqual([3, 3]);
    expect(linalg.eigh(randn(0, 0)).eigenvalues.shape).toEqual([0]);
    expect(linalg.qr(randn(3, 0)).Q.shape).toEqual([3, 0]);
    expect(linalg.cholesky(randn(0, 0)).shape).toEqual([0, 0]);
    expect(linalg.solve(randn(0, 0), randn(0, 2)).shape).toEqual([0, 2]);
  });

  it('that have no derivative say so', () => {
    const a = randn(3, 2).requiresGrad_();
    expect(() => linalg.qr(a, 'complete').Q.sum().backward()).toThrow(/not differentiable when mode='complete'/);
    expect(() => linalg.qr(a, 'r').R.sum().backward()).toThrow(/which is not computed when mode='r'/);
  });
});

it('qr keeps its empty Q', async () => {
  const { Q, R } = linalg.qr(randn(3, 2), 'r');
  await new Promise(setImmediate);
  for (let i = 0; i < 100; i++) randn(100, 1000);
  expect([Q.tolist(), R.shape]).toEqual([[], [2, 2]]);
});

describe('singular matrices', () => {
  it('have a determinant with a gradient: the cofactors', () => {
    const a = tensor([
      [1, 2],
      [2, 4],
    ]).requiresGrad_();
    linalg.det(a).backward();
    expectClose(
      a.grad!,
      tensor([
        [4, -2],
        [-2, 1],
      ]),
    );
  });

  it('are a LinAlgError, which is a RuntimeError', () => {
    const solve = () =>
      linalg.solve(
        tensor([
          [1, 2],
          [2, 4],
        ]),
        randn(2),
      );
    expect(solve).toThrow(linalg.LinAlgError);
    expect(solve).toThrow(flambeau.RuntimeError);
  });
});

describe('cdist', () => {
  it('has gradient 0 at distance 0, to second order', () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]).requiresGrad_();
    const [g] = autograd.grad(flambeau.cdist(a, a.detach()).diagonal().sum(), [a], null, { createGraph: true });
    expectClose(g!, a.mul(0));
    expectClose(autograd.grad(g!.sum(), [a])[0]!, a.mul(0));
  });
});
