"""Modules seen from outside: repr, names and their order, state_dict keys, load_state_dict's errors, outputs.

Every case has its Python as text, "classes" the source of the modules defined here; the specs build the same by hand.
"""

import inspect

import torch
import torch.nn as nn

from golden import encode, needs_mersenne_bernoulli, write

needs_mersenne_bernoulli()  # for Dropout


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 3)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Order(nn.Module):
    """A module's own parameters come before its children's, whatever order they are made in."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 1)
        self.scale = nn.Parameter(torch.ones(2))
        self.register_buffer("count", torch.zeros(1))
        self.last = Net()
        self.shift = nn.Parameter(torch.zeros(3))


class Tied(nn.Module):
    """One parameter under two names."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(3, 3)
        self.decoder = nn.Linear(3, 3, bias=False)
        self.decoder.weight = self.encoder.weight


class Shared(nn.Module):
    """One module under two names."""

    def __init__(self):
        super().__init__()
        self.left = nn.Linear(2, 2)
        self.right = self.left


class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("cache", torch.ones(3), persistent=False)
        self.register_buffer("nothing", None)
        self.register_parameter("bias", None)
        self.scale = nn.Parameter(torch.ones(2))
        self.plain = torch.ones(1)


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(4, 4), nn.ReLU()), Net())
        self.heads = nn.ModuleList([nn.Linear(2, 1), nn.Linear(2, 3, bias=False)])
        self.by_name = nn.ModuleDict({"mean": nn.Linear(2, 1), "act": nn.ReLU()})
        self.weights = nn.ParameterList([nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1, 2))])
        self.stats = Buffers()


class Described(nn.Module):
    def __init__(self, text, child=None):
        super().__init__()
        self.text = text
        if child is not None:
            self.child = child

    def extra_repr(self):
        return self.text


CLASSES = [Net, Order, Tied, Shared, Buffers, Deep, Described]

REPRS = """
nn.Linear(3, 4)
nn.Linear(3, 4, bias=False)
nn.ReLU()
nn.ReLU(inplace=True)
nn.Sigmoid()
nn.Tanh()
nn.Softmax(dim=1)
nn.LogSoftmax(dim=-1)
nn.Identity()
nn.Flatten()
nn.Flatten(0, 2)
nn.Unflatten(1, (2, 3))
nn.Unflatten(-1, (4,))
nn.Dropout()
nn.Dropout(0.1)
nn.Dropout(0.25, inplace=True)
nn.Dropout(0)
nn.CrossEntropyLoss()
nn.CrossEntropyLoss(weight=torch.ones(3), label_smoothing=0.1)
nn.MSELoss()
nn.MSELoss(reduction="sum")
nn.NLLLoss()
nn.Sequential()
nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
nn.Sequential(nn.Sequential(nn.Linear(2, 2)), nn.Sequential())
nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU(), nn.ReLU())
nn.ModuleList()
nn.ModuleList([nn.Linear(2, 2), nn.ReLU()])
nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2)])
nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.Linear(2, 2)])
nn.ModuleList([Net(), Net()])
nn.ModuleList([nn.ReLU(), nn.Linear(2, 1)])
nn.ModuleDict()
nn.ModuleDict({"a": nn.Linear(2, 2), "b": nn.Sequential(nn.ReLU())})
nn.ParameterList()
nn.ParameterList([nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2, 3)), nn.Parameter(torch.tensor(1.0))])
nn.ParameterDict({"w": nn.Parameter(torch.zeros(2)), "b": nn.Parameter(torch.zeros(1, 3))})
Net()
Order()
Tied()
Shared()
Buffers()
Deep()
Described("")
Described("size=3")
Described("size=3", nn.ReLU())
Described("", nn.ReLU())
Described("one\\ntwo")
Described("one\\ntwo", Described("a\\nb", nn.ReLU()))
nn.Sequential(Described("one\\ntwo"), Net())
""".strip().split("\n")

STRUCTURES = ["nn.Linear(3, 4)", "nn.Linear(3, 4, bias=False)",
              "nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))",
              "nn.CrossEntropyLoss(weight=torch.ones(3))", "Net()", "Order()", "Tied()", "Shared()", "Buffers()", "Deep()",
              "nn.ModuleList([Net(), nn.Linear(2, 2)])", 'nn.ModuleDict({"b": nn.Linear(1, 1), "a": nn.Linear(1, 1)})']

z = torch.zeros
LOADS = [  # module, state_dict, strict
    ("nn.Linear(2, 3)", {}, True),
    ("nn.Linear(2, 3)", {"weight": z(3, 2)}, True),
    ("nn.Linear(2, 3)", {"weight": z(3, 2), "bias": z(3), "extra": z(1)}, True),
    ("nn.Linear(2, 3)", {"weight": z(3, 2), "bias": z(3), "extra": z(1), "more.deep": z(1)}, True),
    ("nn.Linear(2, 3)", {"weight": z(2, 3), "bias": z(3)}, True),
    ("nn.Linear(2, 3)", {"weight": z(2, 3), "extra": z(1)}, True),
    ("nn.Linear(2, 3)", {"weight": z(2, 3), "extra": z(1)}, False),
    ("nn.Linear(2, 3)", {"weight": z(3, 2), "extra": z(1)}, False),
    ("nn.Linear(2, 3)", {"weight": z(6), "bias": z([])}, True),
    ("nn.Linear(2, 3)", {"weight": 3, "bias": z(3)}, True),
    ("nn.Linear(2, 3)", {"weight": z(3, 2), "bias": z(3)}, True),
    ("Net()", {"fc1.weight": z(3, 4), "fc2.weight": z(2, 2), "fc2.bias": z(2), "fc3.weight": z(1)}, True),
    ("Net()", {"fc1.weight": z(3, 4)}, False),
    ("nn.Sequential(nn.Linear(2, 2), nn.ReLU())", {"weight": z(2, 2), "bias": z(2)}, True),
    ("nn.Sequential(nn.Linear(2, 2), nn.ReLU())", {"0.weight": z(2, 2), "0.bias": z(2), "1.weight": z(1)}, True),
    ("Buffers()", {"scale": z(2)}, True),
    ("Buffers()", {"scale": z(2), "mean": z(2), "cache": z(3)}, True),
    ("Tied()", {"encoder.weight": z(3, 3), "encoder.bias": z(3)}, True),
    ("nn.Linear(1, 2)", {"weight": z(2, 1), "bias": z(1)}, True),
    ("Described('x')", {"a": z(1)}, True),
]

FORWARDS = [  # module, input shape
    ("nn.Flatten()", [2, 3, 4]), ("nn.Flatten(0)", [2, 3, 4]), ("nn.Flatten(1, 2)", [2, 3, 4, 2]),
    ("nn.Flatten(0, 1)", [2, 3, 4]), ("nn.Flatten(-2, -1)", [2, 3, 4]),
    ("nn.Unflatten(1, (2, 3))", [2, 6]), ("nn.Unflatten(0, (2, -1))", [6, 2]), ("nn.Unflatten(-1, (1, 4))", [2, 4]),
    ("nn.Linear(3, 4)", [2, 3]), ("nn.Linear(3, 4)", [3]), ("nn.Linear(3, 4)", [2, 5, 3]), ("nn.Linear(3, 4, bias=False)", [2, 3]),
    ("nn.ReLU()", [3, 4]), ("nn.Identity()", [2, 3]), ("nn.Sigmoid()", [2, 3]), ("nn.Tanh()", [2, 3]),
    ("nn.Softmax(dim=1)", [2, 3]), ("nn.LogSoftmax(dim=1)", [2, 3]),
    ("nn.Dropout(0.5)", [4, 5]), ("nn.Dropout(0.5).eval()", [4, 5]),
    ("nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.ReLU(), nn.Dropout(0.3), nn.Linear(5, 2))", [3, 3, 4]),
    ("Net()", [5, 4]), ("nn.Sequential()", [2, 3]),
]
REFUSED = [("nn.Linear(3, 4)", [2, 5]), ("nn.Unflatten(1, (2, 2))", [2, 6]), ("nn.Flatten()", [2]), ("nn.Flatten(3)", [2, 3]), ("Net()", [5, 3])]


def build(python, seed=0):
    torch.manual_seed(seed)
    return eval(python)


def whole(call):
    """The whole message, all lines."""
    try:
        return {"result": call()}
    except Exception as error:
        return {"throws": str(error), "raises": type(error).__name__}


def structure(python):
    module = build(python)
    names = lambda pairs: [name for name, _ in pairs]
    return {
        "kind": "structure", "name": python, "seed": 0,
        "stateDict": encode(module.state_dict()),
        "stateDictKeys": list(module.state_dict()),
        "namedParameters": names(module.named_parameters()),
        "namedParametersWithDuplicates": names(module.named_parameters(remove_duplicate=False)),
        "namedParametersPrefixed": names(module.named_parameters(prefix="model")),
        "ownParameters": names(module.named_parameters(recurse=False)),
        "namedBuffers": names(module.named_buffers()),
        "namedModules": [[name, type(m).__name__] for name, m in module.named_modules()],
        "namedModulesWithDuplicates": names(module.named_modules(remove_duplicate=False)),
        "namedChildren": names(module.named_children()),
        "elements": sum(p.numel() for p in module.parameters()),
    }


def load(python, state_dict, strict):
    module = build(python)
    outcome = whole(lambda: module.load_state_dict(state_dict, strict=strict))
    if "result" in outcome:
        keys = outcome["result"]
        outcome = {"missingKeys": keys.missing_keys, "unexpectedKeys": keys.unexpected_keys}
    shapes = ", ".join(f"{key} {list(getattr(value, 'shape', [value]))}" for key, value in state_dict.items())
    return {"kind": "loadStateDict", "name": f"{python} {shapes} strict={strict}", "strict": strict,
            "stateDict": encode(state_dict)} | outcome


def forward(python, shape):
    """Module under seed 0, input and cotangent from the same stream; gradients of the input and of every parameter."""
    module = build(python)
    x = torch.randn(shape).requires_grad_()
    state = encode(module.state_dict())
    out = module(x)
    cotangent = torch.randn(out.shape)
    out.backward(cotangent)
    return {"kind": "forward", "name": f"{python} {shape}", "seed": 0, "stateDict": state, "input": encode(x),
            "out": encode(out), "cotangent": encode(cotangent), "inputGrad": encode(x.grad),
            "grads": {name: encode(p.grad) for name, p in module.named_parameters()}}


def refused(python, shape):
    module = build(python)
    x = torch.zeros(shape)
    return {"kind": "forwardError", "name": f"{python} {shape}", "input": encode(x)} | whole(lambda: module(x))


def make():
    reprs = [{"kind": "repr", "name": python, "repr": repr(build(python))} for python in REPRS]
    cases = [*reprs, *map(structure, STRUCTURES), *(load(*row) for row in LOADS), *(forward(*row) for row in FORWARDS),
             *(refused(*row) for row in REFUSED)]
    write("modules", cases, classes={c.__name__: inspect.getsource(c) for c in CLASSES})
