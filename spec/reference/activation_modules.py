"""The modules of activations, dropout, distances and shuffles: repr, state dict, outputs and gradients.

A case's `name` is the Python that builds the module, under `manualSeed(0)`; `inputs` are given, and the call comes right after
`manualSeed(1)`. `inputGrads` and `grads` are under `cotangent`. Part of the rows are those of PyTorch's own tests (module_db).
"""

import warnings

import torch
import torch.nn as nn

from golden import encode, needs_mersenne_bernoulli, thrown, write

needs_mersenne_bernoulli()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_modules import module_db

LARGEST = 256
NAMES = """
ReLU ReLU6 LeakyReLU PReLU RReLU ELU SELU CELU GELU SiLU Mish Hardswish Hardsigmoid Hardtanh Softplus Softsign Tanhshrink Softshrink
Hardshrink Threshold LogSigmoid Softmin Softmax Softmax2d LogSoftmax GLU Sigmoid Tanh Bilinear
""".split()

ROWS = [  # module, input shapes
    *[(f"nn.{name}()", [3, 4]) for name in NAMES if name not in ["Threshold", "Softmax2d", "Bilinear"]],
    *[(f"nn.{name}(inplace=True)", None) for name in ["ReLU", "ReLU6", "LeakyReLU", "RReLU", "ELU", "SELU", "CELU", "SiLU", "Mish",
                                                      "Hardswish", "Hardsigmoid", "Hardtanh"]],
    ("nn.LeakyReLU(0.2)", [3, 4]), ("nn.RReLU(0.1, upper=0.3)", [3, 4]), ("nn.RReLU(0.1, upper=0.3).eval()", [3, 4]),
    ("nn.ELU(0.5, inplace=True)", None), ("nn.CELU(1.5)", [3, 4]), ("nn.GELU('tanh')", [3, 4]), ("nn.GELU(approximate='tanh')", [3, 4]),
    ("nn.Hardtanh(-2)", [3, 4]), ("nn.Hardtanh(-0.5, max_val=2.5)", [3, 4]), ("nn.Hardtanh(-2, max_val=2, inplace=True)", None),
    ("nn.Softplus(0.5, threshold=2)", [3, 4]), ("nn.Softshrink(1)", [3, 4]), ("nn.Hardshrink(0.25)", [3, 4]),
    ("nn.Threshold(0.1, 20)", [3, 4]), ("nn.Threshold(0.1, 0.5, inplace=True)", None), ("nn.PReLU(4)", [3, 4]),
    ("nn.PReLU(3, init=0.1)", [2, 3, 2]), ("nn.GLU(0)", [4, 3]), ("nn.Softmin(1)", [2, 3]), ("nn.Softmax2d()", [2, 3, 2, 2]),
    ("nn.Dropout1d()", [2, 3, 4]), ("nn.Dropout2d(0.3)", [2, 3, 2, 2]), ("nn.Dropout3d(0.3)", [2, 3, 2, 2, 1]),
    ("nn.AlphaDropout()", [3, 4]), ("nn.FeatureAlphaDropout(0.2)", [2, 3, 4]), ("nn.AlphaDropout(0.2, inplace=True)", [3, 4]),
    ("nn.Dropout2d(0.3, inplace=True)", None), ("nn.Dropout3d(1)", [1, 2, 2, 2, 1]), ("nn.AlphaDropout().eval()", [3, 4]),
    ("nn.Dropout1d().eval()", [2, 3]), ("nn.CosineSimilarity()", [3, 4], [3, 4]), ("nn.CosineSimilarity(0, eps=0.1)", [3, 4], [3, 4]),
    ("nn.PairwiseDistance()", [3, 4], [3, 4]), ("nn.PairwiseDistance(1, eps=0.1, keepdim=True)", [3, 4], [3, 4]),
    ("nn.Bilinear(3, 4, 2)", [5, 3], [5, 4]), ("nn.Bilinear(3, 4, 2, bias=False)", [3], [4]), ("nn.Identity(3, 4)", [2, 3]),
    ("nn.PixelShuffle(2)", [1, 4, 2, 2]), ("nn.PixelUnshuffle(2)", [1, 1, 2, 4]), ("nn.ChannelShuffle(2)", [1, 4, 2]),
    ("nn.Sequential(nn.Linear(4, 3), nn.PReLU(3), nn.AlphaDropout(0.5), nn.SELU(inplace=True))", [2, 4]),
]
ERRORS = ["nn.Hardtanh(1, max_val=0)", "nn.Dropout2d(1.5)", "nn.AlphaDropout(-1)", "nn.Bilinear(0, 2, 3)"]


def case(python, inputs):
    torch.manual_seed(0)
    module = eval(python)
    head = {"name": python, "repr": repr(module), "stateDict": encode(module.state_dict())}
    if inputs is None:
        return head
    shapes = ", ".join(str(list(x.shape)) for x in inputs)
    torch.manual_seed(1)
    out = module(*inputs)
    cotangent = torch.randn(out.shape, generator=torch.Generator().manual_seed(2))
    out.backward(cotangent)
    grads = {name: encode(p.grad) for name, p in module.named_parameters()}
    return head | {"name": f"{python} {shapes}", "inputs": encode(inputs), "out": encode(out), "cotangent": encode(cotangent),
                   "inputGrads": encode([x.grad for x in inputs]), "grads": grads}


def drawn(shapes, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator).requires_grad_() for shape in shapes]


def from_module_db():
    whole = lambda value: int(value) if isinstance(value, float) and value.is_integer() else value
    for info in module_db:
        name = info.module_cls.__name__
        if name not in NAMES:
            continue
        torch.manual_seed(0)
        for sample in info.module_inputs_func(info, "cpu", torch.float32, True, True):
            made, given = sample.constructor_input, sample.forward_input
            options = [f"{key}={whole(value)!r}" for key, value in made.kwargs.items()]
            args = [*(repr(whole(value)) for value in made.args)]
            if name == "Softplus" and len(args) == 2:
                args[1] = f"threshold={args[1]}"
            if max(x.numel() for x in given.args) <= LARGEST:
                yield f"nn.{name}({', '.join(args + options)})", [x.detach().requires_grad_() for x in given.args]


def make():
    rows = [(python, None if shapes == [None] else drawn(shapes, i)) for i, (python, *shapes) in enumerate(ROWS)]
    cases = {}
    for row in [*rows, *from_module_db()]:
        made = case(*row)
        cases.setdefault(made["name"], made)
    refused = [{"name": python} | thrown(lambda: eval(python)) for python in ERRORS]
    write("activation_modules", [*cases.values(), *refused])
