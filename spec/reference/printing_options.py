"""str(tensor) under torch.set_printoptions: every option, profiles, and roundings that Python and JavaScript settle differently."""

import torch

from golden import camel_keys, encode, write

inf, nan = torch.inf, torch.nan

TENSORS = {
    "fractions": torch.tensor([1.25, -0.5, 3.14159265]),
    "halves to even": torch.tensor([0.03125, 0.09375, 0.15625, 2.5, 0.5, -1.5]),
    "scientific halves": torch.tensor([100005.0, 1000050.0, 1000150.0, 1.5]),
    "whole": torch.tensor([1.0, 200.0, -3.0]),
    "not finite": torch.tensor([nan, inf, -inf, 1.5, -0.0]),
    "huge": torch.tensor([1e30, -1.0]),
    "huge and a fraction": torch.tensor([1e25, 0.5]),
    "tiny": torch.tensor([1e-10, 2e-10]),
    "zeros": torch.zeros(3),
    "scalar": torch.tensor(0.03125),
    "integer": torch.tensor(7),
    "empty": torch.zeros(0, 3),
    "vector of 12": torch.arange(12.0) / 8,
    "integers of 12": torch.arange(12) * 1000,
    "booleans of 12": torch.arange(12) % 3 == 0,
    "4 x 6": torch.arange(24.0).reshape(4, 6) / 16,
    "2 x 3 x 7": torch.arange(42).reshape(2, 3, 7),
    "long": torch.arange(1100.0) / 3,
    "with grad": torch.tensor([[0.125, 1.5], [2.5, 3.5]], requires_grad=True),
}
OPTIONS = [
    {},
    {"precision": 0},
    {"precision": 1},
    {"precision": 8},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 5, "edgeitems": 2, "linewidth": 30},
    {"threshold": 5, "edgeitems": 0},
    {"linewidth": 20},
    {"linewidth": 1},
    {"sci_mode": True},
    {"sci_mode": True, "precision": 1},
    {"sci_mode": False},
    {"profile": "short"},
    {"profile": "full"},
    {"profile": "short", "precision": 3},
]


def case(name, tensor, options):
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    text = str(tensor)
    torch.set_printoptions(profile="default")
    return {"name": f"{name}, {options or 'default'}", "tensor": encode(tensor), "requiresGrad": tensor.requires_grad,
            "options": camel_keys(options), "str": text}


def make():
    cases = [case(name, tensor, options) for options in OPTIONS for name, tensor in TENSORS.items()]
    # Where exactly a suffix goes to a line of its own, and where a vector breaks.
    cases += [case("with grad", TENSORS["with grad"], {"linewidth": width}) for width in range(25, 52)]
    cases += [case("integers of 12", TENSORS["integers of 12"], {"linewidth": width}) for width in range(28, 45)]
    write("printing_options", cases)


if __name__ == "__main__":
    make()
