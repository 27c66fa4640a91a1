"""Which functions give views, how their elements lie, and what a change in place of the last of a chain leaves in the base."""

import itertools

import torch
from golden import camel, encode, first_line, write

STEPS = {
    "t": ("transpose", [0, 1]),
    "T": ("transpose", [1, 2]),
    "permute": ("permute", [[2, 0, 1]]),
    "select": ("select", [1, 1]),
    "narrow": ("narrow", [-1, 1, 2]),
    "narrow0": ("narrow", [0, 1, 1]),
    "reshape": ("reshape", [[-1]]),
    "reshape2": ("reshape", [[4, -1]]),
    "view": ("view", [[-1]]),
    "flatten": ("flatten", [0, 1]),
    "unflatten": ("unflatten", [-1, [2, -1]]),
    "squeeze": ("squeeze", []),
    "unsqueeze": ("unsqueeze", [1]),
    "expand": ("expand", [[2, -1, -1, -1]]),
    "diagonal": ("diagonal", []),
    "unfold": ("unfold", [-1, 2, 2]),
    "movedim": ("movedim", [0, -1]),
    "contiguous": ("contiguous", []),
    "clone": ("clone", []),
    "detach": ("detach", []),
    "split": ("split", [2]),
    "unbind": ("unbind", [1]),
}


def follow(base, chain):
    x = base
    for name in chain:
        fn, args = STEPS[name]
        x = getattr(x, fn)(*args)
        x = x[0] if isinstance(x, tuple) else x
    return x


def case(chain):
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    head = {"chain": [[camel(STEPS[name][0]), *STEPS[name][1]] for name in chain], "name": " ".join(chain)}
    try:
        x = follow(base, chain)
    except (RuntimeError, IndexError) as error:
        return head | {"throws": first_line(error)}
    if chain[-1] == "clone":
        # PyTorch's keeps the order of the original in memory.
        x = x.contiguous()
    head |= {"shape": list(x.shape), "strides": list(x.stride()), "contiguous": x.is_contiguous()}
    try:
        x.add_(100)
    except RuntimeError as error:
        return head | {"inPlaceThrows": first_line(error)}
    return head | {"base": encode(base)}


def make():
    chains = [[a] for a in STEPS] + [list(pair) for pair in itertools.product(STEPS, STEPS)]
    chains += [["t", last, "reshape"] for last in STEPS] + [["T", "contiguous", last] for last in STEPS]
    write("views", [case(chain) for chain in chains if "clone" not in chain[:-1]])
