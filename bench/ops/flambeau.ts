/** One competitor of bench/ops.ts: Flambeau, nothing freed by hand. */
import {
  bincount,
  bucketize,
  cat,
  cummax,
  gather,
  indexSelect,
  manualSeed,
  nn,
  rand,
  randint,
  randn,
  scatterAdd,
  where,
} from 'flambeau';
import { serve } from '../serve';
import type { OpTask } from './cases';

const { crossEntropy, linear } = nn.functional;

function cases(n: number, requiresGrad: boolean): Record<string, () => unknown> {
  manualSeed(0);
  const [x, y, batch] = [
    [n, n],
    [n, n],
    [32, n / 4, n / 4],
  ].map((size) => randn(size, { requiresGrad }));
  const row = randn(n, { requiresGrad });
  const [index, places] = [randint(n, [n]), randint(n, [n, n])];
  const ignored = where(index.gt(n / 2), index, -100);
  const mask = randn(n, n).gt(0);
  const [own, other] = [randn(n, n), randn(n, n)];
  const sorted = randn(n).sort().values;
  return {
    add: () => x!.add(y!),
    'add row': () => x!.add(row),
    'mul 2': () => x!.mul(2),
    exp: () => x!.exp(),
    tanh: () => x!.tanh(),
    sigmoid: () => x!.sigmoid(),
    relu: () => x!.relu(),
    sqrt: () => x!.sqrt(),
    clamp: () => x!.clamp(-1, 1),
    'gelu chain': () => x!.mul(0.5).mul(x!.div(Math.SQRT2).erf().add(1)),
    add_: () => own.add_(other),
    gt: () => x!.gt(y!),
    where: () => where(mask, x!, y!),
    matmul: () => x!.matmul(y!),
    'matmul xᵀ': () => x!.t().matmul(y!),
    linear: () => linear(x!, y!, row),
    bmm: () => batch!.bmm(batch!),
    sum: () => x!.sum(),
    'sum(-1)': () => x!.sum(-1),
    'sum(0)': () => x!.sum(0),
    mean: () => x!.mean(),
    'mean(-1)': () => x!.mean(-1),
    'mean(0)': () => x!.mean(0),
    max: () => x!.max(),
    'max(-1)': () => x!.max(-1),
    'max(0)': () => x!.max(0),
    'argmax(-1)': () => x!.argmax(-1),
    'argmax(0)': () => x!.argmax(0),
    'amax(-1)': () => x!.amax(-1),
    'amax(0)': () => x!.amax(0),
    var: () => x!.var(),
    'var(-1)': () => x!.var(-1),
    'var(0)': () => x!.var(0),
    'logsumexp(-1)': () => x!.logsumexp(-1),
    'logsumexp(0)': () => x!.logsumexp(0),
    'softmax(-1)': () => x!.softmax(-1),
    'softmax(0)': () => x!.softmax(0),
    'logSoftmax(-1)': () => x!.logSoftmax(-1),
    norm: () => x!.norm(),
    'cumsum(-1)': () => x!.cumsum(-1),
    'cumsum(0)': () => x!.cumsum(0),
    'cummax(-1)': () => cummax(x!, -1),
    'sort(-1)': () => x!.sort(-1),
    'sort(0)': () => x!.sort(0),
    'topk(5)': () => x!.topk(5),
    'indexSelect(0)': () => indexSelect(x!, 0, index!),
    'indexSelect(1)': () => indexSelect(x!, 1, index!),
    'gather(-1)': () => gather(x!, -1, places!),
    'gather(0)': () => gather(x!, 0, places!),
    'scatterAdd(-1)': () => scatterAdd(x!, -1, places!, y!),
    'scatterAdd(0)': () => scatterAdd(x!, 0, places!, y!),
    bucketize: () => bucketize(x!, sorted),
    bincount: () => bincount(index!, { minlength: n }),
    'cat(0)': () => cat([x!, y!], 0),
    'cat(1)': () => cat([x!, y!], 1),
    't contiguous': () => x!.t(),
    'permute batch': () => batch!.permute(2, 0, 1),
    'narrow(1)': () => x!.narrow(1, 1, n / 2),
    crossEntropy: () => crossEntropy(x!, index!),
    'crossEntropy ignored': () => crossEntropy(x!, ignored),
    rand: () => rand(n, n),
    randn: () => randn(n, n),
  };
}

serve(({ name, n, recorded }: OpTask) => cases(n, recorded)[name] ?? null);
