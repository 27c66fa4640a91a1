"""torch.nn.init under a seed, calculate_gain, and the default initialisation of Linear."""

import warnings

import torch
from torch import nn

from golden import camel, camel_keys, encode, first_line, thrown, write

MATRICES = [[4, 6], [6, 4], [5, 5], [3, 40]]
KERNELS = [[4, 3, 2, 2], [2, 6, 3, 3]]
SHAPES = MATRICES + KERNELS
NONLINEARITIES = ["linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
                  "sigmoid", "tanh", "relu", "leaky_relu", "selu"]

# function, shapes, positional arguments after the tensor, options
ROWS = [
    ("uniform_", SHAPES + [[3], [20]], (), {}),
    ("uniform_", SHAPES, (-0.3, 0.5), {}),
    ("normal_", SHAPES + [[3], [20]], (), {}),
    ("normal_", SHAPES, (1, 0.02), {}),
    ("trunc_normal_", SHAPES + [[3], [20]], (), {}),
    ("trunc_normal_", SHAPES, (0.5, 0.3), {}),
    ("trunc_normal_", SHAPES, (0, 1, -0.5, 0.5), {}),
    ("trunc_normal_", SHAPES, (0, 0.02, -0.04, 0.04), {}),
    ("trunc_normal_", [[4, 6], [40]], (0, 1, 1, 2), {}),
    ("trunc_normal_", [[4, 6], [40]], (0, 1, -0.1, 0.1), {}),
    ("trunc_normal_", [[4, 6]], (5, 1, -2, 2), {}),
    ("constant_", SHAPES[:1], (0.3,), {}),
    ("ones_", SHAPES[:1], (), {}),
    ("zeros_", SHAPES[:1], (), {}),
    ("eye_", MATRICES, (), {}),
    ("dirac_", [[3, 4, 5], [4, 3, 3], [4, 2, 3, 3], [2, 2, 2, 3, 3]], (), {}),
    ("dirac_", [[4, 2, 3], [4, 3, 3, 3]], (2,), {}),
    ("xavier_uniform_", SHAPES, (), {}),
    ("xavier_uniform_", SHAPES, (1.7,), {}),
    ("xavier_normal_", SHAPES, (), {}),
    ("xavier_normal_", SHAPES, (0.5,), {}),
    ("kaiming_uniform_", SHAPES, (), {}),
    ("kaiming_uniform_", SHAPES, (5**0.5,), {}),
    ("kaiming_normal_", SHAPES, (), {}),
    ("kaiming_normal_", SHAPES, (0.2,), {}),
    *[(fn, [[4, 6], [4, 3, 2, 2]], (), {"mode": mode, "nonlinearity": nonlinearity})
      for fn in ["kaiming_uniform_", "kaiming_normal_"]
      for mode in ["fan_in", "fan_out"]
      for nonlinearity in NONLINEARITIES],
    ("orthogonal_", SHAPES + [[1, 5], [5, 1]], (), {}),
    ("orthogonal_", SHAPES, (2,), {}),
    ("sparse_", MATRICES, (0.1,), {}),
    ("sparse_", MATRICES, (0.5, 1), {}),
]
GENERATOR = [  # the same with a generator of its own, seeded 7
    ("uniform_", [[4, 6]], (), {}), ("normal_", [[4, 6]], (), {}), ("trunc_normal_", [[4, 6]], (), {}),
    ("xavier_uniform_", [[4, 6]], (), {}), ("xavier_normal_", [[4, 6]], (), {}), ("kaiming_uniform_", [[4, 6]], (), {}),
    ("kaiming_normal_", [[4, 6]], (), {}), ("orthogonal_", [[4, 6]], (), {}),
]
ERRORS = [
    ("eye_", [[3]], (), {}), ("eye_", [[2, 3, 4]], (), {}),
    ("dirac_", [[3, 4]], (), {}), ("dirac_", [[3, 4, 5]], (2,), {}),
    ("xavier_uniform_", [[3]], (), {}), ("xavier_normal_", [[]], (), {}),
    ("kaiming_uniform_", [[3]], (), {}), ("kaiming_normal_", [[4, 6]], (), {"mode": "fan_avg"}),
    ("kaiming_uniform_", [[4, 6]], (), {"nonlinearity": "gelu"}),
    ("orthogonal_", [[3]], (), {}), ("sparse_", [[3]], (0.1,), {}), ("sparse_", [[2, 3, 4]], (0.1,), {}),
]
NOTHING_TO_DO = [("kaiming_uniform_", [[0, 3]], (), {}), ("kaiming_normal_", [[3, 0]], (), {}),
                 ("xavier_uniform_", [[0, 3]], (), {}), ("orthogonal_", [[0, 3]], (), {})]


def head(fn, shape, args, options):
    extra = "".join(f" {camel(key)}={value}" for key, value in options.items())
    name = f"{shape}" + "".join(f" {arg:.6g}" for arg in args) + extra
    return {"fn": camel(fn), "name": name, "shape": shape, "args": list(args), "options": camel_keys(options)}


def fill(fn, shape, args, options, seed=0, own=None):
    """The tensor starts as zeros; rand(1) afterwards shows how much of the stream was used."""
    torch.manual_seed(seed)
    tensor = torch.zeros(shape)
    generator = {} if own is None else {"generator": torch.Generator().manual_seed(own)}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        getattr(nn.init, fn)(tensor, *args, **options, **generator)
    case = head(fn, shape, args, options) | {"seed": seed}
    if own is not None:
        case |= {"generatorSeed": own, "name": case["name"] + f" generator={own}"}
    case |= {"out": encode(tensor), "randAfter": encode(torch.rand(1))}
    return case | ({"warns": True, "warning": first_line(warned[0].message)} if warned else {})


def every(rows, call):
    return [call(fn, shape, args, options) for fn, shapes, args, options in rows for shape in shapes]


def refuse(fn, shape, args, options):
    return head(fn, shape, args, options) | thrown(lambda: getattr(nn.init, fn)(torch.zeros(shape), *args, **options))


def gains():
    for args in [*[[name] for name in NONLINEARITIES], ["leaky_relu", 0.2], ["leaky_relu", 0], ["leaky_relu", 1], ["relu", 3]]:
        yield {"fn": "calculateGain", "name": str(args), "args": args, "out": nn.init.calculate_gain(*args)}
    for args in [["gelu"], ["leaky_relu", "a"], ["leaky_relu", True]]:
        yield {"fn": "calculateGain", "name": str(args), "args": args} | thrown(lambda: nn.init.calculate_gain(*args))


def linears():
    for seed in [0, 42]:
        for size in [[3, 4], [13, 64], [1, 1], [20, 30]]:
            for bias in [True, False]:
                torch.manual_seed(seed)
                layer = nn.Linear(*size, bias=bias)
                yield {"module": "Linear", "name": f"seed {seed}: Linear({size[0]}, {size[1]}, {bias})", "seed": seed,
                       "args": [*size, bias], "stateDict": encode(layer.state_dict()), "randAfter": encode(torch.rand(1))}


def make():
    seeded = every(ROWS, fill)
    others = every([row for row in ROWS if row[2] == () and not row[3]], lambda *row: fill(*row, seed=42))
    for case in others:
        case["name"] += " seed 42"
    own = every(GENERATOR, lambda *row: fill(*row, own=7))
    write("init", [*seeded, *others, *own, *every(NOTHING_TO_DO, fill), *every(ERRORS, refuse), *gains(), *linears()])
