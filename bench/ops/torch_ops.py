"""One competitor of bench/ops.ts: PyTorch, eager."""

import math
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from serve import serve  # noqa: E402


def cases(n, recorded):
    torch.manual_seed(0)
    x, y, row, batch = (torch.randn(*s, requires_grad=recorded) for s in [(n, n), (n, n), (n,), (32, n // 4, n // 4)])
    index, places = torch.randint(n, (n,)), torch.randint(n, (n, n))
    ignored = torch.where(index > n / 2, index, -100)
    mask = torch.randn(n, n) > 0
    own, other = torch.randn(n, n), torch.randn(n, n)
    ascending = torch.randn(n).sort().values
    return {
        "add": lambda: x.add(y),
        "add row": lambda: x.add(row),
        "mul 2": lambda: x.mul(2),
        "exp": lambda: x.exp(),
        "tanh": lambda: x.tanh(),
        "sigmoid": lambda: x.sigmoid(),
        "relu": lambda: x.relu(),
        "sqrt": lambda: x.sqrt(),
        "clamp": lambda: x.clamp(-1, 1),
        "gelu chain": lambda: x.mul(0.5).mul(x.div(math.sqrt(2)).erf().add(1)),
        "add_": lambda: own.add_(other),
        "gt": lambda: x.gt(y),
        "where": lambda: torch.where(mask, x, y),
        "matmul": lambda: x.matmul(y),
        "matmul xᵀ": lambda: x.t().matmul(y),
        "linear": lambda: F.linear(x, y, row),
        "bmm": lambda: batch.bmm(batch),
        "sum": lambda: x.sum(),
        "sum(-1)": lambda: x.sum(-1),
        "sum(0)": lambda: x.sum(0),
        "mean": lambda: x.mean(),
        "mean(-1)": lambda: x.mean(-1),
        "mean(0)": lambda: x.mean(0),
        "max": lambda: x.max(),
        "max(-1)": lambda: x.max(-1),
        "max(0)": lambda: x.max(0),
        "argmax(-1)": lambda: x.argmax(-1),
        "argmax(0)": lambda: x.argmax(0),
        "amax(-1)": lambda: x.amax(-1),
        "amax(0)": lambda: x.amax(0),
        "var": lambda: x.var(),
        "var(-1)": lambda: x.var(-1),
        "var(0)": lambda: x.var(0),
        "logsumexp(-1)": lambda: x.logsumexp(-1),
        "logsumexp(0)": lambda: x.logsumexp(0),
        "softmax(-1)": lambda: x.softmax(-1),
        "softmax(0)": lambda: x.softmax(0),
        "logSoftmax(-1)": lambda: x.log_softmax(-1),
        "norm": lambda: x.norm(),
        "cumsum(-1)": lambda: x.cumsum(-1),
        "cumsum(0)": lambda: x.cumsum(0),
        "cummax(-1)": lambda: x.cummax(-1),
        "sort(-1)": lambda: x.sort(-1),
        "sort(0)": lambda: x.sort(0),
        "topk(5)": lambda: x.topk(5),
        "indexSelect(0)": lambda: x.index_select(0, index),
        "indexSelect(1)": lambda: x.index_select(1, index),
        "gather(-1)": lambda: x.gather(-1, places),
        "gather(0)": lambda: x.gather(0, places),
        "scatterAdd(-1)": lambda: x.scatter_add(-1, places, y),
        "scatterAdd(0)": lambda: x.scatter_add(0, places, y),
        "bucketize": lambda: torch.bucketize(x, ascending),
        "bincount": lambda: torch.bincount(index, minlength=n),
        "cat(0)": lambda: torch.cat([x, y], 0),
        "cat(1)": lambda: torch.cat([x, y], 1),
        "t contiguous": lambda: x.t().contiguous(),
        "permute batch": lambda: batch.permute(2, 0, 1).contiguous(),
        "narrow(1)": lambda: x.narrow(1, 1, n // 2).contiguous(),
        "crossEntropy": lambda: F.cross_entropy(x, index),
        "crossEntropy ignored": lambda: F.cross_entropy(x, ignored),
        "rand": lambda: torch.rand(n, n),
        "randn": lambda: torch.randn(n, n),
    }


serve(lambda task: cases(task["n"], task["recorded"]).get(task["name"]))
