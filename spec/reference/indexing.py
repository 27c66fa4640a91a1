"""x[…] and x[…] = value with indices of every kind: values, gradients and refusals.

A row is the Python text between the brackets. "subscripts" is that text in JSON: numbers, null for None, "...", {"slice": [start,
stop, step]}, {"list": [...]} for lists, and tensors.
"""

import torch
from torch import tensor

from golden import encode, thrown, write

SHAPES = {"x": [4], "m": [3, 4], "c": [2, 3, 4], "z": [], "e": [0, 3], "d": [2, 1, 3, 2]}
READS = {
    "x": ["0", "-1", "1:3", ":", "::2", "1::2", "-3:-1", "3:1", "5:", "...", "..., ...", "None", "None, 0", "..., None", "True", "False", "tensor(True)", "True, 0", "1:3, True, None", "[0, 2]", "[-1, 0, 0]",
          "tensor([1, 1])", "tensor(2)", "tensor([[0, 1], [2, 3]])", "tensor([True, False, True, False])", "[True, False, False, True]",
          "tensor([False] * 4)", "tensor([], dtype=torch.long)", "2:2"],
    "m": ["0", "0, 1", "0, 1:3", ":, 1", ":, -1:", "..., 0", "1:, ::2", "None, :, 0", ":, None, 1:", "tensor([0, 2])", ":, tensor([3, 0])",
          "tensor([0, 2]), tensor([1, 3])", "tensor([[0], [2]]), tensor([1, 3])", "tensor([2, 0]), 1:3", "1, tensor([0, 0])",
          "tensor([0, 1]), 2", "tensor([[True] * 4, [False] * 4, [True, False, True, False]])", "tensor([True, False, True])",
          ":, tensor([True, False, False, True])", "tensor([True, False, True]), 0", "[0, 1], [1, 2]", "None, tensor([0, 1])", "..., tensor([0, 1])"],
    "c": ["1", "..., 1", "1, ..., 0", "0, 1:, ::3", ":, tensor([0, 2])", "tensor([0, 1]), :, tensor([0, 3])", ":, tensor([0, 1]), tensor([1, 2])",
          "0, :, tensor([0, 1])", "tensor([1]), None, tensor([2])", "tensor([[0, 1]]), 1:, tensor([[2], [3]])", "None, ..., None, 0",
          "tensor([[True, False, True], [False, True, False]])", "tensor([[True, False, True], [False, True, False]]), 1:3",
          "0, tensor([True, False, True])", ":, ::2, tensor([0, 0])",
          "tensor(1), 1:, tensor([0, 0])", "tensor(1), tensor([0, 2]), ..., tensor(-1)", ":, tensor(0), tensor([1, 1])", "True, :, tensor([0, 2])", "True, :, :, tensor([0, 2])",
          "tensor(1), :, tensor(2)", "tensor([True, False]), False"],
    "z": ["...", "None", "None, ..., None", "True", "False", "tensor(True)"],
    "e": [":", "..., 0", ":, 1:", "tensor([], dtype=torch.long)", "None"],
    "d": ["..., 1", "1, 0, 2, 1", ":, 0, tensor([0, 2]), 1", "tensor([0, 1]), ..., tensor([1, 0])", "1:, :, ::2"],
}
REFUSED = {
    "x": ["4", "-5", "0, 0", "tensor([4])", "tensor([-5])", "[0, 9]", "tensor([True, False])", "tensor([0.5])", "::0", "::-1"],
    "m": ["0, 4", "3", "0, 0, 0", "tensor([0, 1]), tensor([0, 1, 2])", "tensor([[True, False]])"],
    "z": ["0"],
}
PUTS = {
    "x": [("0", []), ("1:3", [2]), ("1:3", []), ("::2", [2]), ("tensor([0, 2])", [2]), ("tensor([True, False, True, False])", []),
          ("tensor([True, False, True, False])", [2]), ("...", [4]), ("[3, 1]", [2]), ("1:3", [1, 1, 2]), ("True", [4]), ("0", [1, 1])],
    "m": [("0", [4]), ("0", []), (":, 1", [3]), ("0, 1:3", [2]), ("tensor([0, 2])", [2, 4]), ("tensor([0, 2])", [4]), ("tensor([0, 2]), tensor([1, 3])", [2]),
          ("tensor([[True] * 4, [False] * 4, [True, False, True, False]])", []), (":, tensor([3, 0])", [3, 1]), ("None, 0", [1, 4]), ("1:, ::2", [2, 2])],
    "c": [("1, ..., 0", [3]), ("tensor([0, 1]), :, tensor([0, 3])", [2, 3]), (":, tensor([0, 1]), 1:3", [2]), ("..., None, 1", [])],
    "z": [("...", []), ("True", []), ("...", [1, 1])],
}
ACCUMULATED = {"x": [("tensor([0, 0, 1])", [3]), ("tensor([0, 0, 1])", []), ("1:3", [2])], "m": [("tensor([1, 1]), tensor([2, 2])", [2]), ("tensor([0, 0])", [4])]}
MISFITS = [("x", "1:3", [3]), ("m", "0", [3]), ("m", "tensor([0, 2])", [3, 4])]


class Brackets:
    def __getitem__(self, item):
        return item if isinstance(item, tuple) else (item,)


def subscripts(text):
    return eval(f"Brackets()[{text}]")


def described(item):
    if isinstance(item, slice):
        return {"slice": [item.start, item.stop, item.step]}
    if isinstance(item, list):
        return {"list": item}
    return "..." if item is Ellipsis else encode(item)


def drawn(shape, text, k=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(text.encode()) + k))


def read(name, text):
    x = drawn(SHAPES[name], text).requires_grad_()
    out = x[subscripts(text)]
    cotangent = drawn(out.shape, text, 1)
    out.backward(cotangent)
    return row(name, text, x) | {"out": encode(out), "cotangent": encode(cotangent), "grad": encode(x.grad)}


def row(name, text, x):
    return {"name": f"{name}[{text}]", "x": encode(x), "subscripts": [described(item) for item in subscripts(text)]}


def put(name, text, shape, accumulate=False):
    x, value = drawn(SHAPES[name], text).requires_grad_(), drawn(shape, text, 2).requires_grad_()
    out = x.clone()
    if accumulate:
        # index_put_ takes tensors alone; += through autograd's own sum says the same for slices.
        whole = torch.arange(x.numel()).reshape(x.shape)[subscripts(text)]
        out = out.reshape(-1).index_put((whole,), value.expand(whole.shape), accumulate=True).reshape(x.shape)
    else:
        out[subscripts(text)] = value
    cotangent = drawn(out.shape, text, 3)
    out.backward(cotangent)
    return row(name, text, x) | {
        "kind": "put", "name": f"{name}[{text}] {'+' if accumulate else ''}= {shape}", "accumulate": accumulate, "value": encode(value),
        "out": encode(out), "cotangent": encode(cotangent), "grad": encode(x.grad), "valueGrad": encode(value.grad)}


def misfit(name, text, shape):
    x = torch.zeros(SHAPES[name])
    return row(name, text, x) | {"kind": "put", "accumulate": False, "value": encode(torch.zeros(shape))} | thrown(
        lambda: x.__setitem__(subscripts(text), torch.zeros(shape)))


def make():
    rows = lambda table: [(name, *(item if isinstance(item, tuple) else (item,))) for name, items in table.items() for item in items]
    cases = [read(*item) for item in rows(READS)]
    for name, text in rows(REFUSED):
        x = torch.zeros(SHAPES[name])
        cases.append(row(name, text, x) | thrown(lambda: x[subscripts(text)]))
    cases += [put(*item) for item in rows(PUTS)] + [put(*item, accumulate=True) for item in rows(ACCUMULATED)]
    write("indexing", cases + [misfit(*item) for item in MISFITS])
