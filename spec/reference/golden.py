"""What every family shares: seeded inputs, running a PyTorch function with its gradient, and writing the fixture.

A family is a table. Each row names a function and its arguments, and PyTorch says what comes out:

    family = Family("ops_example")
    family.case("add", N(3, 4), N(4), alpha=2)      # out, cotangent and gradients are recorded
    family.error("add", N(3), N(4))                 # PyTorch's message is recorded

Rows are written the way Flambeau is called: required arguments and the first optional one by position, the rest by name.
"""

import os

# The same bits on every x86-64 machine: one instruction set, one thread. Must come before torch is imported.
os.environ.update(ATEN_CPU_CAPABILITY="avx2", MKL_CBWR="COMPATIBLE", ONEDNN_MAX_CPU_ISA="AVX2", OMP_NUM_THREADS="1")

import base64
import json
import math
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch

TORCH = "2.13.0"
GOLDEN = Path(__file__).resolve().parent.parent / "golden"
INLINE = 64  # tensors with more elements are written as base64
RTOL, ATOL = 1.3e-6, 1e-5  # torch.testing's defaults for float32
INT32 = torch.iinfo(torch.int32)

if torch.__version__.split("+")[0] != TORCH:
    raise SystemExit(f"these fixtures are PyTorch {TORCH}'s, this is {torch.__version__}")
torch.set_num_threads(1)
torch.set_warn_always(True)


# ---- inputs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draw:
    """A random tensor that is drawn when the case is built, from a generator seeded by the case's name."""

    kind: str
    shape: tuple
    low: float
    high: float

    def __call__(self, generator):
        if self.kind == "normal":
            return torch.randn(self.shape, generator=generator) * self.high
        if self.kind == "uniform":
            return torch.rand(self.shape, generator=generator) * (self.high - self.low) + self.low
        drawn = torch.randint(self.low, self.high, self.shape, generator=generator)
        return drawn.bool() if self.kind == "bool" else drawn

    def __str__(self):
        prefix = {"int": "int", "bool": "bool"}.get(self.kind, "")
        return prefix + json.dumps(list(self.shape), separators=(",", ""))


def N(*shape, scale=1):
    """Normal float32."""
    return Draw("normal", shape, 0, scale)


def U(*shape, low=0.0, high=1.0):
    """Uniform float32."""
    return Draw("uniform", shape, low, high)


def I(*shape, low=0, high=10):  # noqa: E743
    """Integers (int64 here, int32 in the fixture) from low up to, not including, high."""
    return Draw("int", shape, low, high)


def B(*shape):
    """Booleans."""
    return Draw("bool", shape, 0, 2)


T = torch.tensor
inf, nan = math.inf, math.nan
LONG, FLOAT = torch.int64, torch.float32


# ---- encoding -------------------------------------------------------------------------------------------------------


def camel(name):
    """weight_decay -> weightDecay, log_softmax -> logSoftmax, normal_ -> normal_, T_max -> tMax."""
    head, *rest = name.rstrip("_").split("_")
    head = head.lower() if rest and head.isupper() else head
    return head + "".join(word[:1].upper() + word[1:] for word in rest) + "_" * name.endswith("_")


def camel_keys(options):
    return {camel(key): value for key, value in options.items()}


def number(value):
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def encode_tensor(tensor):
    tensor = tensor.detach()
    if tensor._is_zerotensor():  # has no storage
        tensor = torch.zeros(tensor.shape, dtype=tensor.dtype)
    if tensor.dtype == torch.int64:
        if tensor.numel() and not (INT32.min <= tensor.min() and tensor.max() <= INT32.max):
            raise ValueError("an int64 value that int32 cannot hold")
        tensor = tensor.int()
    head = {"shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}
    if tensor.numel() > INLINE:
        return head | {"base64": encode_bytes(tensor.contiguous().numpy())}
    return head | {"data": [number(value) for value in tensor.flatten().tolist()]}


def encode_bytes(array):
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def encode(value):
    """Anything PyTorch gives or takes, as JSON."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, torch.Tensor):
        return encode_tensor(value)
    if isinstance(value, torch.dtype):
        return "int32" if value == torch.int64 else str(value).removeprefix("torch.")
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return number(value)


def first_line(message):
    return str(message).split("\n")[0].split(" (Triggered internally")[0]


def write(name, cases, **shared):
    """Write spec/golden/<name>.json: shared entries, then the cases, each on a line of its own."""
    keys = [tuple(case.get(key) for key in ("fn", "ns", "kind", "name")) for case in cases]
    if len(set(keys)) < len(keys):
        raise ValueError(f"{name}: two cases are called {next(key for key in keys if keys.count(key) > 1)}")
    GOLDEN.mkdir(exist_ok=True)
    line = lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    entries = [f'"{key}": {line(encode(value))}' for key, value in {"torch": TORCH, **shared}.items()]
    if cases:
        rows = ",\n".join(line(case) for case in cases)
        entries.append(f'"cases": [\n{rows}\n]')
    path = GOLDEN / f"{name}.json"
    path.write_text("{\n" + ",\n".join(entries) + "\n}\n")
    print(f"{path.name}: {f'{len(cases)} cases, ' if cases else ''}{path.stat().st_size / 1024:.0f} kB")


def needs_mersenne_bernoulli():
    """Stop where dropout masks would be another stream: with MKL, on Intel's CPUs only, bernoulli_(p) is MKL's MCG31."""
    ours = torch.empty(64).bernoulli_(0.5, generator=torch.Generator().manual_seed(0)).bool()
    if not torch.equal(ours, torch.rand(64, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) < 0.5):
        raise SystemExit("this PyTorch draws bernoulli_(p) from MKL; make this family on a CPU that is not Intel's")


# ---- whole runs -----------------------------------------------------------------------------------------------------


class InFloat64(torch.nn.Module):
    """The same model in float64."""

    def __init__(self, model):
        super().__init__()
        self.model = model.double()

    def forward(self, x):
        return self.model(x.double())


def nudge(model, seed):
    """Move every weight to one of its two neighbouring floats, as another order of rounding might have."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.nextafter(p, p + torch.randn(p.shape, generator=generator)))
    return model


def drift(runs, exact):
    """For each step, how far (relatively) the losses of equally correct float32 runs get from the float64 run."""
    runs, exact = torch.tensor(runs, dtype=torch.float64), torch.tensor(exact, dtype=torch.float64)
    return [float(f"{x:.1e}") for x in (runs / exact - 1).abs().amax(0).tolist()]


# ---- running --------------------------------------------------------------------------------------------------------


OWNERS = {"": torch, "nn": torch.nn, "nn.functional": torch.nn.functional, "linalg": torch.linalg, "special": torch.special}  # by namespace


def function(fn, ns):
    """The PyTorch function a case names; "Tensor" is the method of its first argument."""
    if ns == "Tensor":
        return lambda tensor, *args, **kwargs: getattr(tensor, fn)(*args, **kwargs)
    return getattr(OWNERS[ns], fn)


def target(fn, ns, init, convert=lambda tensor: tensor):
    """The function, or the module that `init`, its arguments and options, makes anew for each call."""
    if init is None:
        return function(fn, ns)
    args, kwargs = tree_map(convert, init[0]), {key: tree_map(convert, value) for key, value in init[1].items()}
    to = (lambda module: module.double()) if convert is widen else (lambda module: module)
    return lambda *inputs, **named: to(function(fn, ns)(*args, **kwargs))(*inputs, **named)


def tree_map(f, value):
    """f of every tensor (or draw) in nested lists."""
    if isinstance(value, (list, tuple)):
        return [tree_map(f, item) for item in value]
    return f(value) if isinstance(value, (torch.Tensor, Draw)) else value


def per_tensor(f, value):
    """f of every tensor in nested lists, and None in the place of anything else."""
    if isinstance(value, (list, tuple)):
        return [per_tensor(f, item) for item in value]
    return f(value) if isinstance(value, torch.Tensor) else None


def tensors(value):
    found = []
    tree_map(found.append, value)
    return found


def describe(value):
    """A short text for a case's name."""
    if isinstance(value, torch.Tensor):
        if value.numel() <= 4:
            return f"{'' if value.is_floating_point() else 'int' if value.dtype == LONG else 'bool'}({value.tolist()})"
        return f"values{list(value.shape)}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(describe(item) for item in value) + "]"
    return "null" if value is None else str(encode(value)) if not isinstance(value, Draw) else str(value)


def leaf(tensor, wanted):
    """A fresh leaf; a float one takes part in differentiation if wanted."""
    return tensor.detach().clone().requires_grad_(wanted and tensor.is_floating_point())


def differentiate(torch_fn, args, kwargs, draw, second=False):
    """Call the function and differentiate it; draw(tensor) gives the cotangent of an output or of a gradient."""
    out = torch_fn(*args, **kwargs)
    outs = tensors([out])
    leaves = [tensor for tensor in tensors([args, list(kwargs.values())]) if tensor.requires_grad]

    def gradients(of, create_graph):
        cotangents = [draw(tensor) if tensor is not None and tensor.requires_grad else None for tensor in of]
        reached = [(tensor, cotangent) for tensor, cotangent in zip(of, cotangents) if cotangent is not None]
        if not reached:
            return cotangents, {}
        of, given = zip(*reached)
        grads = torch.autograd.grad(of, leaves, given, create_graph=create_graph, allow_unused=True)
        return cotangents, dict(zip(map(id, leaves), grads))

    cotangents, grads = gradients(outs, create_graph=second)
    of = lambda found: lambda tensor: found.get(id(tensor))
    result = {
        "out": out,
        "outs": outs,
        "cotangents": cotangents,
        "grads": [per_tensor(of(grads), arg) for arg in args],
        "optionGrads": {key: per_tensor(of(grads), value) for key, value in kwargs.items()},
    }
    if second:
        first = [grads.get(id(tensor)) for tensor in tensors(args)]
        drawn, found = gradients(first, create_graph=False)
        drawn = dict(zip(map(id, tensors(args)), drawn))
        result["gradCotangents"] = [per_tensor(of(drawn), arg) for arg in args]
        result["secondGrads"] = [per_tensor(of(found), arg) for arg in args]
    return result


def widen(tensor):
    return tensor.double() if tensor.dtype == torch.float32 else tensor


def exactly(single, double):
    """The float64 results, for a case where PyTorch's own float32 is visibly away from them."""
    everything = lambda run: tensors([run["outs"], run["grads"], list(run["optionGrads"].values()), run.get("secondGrads")])
    for a, b in zip(everything(single), everything(double)):
        a, b = a.detach().double(), b.detach().double()
        ok = torch.isfinite(a) & torch.isfinite(b)
        if ((a - b).abs() - RTOL * b.abs())[ok].gt(ATOL / 50).any():
            return {"exact": [encode(tensor) for tensor in everything(double)]}
    return {}


class Family:
    """The cases of one golden file."""

    def __init__(self, name):
        self.name = name
        self.rows = {}

    def write(self):
        write(self.name, list(self.rows.values()))

    def add(self, case):
        key = (case.get("ns"), case.get("fn"), case["name"])
        if self.rows.setdefault(key, case) != case:
            raise ValueError(f"{self.name}: two different cases are called {key}")

    def case(self, fn, *args, ns="", note="", grad=True, grad_options=(), second=False, seed=None, init=None, **kwargs):
        """Record the function's outputs and, for every float argument, its gradient under random cotangents.

        grad: which arguments require grad, all, none or a list of positions. grad_options: tensors among the options that do.
        second: gradients of the gradients too. seed: torch.manual_seed(seed) comes right before the call.
        init: for a module, the arguments and options that make it.
        """
        case, args, kwargs, generator = self.build(fn, ns, args, kwargs, note, init)

        def run(convert, draw):
            leaves_of = lambda value, wanted: tree_map(lambda tensor: leaf(convert(tensor), wanted), value)
            wanted = lambda position: grad if isinstance(grad, bool) else position in grad
            leaves = [leaves_of(arg, wanted(position)) for position, arg in enumerate(args)]
            named = {key: leaves_of(value, key in grad_options) for key, value in kwargs.items()}
            if seed is not None:
                torch.manual_seed(seed)
            return differentiate(target(fn, ns, init, convert), leaves, named, draw, second)

        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            result = run(lambda tensor: tensor, lambda tensor: torch.randn(tensor.shape, generator=generator))

        if seed is not None:
            case["seed"] = seed
        case |= {key: encode(result[key]) for key in ("out", "cotangents", "grads")}
        if second:
            case |= {key: encode(result[key]) for key in ("gradCotangents", "secondGrads")}
        if grad_options:
            case["optionGrads"] = encode({camel(key): result["optionGrads"][key] for key in grad_options})
        if warned:
            case |= {"warns": True, "warning": first_line(warned[0].message)}

        inputs = tensors([args, list(kwargs.values())])
        if any(tensor.is_floating_point() for tensor in inputs):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                drawn = iter([*tensors(result["cotangents"]), *tensors(result.get("gradCotangents"))])
                exact = run(widen, lambda tensor: next(drawn).double())
            case |= exactly(result, exact)
        self.add(case)

    def error(self, fn, *args, ns="", note="", init=None, **kwargs):
        """Record the message of a call that PyTorch refuses."""
        case, args, kwargs, _ = self.build(fn, ns, args, kwargs, note, init)
        self.add(case | thrown(lambda: target(fn, ns, init)(*args, **kwargs)))

    def build(self, fn, ns, args, kwargs, note, init=None):
        """The case's head, its drawn arguments, and the generator for its cotangents."""
        for value in [*args, *kwargs.values()]:
            if isinstance(value, float) and value.is_integer():
                raise ValueError(f"{fn}: write {value} as an int, JavaScript cannot tell them apart")
        name = " ".join(self.described(args, kwargs)) + (f" ({note})" if note else "")
        if init is not None:
            name = f"({', '.join(self.described(*init))}) {name}"
        generator = torch.Generator().manual_seed(zlib.crc32(f"{ns}.{fn} {name}".encode()))
        draw = lambda value: value(generator) if isinstance(value, Draw) else value
        args = tree_map(draw, args)
        kwargs = {key: tree_map(draw, value) for key, value in kwargs.items()}
        head = {"fn": fn if ns == "nn" else camel(fn), "ns": ns, "name": name}
        head |= {"args": encode(args), "options": encode(camel_keys(kwargs))}
        if init is not None:
            head["init"] = {"args": encode(init[0]), "options": encode(camel_keys(init[1]))}
        return head, args, kwargs, generator

    def described(self, args, kwargs):
        return [*map(describe, args), *(f"{camel(key)}={describe(value)}" for key, value in kwargs.items())]


def thrown(call):
    """What a call throws: PyTorch's message (first line) and Python's class of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call()
    except Exception as error:
        message = error.args[0] if isinstance(error, KeyError) else error
        return {"throws": first_line(message), "raises": type(error).__name__}
    raise ValueError("PyTorch does not refuse this")


def warning(call):
    """The first warning of a call that PyTorch allows, if there is one."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        call()
    return {"warns": bool(warned)} | ({"warning": first_line(warned[0].message)} if warned else {})
