"""In-place fills from less common distributions: `fn(*args)` of a tensor of `dtype` and `shape` after manual_seed(seed), what comes
out, and `after`, the next rand(1), which tells whether exactly the right number of draws was made. Errors as in op cases."""

import torch
from golden import camel, encode, thrown, write

ROWS = [
    *[("exponential_", args, torch.float32) for args in [(), (0.5,), (3,)]],
    *[("geometric_", (p,), dtype) for p in [0.1, 0.5, 0.9] for dtype in [torch.float32, torch.int32]],
    *[("log_normal_", args, torch.float32) for args in [(), (0.5, 0.25)]],
    *[("cauchy_", args, torch.float32) for args in [(), (1, 0.5)]],
    *[("random_", (), dtype) for dtype in [torch.float32, torch.int32, torch.bool]],
    *[("random_", (10,), dtype) for dtype in [torch.float32, torch.int32]],
    *[("random_", (-3, 7), dtype) for dtype in [torch.float32, torch.int32]],
    ("random_", (-(2**30), 2**30), torch.int32),
    ("random_", (0, 2), torch.bool),
]
ERRORS = [
    *[("exponential_", (0,), torch.float32), ("exponential_", (1,), torch.int32)],
    *[("geometric_", (p,), torch.float32) for p in [0, 1, 2]],
    *[("geometric_", (0.5,), torch.bool), ("log_normal_", (0, 0), torch.float32), ("log_normal_", (), torch.int32)],
    *[("cauchy_", (0, 0), torch.float32), ("cauchy_", (), torch.int32)],
    *[("random_", (3, 3), torch.float32), ("random_", (0,), torch.float32), ("random_", (0, 3), torch.bool)],
]


def head(fn, args, dtype, shape):
    return {"fn": camel(fn), "name": f"{list(args)} {dtype} {shape}", "args": encode(args), "dtype": encode(dtype), "shape": shape}


def make():
    cases = []
    for fn, args, dtype in ROWS:
        for shape in [[5], [3, 7], []]:
            torch.manual_seed(7)
            out = getattr(torch.zeros(shape, dtype=dtype), fn)(*args)
            cases.append(head(fn, args, dtype, shape) | {"out": encode(out), "after": encode(torch.rand(1))})
    for fn, args, dtype in ERRORS:
        cases.append(head(fn, args, dtype, [2]) | thrown(lambda: getattr(torch.zeros(2, dtype=dtype), fn)(*args)))
    write("random_fills", cases, seed=7)
