import { linalg, stack, tensor, zeros } from 'flambeau';
import { describeGolden } from '../support/golden';

describeGolden('ops_linalg_more');

describe('matrices that cannot be taken are named by info', () => {
  const good = tensor([
    [4, 1],
    [1, 3],
  ]);
  const singular = tensor([
    [1, 2],
    [2, 4],
  ]);
  const batch = stack([good, singular, good.neg()]);

  it('choleskyEx', () => {
    const { L, info } = linalg.choleskyEx(batch);
    expect(info.tolist()).toEqual([0, 2, 1]);
    expect(L.shape).toEqual([3, 2, 2]);
    expect(L.select(0, 0).tolist()).toEqual(linalg.cholesky(good).tolist());
    expect(linalg.choleskyEx(good.neg()).info.item()).toBe(1);
  });

  it('invEx, solveEx', () => {
    const { inverse, info } = linalg.invEx(batch);
    expect(info.tolist()).toEqual([0, 2, 0]);
    expect(inverse.select(0, 2).tolist()).toEqual(linalg.inv(good.neg()).tolist());
    expect(inverse.select(0, 1).isfinite().any().item()).toBe(false);
    const { result, info: solved } = linalg.solveEx(batch, zeros(3, 2, 1));
    expect([result.shape, solved.tolist()]).toEqual([
      [3, 2, 1],
      [0, 2, 0],
    ]);
    expect(linalg.solveEx(singular, zeros(2)).info.item()).toBe(2);
  });
});
