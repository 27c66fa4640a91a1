"""PyTorch's own sample inputs (op_db of torch.testing._internal) for every function that Flambeau has, as fixtures.

op_db imports scipy and expecttest. Of each function and dtype some samples are taken, evenly spread; every second one is
called as a method.
"""

import warnings

import torch
from calls import Untranslatable, plain, translate
from golden import camel, camel_keys, differentiate, encode, exactly, first_line, leaf, tensors, tree_map, widen, write
from op_db_scope import FLOAT_ONLY, IN_PLACE, KEEP_SHAPE, SEEDED, out_of_scope

warnings.simplefilter("ignore")
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402
from torch.testing._internal.opinfo.core import BinaryUfuncInfo, ReductionOpInfo, UnaryUfuncInfo  # noqa: E402

SAMPLES = {torch.float32: 8, torch.int64: 2, torch.bool: 2}
ERRORS = 6
ELEMENTS = 600
OWNERS = {"": torch, "linalg": torch.linalg, "special": torch.special}


# Called by op_db with its tensors first.
REORDERED = {
    "einsum": lambda operands, equation: (equation, *operands),
    "polygamma": lambda x, n: (n, x),
    "special.polygamma": lambda x, n: (n, x),
    "where": lambda x, condition, other: (condition, x, other),
}


def isfunction(value):
    return callable(value) and not isinstance(value, torch.dtype)


def family_of(op):
    if op.name.startswith("linalg."):
        return "op_db_linalg"
    if isinstance(op, (UnaryUfuncInfo, BinaryUfuncInfo)):
        return "op_db_pointwise"
    return "op_db_reductions" if isinstance(op, ReductionOpInfo) else "op_db_others"


def spread(items, count):
    """At most `count` of the items, evenly."""
    return items if len(items) <= count else [items[i * len(items) // count] for i in range(count)]


class Call:
    """A sample as a call of a function, or of a method of its first argument."""

    def __init__(self, op, sample, position, dtype, in_place=False):
        self.seeded = op.name in SEEDED
        *path, last = IN_PLACE.get(f"{op.name}:{op.variant_test_name}", IN_PLACE.get(op.name, op.name)).split(".")
        last += "_" * in_place
        self.ns = ".".join(path)
        function, method = getattr(OWNERS[self.ns], last, None), self.ns == "" and getattr(torch.Tensor, last, None)
        args = [*([] if sample.input is None else [sample.input]), *sample.args]
        args = REORDERED.get(op.name, lambda *args: args)(*args)
        odd = method and position % 2 and isinstance(args[0], torch.Tensor) and op.name not in REORDERED
        if odd or not isfunction(function) or last.endswith("_"):
            self.ns = "Tensor"
        self.property = not callable(method or function)
        self.last = last
        args, kwargs = translate(op.name, list(args), sample.kwargs)
        self.args, self.kwargs = plain(args), plain(kwargs)
        floats = [value for value in [*self.args, *self.kwargs.values()] if isinstance(value, float) and value.is_integer()]
        if floats and dtype != torch.float32:
            raise Untranslatable("a whole float beside integers")
        given = tensors([self.args, *self.kwargs.values()])
        if sum(tensor.numel() for tensor in given) > ELEMENTS or any(tensor.ndim > 64 for tensor in given):
            raise Untranslatable("too large")

    def __call__(self, *args, **kwargs):
        if self.seeded:
            torch.manual_seed(0)
        if self.ns != "Tensor":
            return getattr(OWNERS[self.ns], self.last)(*args, **kwargs)
        if self.last.endswith("_"):
            args = (args[0].clone(), *args[1:])
        member = getattr(args[0], self.last)
        return member if self.property else member(*args[1:], **kwargs)

    def head(self, name):
        head = {"fn": camel(self.last), "ns": self.ns, "name": name}
        head |= {"args": encode(self.args), "options": encode(camel_keys(self.kwargs))}
        return head | ({"seed": 0} if self.seeded else {})


def label(op, text):
    return f"{op.variant_test_name} {text}".strip()


def record(op, sample, position, dtype, in_place=False):
    call = Call(op, sample, position, dtype, in_place)
    generator = torch.Generator().manual_seed(position)
    wanted = dtype == torch.float32 and op.supports_autograd and not ("reduce" in call.kwargs and op.name == "scatter")
    second = wanted and op.supports_gradgrad

    def run(convert, draw):
        fresh = lambda value, wanted: tree_map(lambda tensor: leaf(convert(tensor), wanted), value)
        leaves, named = fresh(call.args, wanted), {key: fresh(value, False) for key, value in call.kwargs.items()}
        return differentiate(call, leaves, named, draw, second)

    result = run(lambda tensor: tensor, lambda tensor: torch.randn(tensor.shape, generator=generator))
    out = plain(result["out"])
    case = call.head(label(op, f"{str(dtype).removeprefix('torch.')} {position}"))
    case |= {"out": encode(out), "cotangents": encode(result["cotangents"]), "grads": encode(result["grads"])}
    if wanted:
        case["leaves"] = "all"
    if second and tensors([result["secondGrads"]]):
        case |= {key: encode(result[key]) for key in ("gradCotangents", "secondGrads")}
    if dtype == torch.float32 and not call.seeded:
        drawn = iter([*tensors(result["cotangents"]), *tensors(result.get("gradCotangents"))])
        case |= exactly(result, run(widen, lambda tensor: next(drawn).double()))
    return case


def in_place_cases(op):
    """Two samples for the method that changes its tensor, of those that PyTorch allows."""
    if op.inplace_variant is None or op.name.endswith("_") or op.name in {*IN_PLACE, *KEEP_SHAPE} or not hasattr(torch.Tensor, op.name + "_"):
        return
    torch.manual_seed(1)
    found = 0
    for position, sample in enumerate(op.sample_inputs("cpu", torch.float32, requires_grad=False)):
        try:
            case = record(op, sample, position, torch.float32, in_place=True)
        except (Untranslatable, RuntimeError, AttributeError):
            continue
        if case["out"]["shape"] != case["args"][0]["shape"]:
            continue
        yield case
        found += 1
        if found == 2:
            return


def refusals(op):
    """What PyTorch refuses, in its words."""
    for position, item in enumerate(spread(list(op.error_inputs("cpu")) if op.error_inputs_func else [], ERRORS)):
        try:
            call = Call(op, item.sample_input, 0, torch.float32)
        except Untranslatable:
            continue
        try:
            call(*call.args, **call.kwargs)
        except Exception as error:
            yield call.head(label(op, f"refusal {position}")) | {"throws": first_line(error), "raises": type(error).__name__}


def cases_of(op):
    for dtype, count in SAMPLES.items():
        if dtype not in op.supported_dtypes("cpu") or (op.name in FLOAT_ONLY and dtype != torch.float32):
            continue
        torch.manual_seed(0)
        for position, sample in enumerate(spread(list(op.sample_inputs("cpu", dtype, requires_grad=False)), count)):
            try:
                yield record(op, sample, position, dtype)
            except Untranslatable as reason:
                LEFT_OUT.setdefault(op.name, []).append(str(reason))
    yield from in_place_cases(op)
    yield from refusals(op)


LEFT_OUT = {}


def make():
    families = {}
    for op in op_db:
        if not out_of_scope(op):
            families.setdefault(family_of(op), []).extend(cases_of(op))
    for family, cases in families.items():
        write(family, cases)
    for name, reasons in LEFT_OUT.items():
        print(f"left out of {name}: {len(reasons)} ({', '.join(sorted(set(reasons)))})")
